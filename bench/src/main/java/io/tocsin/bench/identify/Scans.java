package io.tocsin.bench.identify;

import io.tocsin.bench.Figures;
import io.tocsin.bench.Progress;
import java.util.ArrayList;
import java.util.List;

/**
 * Several fan-outs of the same kind.
 *
 * @param seconds what each took, those left out for warming up not among them
 */
record Scans(List<Double> seconds) {

  private static final int SHORT_WARM_UPS = 5;
  private static final int SHORT_ROUNDS = 9;
  private static final int LONG_ROUNDS = 5;

  /** One fan-out. */
  @FunctionalInterface
  interface Round {

    /**
     * Does it.
     *
     * @param number from 1
     * @return the seconds it took
     */
    double run(int number) throws Exception;
  }

  /** As many as the workload asks for: the same for everybody. */
  static Scans measure(Workload workload, Progress progress, String who, Round round)
      throws Exception {
    int warmUps = workload.rounds() == 0 && workload.isShort() ? SHORT_WARM_UPS : 0;
    int rounds = rounds(workload);
    List<Double> seconds = new ArrayList<>();
    for (int i = 1; i <= warmUps + rounds; i++) {
      double taken = round.run(i);
      if (i > warmUps) {
        seconds.add(taken);
      }
    }
    Scans scans = new Scans(List.copyOf(seconds));
    progress.say(
        "%s: fan-out %s s, %,d/s",
        who, Figures.rounded(seconds, 3), scans.rate(workload.affected()));
    return scans;
  }

  private static int rounds(Workload workload) {
    if (workload.rounds() > 0) {
      return workload.rounds();
    }
    return workload.isShort() ? SHORT_ROUNDS : LONG_ROUNDS;
  }

  /** The middle one. */
  double median() {
    return Figures.median(seconds);
  }

  /** Records a second, by the middle one. */
  long rate(long records) {
    return Figures.rate(records, median());
  }
}
