package io.tocsin.cli.demo;

import io.tocsin.avro.Channel;
import io.tocsin.cli.sample.ExpectedPerson;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Compares what arrived with what a plain scan expects, message by message: by channel, address and
 * reference, since people may share an address and one person may be told of several incidents.
 */
final class DeliveryAudit {

  private final Map<Message, Integer> due = new HashMap<>();
  private final Instant since;
  private final long[] arrived = new long[Channel.values().length];
  private long duplicates;
  private long unexpected;

  /**
   * Starts with what must arrive.
   *
   * @param expected everybody affected
   * @param since arrivals of before that match nothing expected belong to earlier incidents and are
   *     left out
   * @param counted the channels whose arrivals can be seen
   */
  DeliveryAudit(Stream<ExpectedPerson> expected, Instant since, Set<Channel> counted) {
    this.since = since;
    expected.forEach(person -> {
      if (counted.contains(Channel.EMAIL) && person.email() != null && person.emailDue()) {
        due.put(new Message(Channel.EMAIL, person.email(), person.reference()), 0);
      }
      if (counted.contains(Channel.SMS) && person.phone() != null && person.smsDue()) {
        due.put(new Message(Channel.SMS, person.phone(), person.reference()), 0);
      }
    });
  }

  /** Counts arrivals. */
  void count(List<Arrival> arrivals) {
    for (Arrival arrival : arrivals) {
      Optional<Message> message = match(arrival);
      if (message.isPresent()) {
        arrived[arrival.channel().ordinal()]++;
        if (due.merge(message.get(), 1, Integer::sum) > 1) {
          duplicates++;
        }
      } else if (!arrival.at().isBefore(since)) {
        unexpected++;
      }
    }
  }

  /** What was found. */
  Result result() {
    long lost = due.values().stream().filter(times -> times == 0).count();
    return new Result(
        lost,
        duplicates,
        unexpected,
        arrived[Channel.EMAIL.ordinal()],
        arrived[Channel.SMS.ordinal()]);
  }

  private Optional<Message> match(Arrival arrival) {
    return arrival.references().stream()
        .map(reference -> new Message(arrival.channel(), arrival.address(), reference))
        .filter(due::containsKey)
        .findFirst();
  }

  /**
   * What was found.
   *
   * @param lost messages that must have arrived and did not
   * @param duplicates arrivals beyond the first of a message
   * @param unexpected arrivals at someone not affected, at a wrong address, or without a known
   *     reference
   * @param emails expected e-mails found, repeats included
   * @param messages expected SMS found, repeats included
   */
  record Result(long lost, long duplicates, long unexpected, long emails, long messages) {

    /** Whether everybody was told exactly once, and nobody else. */
    boolean clean() {
      return lost == 0 && duplicates == 0 && unexpected == 0;
    }
  }

  private record Message(Channel channel, String address, String reference) {}
}
