package io.tocsin.system.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.avro.Channel;
import io.tocsin.avro.CommandKind;
import io.tocsin.avro.Delivery;
import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.avro.DeliveryState;
import io.tocsin.avro.IncidentProgress;
import io.tocsin.avro.Notice;
import io.tocsin.avro.SendCommand;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What must hold when everything has come to rest, by the topics and by what providers took. */
final class Verdict {

  /** An attempt of a delivery. */
  private record Attempt(String deliveryId, int number) {}

  private final Kafka kafka;
  private final Scenario scenario;
  private final Map<Channel, Notifiers> notifiers;
  private final Map<String, Notice> notices = new HashMap<>();
  private final Set<Attempt> wereUnknown = new HashSet<>();
  private final Map<Attempt, Long> firstIssued = new HashMap<>();
  private final Map<Attempt, Set<Integer>> doubtedWhenIssued = new HashMap<>();
  private int duplicates;
  private int listed;

  Verdict(Kafka kafka, Scenario scenario, Map<Channel, Notifiers> notifiers) {
    this.kafka = kafka;
    this.scenario = scenario;
    this.notifiers = notifiers;
  }

  /** How many messages were second ones. */
  int duplicates() {
    return duplicates;
  }

  /** How many possible duplicates are listed. */
  int listed() {
    return listed;
  }

  /** How many attempts were UNKNOWN for a while. */
  int unknown() {
    return wereUnknown.size();
  }

  void check() {
    followTransitions();
    everyCommandHasAnOutcome();
    everybodyIsToldOrExplained();
    for (Notice notice : notices.values()) {
      notice.getDeliveries().forEach(delivery -> checkDelivery(notice, delivery));
    }
    messagesBelongToDeliveries();
  }

  private void followTransitions() {
    for (Notice notice : kafka.notices) {
      notices.put(notice.getNoticeId(), notice);
      notice
          .getTransitionChannel()
          .ifPresent(channel ->
              notice.getDeliveries().stream()
                  .filter(each -> each.getChannel() == channel)
                  .forEach(each -> follow(notice, each)));
    }
  }

  private void follow(Notice notice, Delivery delivery) {
    Attempt attempt = new Attempt(delivery.getDeliveryId(), delivery.getAttempts());
    switch (notice.getTransition()) {
      case "unknown" -> wereUnknown.add(attempt);
      case "issued" -> {
        firstIssued.putIfAbsent(attempt, notice.getAt().toEpochMilli());
        Set<Integer> doubted = new HashSet<>();
        for (int earlier = 1; earlier < attempt.number(); earlier++) {
          if (wereUnknown.contains(new Attempt(attempt.deliveryId(), earlier))) {
            doubted.add(earlier);
          }
        }
        doubtedWhenIssued.putIfAbsent(attempt, doubted);
      }
      default -> {}
    }
  }

  /** The notifier forgets nothing: what it took leads to an outcome in Kafka. */
  private void everyCommandHasAnOutcome() {
    Set<String> answered = new HashSet<>();
    for (DeliveryEvent event : kafka.events) {
      answered.add(
          event.getDeliveryId()
              + ' '
              + event.getAttempt()
              + ' '
              + event.getIssue()
              + (isReceipt(event.getKind()) ? " receipt" : ""));
    }
    for (SendCommand command : kafka.issued) {
      String id = command.getDeliveryId() + ' ' + command.getAttempt() + ' ' + command.getIssue();
      assertThat(answered).as("the outcome of a command is in Kafka").contains(id);
    }
  }

  private static boolean isReceipt(DeliveryEventKind kind) {
    return switch (kind) {
      case RECEIPT_BOUNCED, RECEIPT_DELIVERED, RECEIPT_UNDELIVERED -> true;
      default -> false;
    };
  }

  private void everybodyIsToldOrExplained() {
    scenario
        .latest()
        .forEach((id, version) -> {
          Map<String, Set<String>> affected = scenario.truth(id, version).all();
          affected.forEach((userId, what) -> isToldOrExplained(id, userId, what));
          long marks = 0;
          for (Notice notice : notices.values()) {
            if (notice.getIncidentId().equals(id)) {
              marks +=
                  notice.getDeliveries().stream()
                      .mapToLong(each -> each.getPossibleDuplicates().size())
                      .sum();
            }
          }
          listed += (int) marks;
          Collection<IncidentProgress> said = kafka.progress.getOrDefault(id, Map.of()).values();
          assertThat(said).as("progress of every partition").hasSize(Kafka.PARTITIONS);
          assertThat(said.stream().mapToLong(IncidentProgress::getAffected).sum())
              .as("affected")
              .isEqualTo(affected.size());
          assertThat(said.stream().mapToLong(IncidentProgress::getExplained).sum())
              .as("explained")
              .isEqualTo(affected.size());
          assertThat(
                  said.stream()
                      .flatMap(each -> each.getChannels().stream())
                      .mapToLong(each -> each.getPossibleDuplicates())
                      .sum())
              .as("possible duplicates counted")
              .isEqualTo(marks);
        });
  }

