package io.tocsin.bench.tell;

import io.tocsin.bench.Figures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Several who do the same by turns, so that what else the machine does is shared among them. */
final class Rounds {

  /** One of them. */
  @FunctionalInterface
  interface Runner {

    /**
     * Sends the messages of one round.
     *
     * @param round its number, never used twice
     * @return how long it took, in seconds
     */
    double round(int round, int messages) throws Exception;
  }

  private final int messages;
  private final Map<String, List<Double>> seconds = new LinkedHashMap<>();

  private Rounds(int messages) {
    this.messages = messages;
  }

  /**
   * Runs everybody once to warm up, then so many rounds by turns.
   *
   * @param warmUp how many messages warm each up
   */
  static Rounds run(int messages, int count, int warmUp, Map<String, Runner> runners)
      throws Exception {
    Rounds rounds = new Rounds(messages);
    for (Runner runner : runners.values()) {
      double _ = runner.round(0, warmUp);
    }
    for (int round = 1; round <= count; round++) {
      for (Map.Entry<String, Runner> runner : runners.entrySet()) {
        rounds
            .seconds
            .computeIfAbsent(runner.getKey(), name -> new ArrayList<>())
            .add(runner.getValue().round(round, messages));
      }
    }
    return rounds;
  }

  /** Messages a second by name, in the middle one of the rounds. */
  Map<String, Object> rates() {
    Map<String, Object> rates = new LinkedHashMap<>();
    seconds.forEach((name, each) -> rates.put(name, Figures.rate(messages, Figures.median(each))));
    return rates;
  }

  /** The seconds of every round by name. */
  Map<String, Object> seconds() {
    Map<String, Object> all = new LinkedHashMap<>();
    seconds.forEach((name, each) -> all.put(name, Figures.rounded(each, 2)));
    return all;
  }

  /** How fast one is, measured by another. */
  double ratio(String name, String peer) {
    return Figures.rounded(
        Figures.median(seconds.getOrDefault(peer, List.of()))
            / Figures.median(seconds.getOrDefault(name, List.of())),
        2);
  }

  /** Whether one took part. */
  boolean has(String name) {
    return seconds.containsKey(name);
  }
}
