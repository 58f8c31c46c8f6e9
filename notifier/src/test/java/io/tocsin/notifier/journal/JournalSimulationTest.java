package io.tocsin.notifier.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.notifier.journal.Recovery.Committed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random schedules of one partition, with a crash possible between any two steps. */
class JournalSimulationTest {

  private static final int SCHEDULES = 500;
  private static final int STEPS = 400;

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 32})
  void shouldNeverStartAnAttemptTwiceNorLoseAnOffset(int slots) {
    for (int seed = 0; seed < SCHEDULES; seed++) {
      new Schedule(seed, slots).run();
    }
  }

  private static final class Schedule {

    private final int seed;
    private final int slots;
    private final Random random;

    // What survives a crash.
    private final TreeSet<Long> log = new TreeSet<>();
    private final Set<Long> started = new HashSet<>();
    private final Set<Long> answered = new HashSet<>();
    private final Set<Long> unknown = new HashSet<>();
    private @Nullable Committed committed;
    private long end;
    private int inDoubt;

    // What does not.
    private PartitionJournal journal = PartitionJournal.startingAt(0);
    private long position;
    private int finishedSinceCommit;
    private final List<Long> unstarted = new ArrayList<>();
    private final List<Long> running = new ArrayList<>();

    Schedule(int seed, int slots) {
      this.seed = seed;
      this.slots = slots;
      this.random = new Random(seed);
    }

    void run() {
      recover();
      for (int step = 0; step < STEPS; step++) {
        switch (random.nextInt(12)) {
          case 0, 1 -> produce();
          case 2, 3, 4 -> pick();
          case 5, 6 -> commitAndStart();
          case 7, 8, 9 -> answer();
          case 10 -> commit();
          default -> {
            if (random.nextInt(4) == 0) {
              crash();
            } else if (random.nextInt(4) == 0) {
              handOver();
            }
          }
        }
      }
      finishEverything();
      assertThat(answered).as("seed %d: lost", seed).isEqualTo(log);
      assertThat(unknown.size())
          .as("seed %d: more UNKNOWN than intents without a committed answer at a crash", seed)
          .isLessThanOrEqualTo(inDoubt);
    }

    private void produce() {
      for (int i = random.nextInt(2 * slots + 2); i > 0; i--) {
        if (random.nextInt(5) > 0) {
          log.add(end);
        }
        end++;
      }
    }

    private void pick() {
      while (running.size() + unstarted.size() < slots && random.nextInt(8) > 0) {
        Long offset = log.ceiling(position);
        if (offset == null || !journal.hasRoomFor(offset)) {
          return;
        }
        position = offset + 1;
        switch (journal.arrive(offset)) {
          case FINISHED -> assertThat(answered).as("seed %d: skipped", seed).contains(offset);
          case DOUBTFUL -> {
            unknown.add(offset);
            running.add(offset);
          }
          case FRESH -> {
            journal.intend(offset);
            unstarted.add(offset);
          }
        }
      }
    }

    private void commitAndStart() {
      commit();
      while (!unstarted.isEmpty()) {
        if (random.nextInt(20) == 0) {
          crash();
          return;
        }
        long offset = unstarted.removeFirst();
        assertThat(started.add(offset)).as("seed %d: %d started twice", seed, offset).isTrue();
        running.add(offset);
      }
    }

    private void answer() {
      if (!running.isEmpty()) {
        long offset = running.remove(random.nextInt(running.size()));
        answered.add(offset);
        finishedSinceCommit++;
        if (random.nextInt(10) == 0) {
          crash();
          return;
        }
        journal.finish(offset);
      }
    }

    private void commit() {
      String metadata = journal.metadata();
      assertThat(metadata).hasSizeLessThanOrEqualTo(4096);
      committed = new Committed(journal.base(), metadata);
      finishedSinceCommit = 0;
    }

    private void crash() {
      inDoubt += running.size() + unstarted.size() + finishedSinceCommit;
      recover();
    }

    private void handOver() {
      int before = unknown.size();
      while (!running.isEmpty()) {
        long offset = running.removeLast();
        answered.add(offset);
        journal.finish(offset);
      }
      if (!unstarted.isEmpty()) {
        journal.withdrawFrom(unstarted.getFirst());
      }
      commit();
      recover();
      assertThat(unknown).as("seed %d: a hand-over makes no UNKNOWN", seed).hasSize(before);
    }

    private void recover() {
      Recovery recovery = Recovery.of(committed, 0, end);
      journal = recovery.journal();
      position = recovery.position();
      finishedSinceCommit = 0;
      unstarted.clear();
      running.clear();
    }

    private void finishEverything() {
      for (int round = 0; round < 2 * STEPS * (slots + 1) && !answered.equals(log); round++) {
        pick();
        commit();
        while (!unstarted.isEmpty()) {
          long offset = unstarted.removeFirst();
          assertThat(started.add(offset)).as("seed %d: %d started twice", seed, offset).isTrue();
          running.add(offset);
        }
        while (!running.isEmpty()) {
          long offset = running.removeLast();
          answered.add(offset);
          journal.finish(offset);
        }
      }
    }
  }
}