  private void isToldOrExplained(String incidentId, String userId, Set<String> what) {
    List<Notice> editions = new ArrayList<>();
    for (Notice notice : notices.values()) {
      if (notice.getIncidentId().equals(incidentId) && notice.getUserId().equals(userId)) {
        editions.add(notice);
      }
    }
    assertThat(editions).as("a notice of %s for %s", incidentId, userId).isNotEmpty();
    Notice last =
        editions.stream().max((a, b) -> Integer.compare(a.getEdition(), b.getEdition())).get();
    boolean explained =
        last.getSubstitute().isPresent()
            || !last.getDeliveries().isEmpty()
            || scenario.isCancelled(incidentId);
    assertThat(explained)
        .as("%s of %s is told or explained: %s", userId, incidentId, last)
        .isTrue();
    if (!scenario.isCancelled(incidentId)) {
      Set<String> named = new HashSet<>();
      editions.forEach(each -> named.addAll(each.getCategories()));
      assertThat(named).as("what %s is told in the end", userId).containsAll(what);
    }
  }

  private void checkDelivery(Notice notice, Delivery delivery) {
    String id = delivery.getDeliveryId();
    assertThat(delivery.getState())
        .as("the end of %s: %s", id, notice)
        .isIn(
            DeliveryState.ACCEPTED,
            DeliveryState.DELIVERED,
            DeliveryState.UNCONFIRMED,
            DeliveryState.UNREACHABLE,
            DeliveryState.CANCELLED,
            DeliveryState.NOT_NEEDED);
    List<Provider.Message> messages = messages(delivery.getChannel(), id);
    if (delivery.getState() == DeliveryState.ACCEPTED
        || delivery.getState() == DeliveryState.DELIVERED
        || delivery.getState() == DeliveryState.UNCONFIRMED) {
      assertThat(messages).as("what was accepted of %s", id).isNotEmpty();
    }
    assertThat(messages.stream().map(Provider.Message::attempt))
        .as("attempts of %s that the provider took: none twice", id)
        .doesNotHaveDuplicates();
    for (Provider.Message message : messages) {
      check(delivery, message, messages);
    }
    for (int marked : delivery.getPossibleDuplicates()) {
      assertThat(doubtedWhenIssued.get(new Attempt(id, marked)))
          .as("the UNKNOWN that %s.%d is tied to", id, marked)
          .isNotEmpty();
    }
  }

  private void check(Delivery delivery, Provider.Message message, List<Provider.Message> messages) {
    String id = delivery.getDeliveryId();
    Attempt attempt = new Attempt(id, message.attempt());
    for (Provider.Message earlier : messages) {
      if (earlier.attempt() < message.attempt() && !earlier.returned()) {
        duplicates++;
        assertThat(delivery.getPossibleDuplicates())
            .as(
                "%s.%d listed, as attempt %d got through too",
                id, message.attempt(), earlier.attempt())
            .contains(message.attempt());
        assertThat(doubtedWhenIssued.get(attempt))
            .as("attempts of %s that were UNKNOWN before attempt %d", id, message.attempt())
            .contains(earlier.attempt());
      }
    }
    Long nextIssued = firstIssued.get(new Attempt(id, message.attempt() + 1));
    if (nextIssued != null && !message.defeatedClocks()) {
      // Clocks differ.
      assertThat(message.takenAt())
          .as(
              "%s.%d is not under way any more when the next attempt is issued",
              id, message.attempt())
          .isLessThanOrEqualTo(nextIssued + 2_000);
    }
  }

  private List<Provider.Message> messages(Channel channel, String deliveryId) {
    Notifiers some = notifiers.get(channel);
    return some == null
        ? List.of()
        : some.provider().messages().getOrDefault(deliveryId, List.of());
  }

  private void messagesBelongToDeliveries() {
    Set<String> known = new HashSet<>();
    notices
        .values()
        .forEach(notice -> notice.getDeliveries().forEach(each -> known.add(each.getDeliveryId())));
    notifiers
        .values()
        .forEach(each -> assertThat(known).containsAll(each.provider().messages().keySet()));
    assertThat(kafka.issued.stream().filter(each -> each.getKind() == CommandKind.SEND))
        .allMatch(each -> known.contains(each.getDeliveryId()));
  }
}
