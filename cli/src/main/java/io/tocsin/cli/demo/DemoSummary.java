package io.tocsin.cli.demo;

import io.tocsin.avro.Channel;
import io.tocsin.cli.operate.IncidentStatus;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a demo came to: Tocsin's own account beside what a count of the arrivals found.
 *
 * @param stack what it ran on
 * @param users people in the sample
 * @param status how the incident stands
 * @param arrivals what was found in the mail sink and the Twilio stand-in
 * @param times how long it took
 */
record DemoSummary(
    EmbeddedStack stack,
    int users,
    IncidentStatus status,
    DeliveryAudit.Result arrivals,
    Times times) {

  /**
   * How long it took.
   *
   * @param ready from the start until every part was ready
   * @param send from ready to the last message accepted
   * @param total from the start to the end of the count
   */
  record Times(Duration ready, Duration send, Duration total) {}

  /** As properties, for people and programs alike. */
  Map<String, Object> properties() {
    StackPlan plan = stack.plan();
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("incidentId", status.incidentId());
    shown.put("users", users);
    shown.put("affected", status.affected());
    shown.put("notices", status.notices());
    shown.put("locales", status.locales());
    shown.put(
        "email",
        channel(Channel.EMAIL, plan.sinksMail() ? arrivals.emails() : accepted(Channel.EMAIL)));
    shown.put("sms", channel(Channel.SMS, in(Channel.SMS, "DELIVERED")));
    shown.put("substitutes", status.substitutes());
    shown.put("gap", status.gap());
    shown.put("unknown", unknown());
    shown.put("lost", arrivals.lost());
    shown.put("duplicates", arrivals.duplicates());
    shown.put("unexpected", arrivals.unexpected());
    shown.put(
        "possibleDuplicates",
        status.possibleDuplicates().values().stream().mapToLong(Long::longValue).sum());
    shown.put("readySeconds", Steps.inSeconds(times.ready()));
    shown.put("identifySeconds", status.identifySeconds().orElse(0.0));
    shown.put("sendSeconds", Steps.inSeconds(times.send()));
    shown.put("totalSeconds", Steps.inSeconds(times.total()));
    plan.mailDir().ifPresent(folder -> shown.put("mailDir", folder.toString()));
    plan.smsLog().ifPresent(file -> shown.put("smsLog", file.toString()));
    shown.put("expectedFile", plan.files().expected().toString());
    shown.put("dataDir", plan.data().root().toString());
    shown.put("pids", stack.pids());
    return shown;
  }

  private Map<String, Object> channel(Channel channel, long delivered) {
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("accepted", accepted(channel));
    counts.put("delivered", delivered);
    counts.put("failed", in(channel, "UNREACHABLE"));
    return counts;
  }

  /** The provider took it, whatever came of it. */
  private long accepted(Channel channel) {
    return in(channel, "ACCEPTED", "DELIVERED", "BOUNCED", "UNCONFIRMED");
  }

  private long unknown() {
    return Stream.of(Channel.values())
        .mapToLong(channel -> in(channel, "UNKNOWN", "RECONCILING"))
        .sum();
  }

  private long in(Channel channel, String... states) {
    return Stream.of(states).mapToLong(state -> status.deliveries(channel, state)).sum();
  }
}
