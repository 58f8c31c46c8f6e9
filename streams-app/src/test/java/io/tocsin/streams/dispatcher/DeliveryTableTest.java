package io.tocsin.streams.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.avro.Channel;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.avro.DeliveryState;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every state of a delivery against every event. */
class DeliveryTableTest {

  /**
   * Columns: the events in the order of their enum, as the outcome of the last attempt or question;
   * "-" changes nothing.
   */
  private static final String TABLE =
      """
      state        ACCEPTED  REJ_TRANS REJ_PERM    UNKNOWN EXPIRED  NOT_STARTED FAULT    FOUND    NOT_FOUND UNAVAILABLE DELIVERED BOUNCED     UNDELIVERED
      planned      -         -         -           -       -        -           -        -        -         -           -         -           -
      sending      ACCEPTED  RETRYING  UNREACHABLE UNKNOWN PLANNED  PLANNED     PLANNED  ACCEPTED -         -           DELIVERED UNREACHABLE UNREACHABLE
      reissue      ACCEPTED  -         -           -       -        -           -        ACCEPTED -         -           DELIVERED -           -
      retrying     ACCEPTED  -         -           -       -        -           -        ACCEPTED -         -           DELIVERED UNREACHABLE UNREACHABLE
      resending    ACCEPTED  RETRYING  UNREACHABLE UNKNOWN RETRYING RETRYING    RETRYING ACCEPTED -         -           DELIVERED UNREACHABLE UNREACHABLE
      unknown      ACCEPTED  RETRYING  UNREACHABLE -       PLANNED  PLANNED     PLANNED  ACCEPTED -         -           DELIVERED UNREACHABLE UNREACHABLE
      reconciling  ACCEPTED  RETRYING  UNREACHABLE -       PLANNED  PLANNED     PLANNED  ACCEPTED RETRYING  UNKNOWN     DELIVERED UNREACHABLE UNREACHABLE
      accepted     -         -         -           -       -        -           -        -        -         -           DELIVERED UNREACHABLE UNREACHABLE
      unconfirmed  -         -         -           -       -        -           -        -        -         -           DELIVERED UNREACHABLE UNREACHABLE
      delivered    -         -         -           -       -        -           -        -        -         -           -         -           -
      rejected     ACCEPTED  -         -           -       -        -           -        ACCEPTED -         -           DELIVERED -           -
      bounced      -         -         -           -       -        -           -        -        -         -           -         -           -
      cancelled    ACCEPTED  -         -           -       -        -           -        ACCEPTED -         -           DELIVERED -           -
      not-needed   -         -         -           -       -        -           -        -        -         -           -         -           -
      """;

  private static Map<String, Supplier<MachineBench>> states() {
    Map<String, Supplier<MachineBench>> states = new TreeMap<>();
    states.put("planned", DeliveryTableTest::planned);
    states.put("sending", DeliveryTableTest::sending);
    states.put("reissue", () -> sending().report(DeliveryEventKind.EXPIRED));
    states.put("retrying", () -> sending().report(DeliveryEventKind.REJECTED_TRANSIENT));
    states.put(
        "resending",
        () -> {
          MachineBench bench = sending().report(DeliveryEventKind.REJECTED_TRANSIENT).timeUp();
          return bench.release(1, bench.user());
        });
    states.put("unknown", () -> sending().report(DeliveryEventKind.UNKNOWN));
    states.put("reconciling", () -> sending().report(DeliveryEventKind.UNKNOWN).timeUp());
    states.put("accepted", () -> sending().report(DeliveryEventKind.ACCEPTED));
    states.put("unconfirmed", () -> sending().report(DeliveryEventKind.ACCEPTED).timeUp());
    states.put("delivered", () -> sending().report(DeliveryEventKind.RECEIPT_DELIVERED));
    states.put("rejected", () -> sending().report(DeliveryEventKind.REJECTED_PERMANENT));
    states.put("bounced", () -> sending().report(DeliveryEventKind.RECEIPT_UNDELIVERED));
    states.put(
        "cancelled",
        () ->
            sending()
                .report(DeliveryEventKind.REJECTED_TRANSIENT)
                .apply(new NoticeEvent.Settled(2)));
    states.put(
        "not-needed",
        () -> {
          MachineBench bench = new MachineBench(Channel.SMS).list(1, Samples.DATASET, "email");
          return bench.apply(
              new NoticeEvent.Closed(
                  1,
                  new Closure(DeliveryState.NOT_NEEDED, "public-before"),
                  Person.of(bench.user())));
        });
    return states;
  }

  private static MachineBench in(String state) {
    return Objects.requireNonNull(states().get(state)).get();
  }

  private static MachineBench sending() {
    return MachineBench.sending(Channel.SMS);
  }

  private static MachineBench planned() {
    MachineBench bench = new MachineBench(Channel.SMS).list(1, Samples.DATASET, "email");
    return bench.apply(
        new NoticeEvent.Released(
            1, MachineBench.TEXTS, Person.of(bench.user()), EnumSet.noneOf(Channel.class)));
  }

  static Stream<Arguments> cells() {
    List<Arguments> cells = new ArrayList<>();
    TABLE
        .lines()
        .skip(1)
        .map(line -> line.split(" +"))
        .forEach(row -> {
          int column = 1;
          for (DeliveryEventKind kind : DeliveryEventKind.values()) {
            cells.add(Arguments.of(row[0], kind, row[column++]));
          }
        });
    return cells.stream();
  }

  static Stream<Arguments> all() {
    return cells();
  }

  @ParameterizedTest(name = "{0} + {1} = {2}")
  @MethodSource("cells")
  void shouldMoveAsTheTableSays(String from, DeliveryEventKind kind, String to) {
    // Given
    MachineBench bench = in(from);
    DeliveryState before = bench.state();
    // "Not found" is worth something only a while after the attempt.
    bench.now += bench.policy.reconcileWindow().toMillis();

    // When
    bench.report(kind);

    // Then
    assertThat(bench.state()).isEqualTo(to.equals("-") ? before : DeliveryState.valueOf(to));
  }

  @ParameterizedTest(name = "{0} + {1} twice")
  @MethodSource("all")
  void shouldIgnoreARepeatedEvent(String from, DeliveryEventKind kind, String to) {
    // Given
    MachineBench bench = in(from);
    NoticeEvent event = bench.event(kind);
    bench.apply(event);

    // When
    boolean ignored = bench.ignores(event);

    // Then
    assertThat(ignored).isTrue();
  }

  @ParameterizedTest(name = "{0} + {1} of an attempt never made")
  @MethodSource("all")
  void shouldIgnoreWhatNeverWas(String from, DeliveryEventKind kind, String to) {
    // Given
    MachineBench bench = in(from);

    // When
    boolean ignored = bench.ignores(bench.event(kind, 7, 0));

    // Then
    assertThat(ignored).isTrue();
  }

  @ParameterizedTest(name = "{0} + {1} of another issue")
  @MethodSource("all")
  void shouldIgnoreAnOutcomeOfAnotherIssue(String from, DeliveryEventKind kind, String to) {
    // Given
    MachineBench bench = in(from);
    boolean proofOrReceipt =
        switch (kind) {
          case ACCEPTED, FOUND, RECEIPT_DELIVERED, RECEIPT_BOUNCED, RECEIPT_UNDELIVERED -> true;
          default -> false;
        };

    // When
    boolean ignored = bench.ignores(bench.event(kind, 1, 9));

    // Then
    assertThat(ignored || proofOrReceipt).isTrue();
  }
}
