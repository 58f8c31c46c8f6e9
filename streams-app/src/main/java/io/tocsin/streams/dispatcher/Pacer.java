package io.tocsin.streams.dispatcher;

import io.tocsin.avro.Channel;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * How many commands may be outstanding per channel: about one second of the rate at which outcomes
 * come back, so that a hold bites at once, nobody waits behind millions, and one channel's outage
 * leaves the other alone. The measured rate is not kept: after a restart it is measured again.
 */
final class Pacer {

  private static final double SECOND = 1_000;

  /** The rate is averaged over about this long, in ms. */
  private static final double MEMORY = 500;

  /**
   * How many seconds of the measured rate may be outstanding. Over one, because a window of exactly
   * what came back in a second could never grow where an answer takes that long.
   */
  private static final double SECONDS = 1.5;

  private final Pacing pacing;
  private final Map<Channel, Flow> flows = new EnumMap<>(Channel.class);
  private long measuredAt;

  /** What is known of one channel. */
  private static final class Flow {
    private long outstanding;
    private long outcomes;
    private double rate;
  }

  Pacer(Pacing pacing, long now) {
    this.pacing = pacing;
    this.measuredAt = now;
    for (Channel channel : Channel.values()) {
      flows.put(channel, new Flow());
    }
  }

  private Flow of(Channel channel) {
    return Objects.requireNonNull(flows.get(channel));
  }

  void outstanding(Channel channel, long more) {
    of(channel).outstanding += more;
  }

  void outcome(Channel channel) {
    of(channel).outcomes++;
  }

  /** How many more may be issued now. */
  long room(Channel channel) {
    return window(channel) - of(channel).outstanding;
  }

  long window(Channel channel) {
    return Math.clamp(
        Math.round(SECONDS * of(channel).rate), pacing.windowMin(), pacing.windowMax());
  }

  /** Whether so much has come back that issuing more is worth a look. */
  boolean worthRefilling(Channel channel) {
    return room(channel) * 8 >= window(channel);
  }

  /** Takes the measure. */
  void measure(long now) {
    long span = now - measuredAt;
    if (span <= 0) {
      return;
    }
    measuredAt = now;
    double weight = 1 - Math.exp(-span / MEMORY);
    for (Flow flow : flows.values()) {
      flow.rate += weight * (flow.outcomes * SECOND / span - flow.rate);
      flow.outcomes = 0;
    }
  }
}
