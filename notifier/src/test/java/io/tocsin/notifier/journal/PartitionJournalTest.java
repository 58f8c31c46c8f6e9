package io.tocsin.notifier.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tocsin.notifier.journal.Recovery.Basis;
import io.tocsin.notifier.journal.Recovery.Committed;
import org.junit.jupiter.api.Test;

class PartitionJournalTest {

  @Test
  void shouldCommitTheFirstUnfinishedOffset() {
    // Given
    PartitionJournal journal = PartitionJournal.startingAt(10);
    take(journal, 10, 11, 12);

    // When
    journal.finish(11);
    journal.finish(10);

    // Then
    assertThat(journal.base()).isEqualTo(12);
    assertThat(journal.upper()).isEqualTo(13);
  }

  @Test
  void shouldSkipOffsetsThatHoldNoRecord() {
    // Given
    PartitionJournal journal = PartitionJournal.startingAt(0);
    take(journal, 3, 7);

    // When
    journal.finish(3);

    // Then
    assertThat(journal.base()).isEqualTo(7);
  }

  @Test
  void shouldTellTheNextOwnerWhatIsFinishedDoubtfulAndFresh() {
    // Given
    PartitionJournal journal = PartitionJournal.startingAt(0);
    take(journal, 0, 1, 2, 3);
    journal.finish(1);

    // When
    PartitionJournal next = recover(journal, 10).journal();

    // Then
    assertThat(next.arrive(0)).isEqualTo(Fate.DOUBTFUL);
    assertThat(next.arrive(1)).isEqualTo(Fate.FINISHED);
    assertThat(next.arrive(2)).isEqualTo(Fate.DOUBTFUL);
    assertThat(next.arrive(3)).isEqualTo(Fate.DOUBTFUL);
    assertThat(next.arrive(4)).isEqualTo(Fate.FRESH);
  }

  @Test
  void shouldForgetIntentsThatWereTakenBack() {
    // Given
    PartitionJournal journal = PartitionJournal.startingAt(0);
    take(journal, 0, 1, 5, 6);
    journal.finish(0);

    // When
    journal.withdrawFrom(5);

    // Then
    assertThat(journal.base()).isEqualTo(1);
    assertThat(journal.upper()).isEqualTo(5);
    assertThat(recover(journal, 10).journal().arrive(5)).isEqualTo(Fate.FRESH);
    assertThat(journal.arrive(5)).isEqualTo(Fate.FRESH);
  }

  @Test
  void shouldNotTakeBackWhatMayHaveBeenActedOn() {
    // Given
    PartitionJournal journal = PartitionJournal.startingAt(0);
    take(journal, 0, 1, 2);
    journal.finish(1);

    // When, Then
    assertThatIllegalArgumentException().isThrownBy(() -> journal.withdrawFrom(0));
  }

  @Test
  void shouldBoundTheWindowByItsSlowestAttempt() {
    // Given
    PartitionJournal journal = PartitionJournal.startingAt(0);
    take(journal, 0);
    for (long offset = 1; offset < PartitionJournal.MAX_SPAN; offset++) {
      take(journal, offset);
      journal.finish(offset);
    }

    // When
    boolean room = journal.hasRoomFor(PartitionJournal.MAX_SPAN);
    journal.finish(0);

    // Then
    assertThat(room).isFalse();
    assertThat(journal.hasRoomFor(PartitionJournal.MAX_SPAN)).isTrue();
  }

  @Test
  void shouldFitTheMetadataAtAThousandSlotsScatteredOverTheWholeWindow() {
    // Given
    PartitionJournal journal = PartitionJournal.startingAt(1L << 40);
    for (long i = 0; i < PartitionJournal.MAX_SPAN; i++) {
      take(journal, (1L << 40) + i);
    }

    // When
    for (long i = 0; i < PartitionJournal.MAX_SPAN; i++) {
      if (i % 8 != 0) {
        journal.finish((1L << 40) + i);
      }
    }

    // Then
    assertThat(journal.metadata()).isASCII().hasSizeLessThanOrEqualTo(4096);
    assertThat(recover(journal, 1L << 41).basis()).isEqualTo(Basis.JOURNAL);
  }

  @Test
  void shouldStartAFreshGroupAtTheBeginning() {
    // When
    Recovery recovery = Recovery.of(null, 0, 100);

    // Then
    assertThat(recovery.basis()).isEqualTo(Basis.NEW);
    assertThat(recovery.journal().arrive(0)).isEqualTo(Fate.FRESH);
  }

  @Test
  void shouldDoubtEverythingPresentWhenOffsetsAreLost() {
    // When
    Recovery recovery = Recovery.of(null, 40, 100);

    // Then
    assertThat(recovery.basis()).isEqualTo(Basis.LOST);
    assertThat(recovery.position()).isEqualTo(40);
    assertThat(recovery.journal().arrive(40)).isEqualTo(Fate.DOUBTFUL);
    assertThat(recovery.journal().arrive(99)).isEqualTo(Fate.DOUBTFUL);
    assertThat(recovery.journal().arrive(100)).isEqualTo(Fate.FRESH);
  }

  @Test
  void shouldDoubtEverythingFromAnOffsetCommittedWithoutAJournal() {
    for (String metadata :
        new String[] {"", "2:AA", "1:", "1:!!", "1:AwUB", "1:AwAB", "1:____________"}) {
      // When
      Recovery recovery = Recovery.of(new Committed(50, metadata), 0, 60);

      // Then
      assertThat(recovery.basis()).as(metadata).isEqualTo(Basis.LOST);
      assertThat(recovery.journal().arrive(50)).isEqualTo(Fate.DOUBTFUL);
      assertThat(recovery.journal().arrive(60)).isEqualTo(Fate.FRESH);
    }
  }

  @Test
  void shouldDoubtEverythingWhenTheLogIsShorterThanTheJournal() {
    // Given
    PartitionJournal journal = PartitionJournal.startingAt(0);
    take(journal, 0, 1, 2);

    // When
    Recovery recovery = recover(journal, 2);

    // Then
    assertThat(recovery.basis()).isEqualTo(Basis.LOST);
    assertThat(Recovery.of(new Committed(500, "1:AA"), 3, 9).position()).isEqualTo(3);
  }

  @Test
  void shouldGoOnBehindRecordsThatWereDeletedMeanwhile() {
    // Given
    PartitionJournal journal = PartitionJournal.startingAt(0);
    take(journal, 0, 1, 2, 3);
    journal.finish(2);

    // When
    Recovery recovery = Recovery.of(new Committed(journal.base(), journal.metadata()), 2, 50);

    // Then
    assertThat(recovery.position()).isEqualTo(2);
    assertThat(recovery.journal().arrive(2)).isEqualTo(Fate.FINISHED);
    assertThat(recovery.journal().base()).isEqualTo(3);
    assertThat(recovery.journal().arrive(3)).isEqualTo(Fate.DOUBTFUL);
  }

  private static void take(PartitionJournal journal, long... offsets) {
    for (long offset : offsets) {
      journal.arrive(offset);
      journal.intend(offset);
    }
  }

  private static Recovery recover(PartitionJournal journal, long end) {
    return Recovery.of(new Committed(journal.base(), journal.metadata()), 0, end);
  }
}
