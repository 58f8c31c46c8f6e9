package io.tocsin.streams.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.avro.Channel;
import io.tocsin.avro.CommandKind;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.avro.DeliveryState;
import io.tocsin.avro.User;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NoticeMachineTest {

  private static final long HOUR = Duration.ofHours(1).toMillis();

  @Test
  void shouldIssueTheFirstAttemptWithItsLimits() {
    // When
    MachineBench bench = MachineBench.sending(Channel.EMAIL);

    // Then
    Effect.Command command = bench.lastCommand();
    assertThat(command.kind()).isEqualTo(CommandKind.SEND);
    assertThat(command.attempt()).isEqualTo(1);
    assertThat(command.issue()).isZero();
    assertThat(command.notAfter()).isEqualTo(bench.now + 30_000);
    assertThat(command.edition().categories()).containsExactly("email");
    assertThat(bench.words()).containsExactly("planned", "issued");
  }

  @Test
  void shouldIssueTheSameAttemptAgainWhenItWasNotTried() {
    // Given
    MachineBench bench = MachineBench.sending(Channel.EMAIL);

    // When
    bench.report(DeliveryEventKind.EXPIRED);
    long pause = bench.notice.nextDue() - bench.now;
    bench.timeUp().release(1, bench.user());

    // Then
    assertThat(pause).isEqualTo(1_000);
    assertThat(bench.lastCommand().attempt()).isEqualTo(1);
    assertThat(bench.lastCommand().issue()).isEqualTo(1);
  }

  @Test
  void shouldPauseLongerWithEveryChannelFaultInARow() {
    // Given
    MachineBench bench = MachineBench.sending(Channel.EMAIL);
    long[] pauses = new long[8];

    // When
    for (int i = 0; i < pauses.length; i++) {
      bench.report(DeliveryEventKind.CHANNEL_FAULT);
      pauses[i] = bench.notice.nextDue() - bench.now;
      bench.timeUp().release(1, bench.user());
    }

    // Then
    assertThat(pauses).containsExactly(1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000);
    assertThat(bench.lastCommand().attempt()).isEqualTo(1);
  }

  @Test
  void shouldRetryWithGrowingPausesUntilTheDeadline() {
    // Given
    MachineBench bench = MachineBench.sending(Channel.EMAIL);
    long start = bench.now;

    // When
    while (bench.state() == DeliveryState.SENDING) {
      bench.report(DeliveryEventKind.REJECTED_TRANSIENT);
      if (bench.state() == DeliveryState.RETRYING) {
        bench.timeUp().release(1, bench.user());
      }
    }

    // Then
    assertThat(bench.state()).isEqualTo(DeliveryState.UNREACHABLE);
    assertThat(bench.delivery().said().reason()).isEqualTo("deadline");
    assertThat(bench.last().substitute()).isEqualTo(EditionState.UNREACHABLE);
    assertThat(bench.now - start).isBetween(67 * HOUR, 72 * HOUR);
    assertThat(bench.sends()).isBetween(20L, 32L);
  }

  @Test
  void shouldRespectWhenTheProviderAsksToWait() {
    // Given
    MachineBench bench = MachineBench.sending(Channel.EMAIL);
    long later = bench.now + HOUR;

    // When
    bench.apply(
        new NoticeEvent.Reported(
            Samples.event(DeliveryEventKind.REJECTED_TRANSIENT, bench.deliveryId(), 1, 0, bench.now)
                .setRetryAfter(Instant.ofEpochMilli(later))
                .build()));

    // Then
    assertThat(bench.notice.nextDue()).isEqualTo(later);
  }

  @ParameterizedTest
  @EnumSource(names = {"NOT_STARTED", "CHANNEL_FAULT"})
  void shouldReissueNoEarlierThanTheNotifierAsks(DeliveryEventKind kind) {
    // Given
    MachineBench bench = MachineBench.sending(Channel.EMAIL);
    long later = bench.now + 10_000;

    // When
    bench.apply(notTried(bench, kind, later));

    // Then
    assertThat(bench.notice.nextDue()).isEqualTo(later);
  }

  @Test
  void shouldReissueAtTheLongestPauseWhateverTheNotifierAsks() {
    // Given
    MachineBench bench = MachineBench.sending(Channel.EMAIL);

    // When
    bench.apply(notTried(bench, DeliveryEventKind.CHANNEL_FAULT, bench.now + HOUR));

    // Then
    assertThat(bench.notice.nextDue()).isEqualTo(bench.now + 60_000);
  }

  private static NoticeEvent notTried(MachineBench bench, DeliveryEventKind kind, long retryAfter) {
    return new NoticeEvent.Reported(
        Samples.event(kind, bench.deliveryId(), 1, 0, bench.now)
            .setRetryAfter(Instant.ofEpochMilli(retryAfter))
            .build());
  }

  @Test
  void shouldResendAnUnknownEmailOnlyAfterTheWaitAndListIt() {
    // Given
    MachineBench bench = MachineBench.sending(Channel.EMAIL);
    long notAfter = bench.lastCommand().notAfter();

    // When
    bench.report(DeliveryEventKind.UNKNOWN);
    bench.timeUp();
    boolean early = bench.now < notAfter + 32_000;
    bench.release(1, bench.user());

    // Then
    assertThat(early).isFalse();
    assertThat(bench.lastCommand().attempt()).isEqualTo(2);
    assertThat(bench.delivery().doubts().marked()).containsExactly(2);
  }

  @Test
  void shouldTakeBackAPossibleDuplicateWhenTheEarlierAttemptWasNeverMade() {
    // Given: attempt 1 is silent, attempt 2 is under way.
    MachineBench bench = MachineBench.sending(Channel.EMAIL);
    bench.timeUp().timeUp().release(1, bench.user());
    assertThat(bench.delivery().doubts().marked()).containsExactly(2);

    // When
    bench.report(DeliveryEventKind.EXPIRED, 1, 0);

    // Then
    assertThat(bench.delivery().doubts().marked()).isEmpty();
    assertThat(bench.state()).isEqualTo(DeliveryState.SENDING);
    assertThat(bench.words()).endsWith("no-duplicate");
  }

  @Test
  void shouldKeepAPossibleDuplicateWhenTheEarlierAttemptGotThrough() {
    // Given
    MachineBench bench = MachineBench.sending(Channel.EMAIL);
    bench.timeUp().timeUp().release(1, bench.user());

    // When
    bench.report(DeliveryEventKind.ACCEPTED, 1, 0).report(DeliveryEventKind.ACCEPTED, 2, 0);

    // Then
    assertThat(bench.state()).isEqualTo(DeliveryState.ACCEPTED);
    assertThat(bench.delivery().doubts().marked()).containsExactly(2);
  }

  @Test
  void shouldTakeBackAPossibleDuplicateThatWasOvertakenAndNeverMade() {
    // Given
    MachineBench bench = MachineBench.sending(Channel.EMAIL);
    bench.timeUp().timeUp().release(1, bench.user()).report(DeliveryEventKind.ACCEPTED, 1, 0);

    // When
    bench.report(DeliveryEventKind.NOT_STARTED, 2, 0);

    // Then
    assertThat(bench.state()).isEqualTo(DeliveryState.ACCEPTED);
    assertThat(bench.delivery().doubts().marked()).isEmpty();
  }

  @Test
  void shouldCallASilentCommandUnknownOnlyAfterTheSilence() {
    // Given
    MachineBench bench = MachineBench.sending(Channel.EMAIL);

    // When
    long due = bench.notice.nextDue() - bench.now;
    bench.timeUp();

    // Then
    assertThat(due).isEqualTo(600_000);
    assertThat(bench.state()).isEqualTo(DeliveryState.UNKNOWN);
    assertThat(bench.delivery().said().reason()).isEqualTo("silent");
  }

  @Test
  void shouldAskAboutAnUnknownSmsAndSendAgainWhenItIsNotFound() {
    // Given
    MachineBench bench = MachineBench.sending(Channel.SMS);
    long issuedAt = bench.now;
    bench.report(DeliveryEventKind.UNKNOWN).timeUp();

    // When
    Effect.Command question = bench.lastCommand();
    bench.report(DeliveryEventKind.NOT_FOUND).release(1, bench.user());

    // Then
    assertThat(question.kind()).isEqualTo(CommandKind.RECONCILE);
    assertThat(question.attempt()).isEqualTo(1);
    assertThat(question.attemptedAt()).isEqualTo(issuedAt);
    assertThat(bench.lastCommand().kind()).isEqualTo(CommandKind.SEND);
    assertThat(bench.lastCommand().attempt()).isEqualTo(2);
    assertThat(bench.delivery().doubts().marked()).containsExactly(2);
  }

  @Test
  void shouldNotTrustAnEarlyNotFound() {
    // Given
    MachineBench bench = MachineBench.sending(Channel.SMS);
    bench.report(DeliveryEventKind.UNKNOWN).timeUp();
    long early = bench.delivery().attempt().notAfter() + 29_999;

    // When
    bench.apply(
        new NoticeEvent.Reported(
            Samples.event(DeliveryEventKind.NOT_FOUND, bench.deliveryId(), 1, 1, early).build()));

    // Then
    assertThat(bench.state()).isEqualTo(DeliveryState.UNKNOWN);
  }

  @Test
  void shouldAskAgainUntilTheProviderHasBeenSilentForTooLong() {
    // Given
    MachineBench bench = MachineBench.sending(Channel.SMS);
    bench.report(DeliveryEventKind.UNKNOWN).timeUp();
    long since = bench.now;

    // When
    while (bench.state() == DeliveryState.RECONCILING) {
      bench.report(DeliveryEventKind.UNAVAILABLE);
      if (bench.state() == DeliveryState.UNKNOWN) {
        bench.timeUp();
      }
    }

    // Then
    assertThat(bench.state()).isEqualTo(DeliveryState.RETRYING);
    assertThat(bench.now - since).isBetween(600_000L, 660_000L);
    assertThat(bench.commands().size()).isBetween(10, 20);
  }

  @Test
  void shouldTellAQuestionThatWasNotAskedFromAnAttemptThatWasNotMade() {
    // Given
    MachineBench bench = MachineBench.sending(Channel.SMS);
    bench.report(DeliveryEventKind.UNKNOWN).timeUp();

    // When: the question itself expired.
    bench.report(DeliveryEventKind.EXPIRED, 1, 1);

    // Then
    assertThat(bench.state()).isEqualTo(DeliveryState.UNKNOWN);
  }

  @Test
  void shouldNotAcceptAnOutcomeThatItsBounceHasOvertaken() {
    // Given
    MachineBench bench = MachineBench.sending(Channel.EMAIL);

    // When
    bench.report(DeliveryEventKind.RECEIPT_BOUNCED).report(DeliveryEventKind.ACCEPTED, 1, 0);

    // Then
    assertThat(bench.state()).isEqualTo(DeliveryState.UNREACHABLE);
    assertThat(bench.words()).endsWith("bounced", "unreachable");
  }

  @Test
  void shouldSendAgainLaterWhatCameBackForNow() {
    // Given
    MachineBench bench = MachineBench.sending(Channel.SMS);
    bench.report(DeliveryEventKind.ACCEPTED);
    long returned = bench.now;

    // When
    bench.report(DeliveryEventKind.RECEIPT_UNDELIVERED, true);

    // Then: it waits, and the next attempt is no possible duplicate
    assertThat(bench.state()).isEqualTo(DeliveryState.RETRYING);
    assertThat(bench.words()).endsWith("undelivered", "retrying");
    assertThat(bench.notice.nextDue())
        .isEqualTo(returned + bench.policy.returnedPause().toMillis());
    bench.timeUp().release(1, bench.user());
    assertThat(bench.sends()).isEqualTo(2);
    assertThat(bench.delivery().doubts().marked()).isEmpty();
  }

  @Test
  void shouldGiveUpAChannelThatKeepsComingBack() {
    // Given
    MachineBench bench = MachineBench.sending(Channel.EMAIL);

    // When
    for (int i = 0; i <= bench.policy.returnedMax(); i++) {
      assertThat(bench.state()).isEqualTo(DeliveryState.SENDING);
      bench.report(DeliveryEventKind.RECEIPT_BOUNCED, true).timeUp().release(1, bench.user());
    }

    // Then
    assertThat(bench.state()).isEqualTo(DeliveryState.UNREACHABLE);
    assertThat(bench.sends()).isEqualTo(bench.policy.returnedMax() + 1);
  }

  @Test
  void shouldWaitOnWhenAnAttemptToBeRepeatedAnywayCameBackForNow() {
    // Given
    MachineBench bench = MachineBench.sending(Channel.EMAIL);
    bench.timeUp().timeUp();
    assertThat(bench.state()).isEqualTo(DeliveryState.RETRYING);

    // When
    bench.report(DeliveryEventKind.RECEIPT_BOUNCED, true).release(1, bench.user());

    // Then
    assertThat(bench.state()).isEqualTo(DeliveryState.SENDING);
    assertThat(bench.delivery().doubts().marked()).isEmpty();
  }

  @Test
  void shouldNotLetAnEarlierAttemptsBounceUndoALaterAcceptance() {
    // Given
    MachineBench bench = MachineBench.sending(Channel.EMAIL);
    bench.timeUp().timeUp().release(1, bench.user()).report(DeliveryEventKind.ACCEPTED, 2, 0);

    // When
    bench.report(DeliveryEventKind.RECEIPT_BOUNCED, 1, -1);

    // Then
    assertThat(bench.state()).isEqualTo(DeliveryState.ACCEPTED);
    assertThat(bench.delivery().doubts().marked()).isEmpty();
  }

  @Test
  void shouldReopenForANewContactOnly() {
    // Given
    MachineBench bench = MachineBench.sending(Channel.EMAIL);
    bench.report(DeliveryEventKind.REJECTED_PERMANENT);

    // When
    boolean sameIgnored = bench.ignores(new NoticeEvent.PersonChanged(Person.of(bench.user())));
    User changed = Samples.user("en", Samples.contact(Channel.EMAIL, "b"));
    bench.apply(new NoticeEvent.PersonChanged(Person.of(changed)));
    String listed = bench.last().substitute();
    bench.release(1, changed);

    // Then
    assertThat(sameIgnored).isTrue();
    assertThat(listed).isNull();
    assertThat(bench.lastCommand().attempt()).isEqualTo(2);
    assertThat(bench.lastCommand().contact()).isEqualTo(changed.getContacts().getFirst());
    assertThat(bench.delivery().doubts().marked()).isEmpty();
  }

  @Test
  void shouldKeepNoContactOnceNothingDependsOnIt() {
    // Given
    MachineBench bench = MachineBench.sending(Channel.EMAIL);

    // When
    bench.report(DeliveryEventKind.ACCEPTED);

    // Then
    assertThat(bench.delivery().attempt().contact()).isNull();
    assertThat(bench.delivery().attempt().fingerprint()).isNotNull();
  }

  @Test
  void shouldListErasedPeopleAndNotSendAgain() {
    // Given
    MachineBench bench = MachineBench.sending(Channel.EMAIL);
    bench.report(DeliveryEventKind.REJECTED_TRANSIENT);

    // When
    bench.apply(new NoticeEvent.PersonChanged(Person.of(Samples.erased())));

    // Then
    assertThat(bench.state()).isEqualTo(DeliveryState.UNREACHABLE);
    assertThat(bench.last().substitute()).isEqualTo(Person.ERASED);
  }

  @Test
  void shouldStartANewEditionForCategoriesTheLastOneDidNotName() {
    // Given
    MachineBench bench = MachineBench.sending(Channel.EMAIL);
    bench.report(DeliveryEventKind.ACCEPTED);

    // When
    bench.list(2, Samples.DATASET, "email", "ip-address").release(2, bench.user());

    // Then
    assertThat(bench.notice.editions()).hasSize(2);
    assertThat(bench.last().categories()).containsExactlyInAnyOrder("email", "ip-address");
    assertThat(bench.lastCommand().edition().number()).isEqualTo(2);
  }

  @Test
  void shouldSayNothingNewWhenAllOfItWasTold() {
    // Given
    MachineBench bench = new MachineBench(Channel.EMAIL).list(1, "a", "email", "ip-address");
    bench.release(1, bench.user()).report(DeliveryEventKind.ACCEPTED);

    // When
    bench.list(2, "b", "email").release(2, bench.user());

    // Then
    assertThat(bench.notice.editions()).hasSize(1);
    assertThat(bench.sends()).isEqualTo(1);
  }

  @Test
  void shouldStopWhatALaterEditionSaysToo() {
    // Given: edition 1 may have gone out.
    MachineBench bench = MachineBench.sending(Channel.EMAIL);
    bench.report(DeliveryEventKind.UNKNOWN);
    bench.list(2, Samples.DATASET, "email", "ip-address").release(2, bench.user());

    // When
    bench.timeUp();

    // Then: it is not sent again.
    EditionState first = bench.notice.editions().getFirst();
    assertThat(first.deliveries().getFirst().state()).isEqualTo(DeliveryState.CANCELLED);
    assertThat(first.deliveries().getFirst().said().reason()).isEqualTo("superseded");
  }

  @Test
  void shouldBringAnEditionNobodyWasToldUpToDate() {
    // Given
    MachineBench bench = MachineBench.sending(Channel.EMAIL);
    bench.report(DeliveryEventKind.EXPIRED).timeUp();

    // When
    bench.list(2, Samples.DATASET, "ip-address").release(2, bench.user());

    // Then
    assertThat(bench.notice.editions()).hasSize(1);
    assertThat(bench.lastCommand().edition().categories()).containsExactly("ip-address");
    assertThat(bench.lastCommand().edition().version()).isEqualTo(2);
  }

  @Test
  void shouldPlanAgainWhoeverALaterVersionTouchesAgain() {
    // Given
    MachineBench bench = MachineBench.sending(Channel.EMAIL);
    bench.report(DeliveryEventKind.EXPIRED).apply(new NoticeEvent.Settled(2));
    DeliveryState dropped = bench.state();

    // When
    bench.list(3, Samples.DATASET, "email").release(3, bench.user());

    // Then
    assertThat(dropped).isEqualTo(DeliveryState.CANCELLED);
    assertThat(bench.state()).isEqualTo(DeliveryState.SENDING);
    assertThat(bench.notice.editions()).hasSize(1);
  }

  @Test
  void shouldNotRewriteWhatIsUnderWayWhenClosed() {
    // Given
    MachineBench bench = MachineBench.sending(Channel.EMAIL);

    // When
    bench.apply(new NoticeEvent.Closed(1, Closure.CANCELLED, Person.of(bench.user())));
    DeliveryState during = bench.state();
    bench.report(DeliveryEventKind.REJECTED_TRANSIENT);

    // Then
    assertThat(during).isEqualTo(DeliveryState.SENDING);
    assertThat(bench.state()).isEqualTo(DeliveryState.CANCELLED);
  }
}
