package io.tocsin.cli.operate;

import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.Notice;
import io.tocsin.cli.CommandException;
import io.tocsin.cli.ExitCodes;
import io.tocsin.cli.Output;
import io.tocsin.cli.Progress;
import io.tocsin.cli.TocsinCommand;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.cli.cluster.TopicReader;
import io.tocsin.schemas.id.NoticeIds;
import io.tocsin.schemas.topic.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tocsin notice show}. */
@Command(
    name = "show",
    description =
        "Shows a notice's whole history: every transition, every outcome and every receipt, oldest"
            + " first.")
final class NoticeShowCommand extends TocsinCommand {

  private static final List<String> COLUMNS =
      List.of("at", "what", "channel", "attempt", "deliveries", "details");

  @Parameters(paramLabel = "NOTICE", description = "Id of the notice, or its reference.")
  private String notice = "";

  /** Something that happened. */
  private record Event(Instant at, Map<String, Object> row) {}

  @Override
  public Integer call() {
    try (Cluster cluster = Cluster.connect(config())) {
      List<Notice> transitions = transitions(cluster.reader());
      if (transitions.isEmpty()) {
        throw CommandException.failed("There is no notice " + notice);
      }
      Notice last = transitions.getLast();
      List<Event> events = new ArrayList<>();
      transitions.forEach(transition -> events.add(transition(transition)));
      cluster
          .reader()
          .each(
              Topics.DELIVERY_EVENTS,
              last.getUserId()::equals,
              entry -> {
                DeliveryEvent event = entry.value();
                if (event != null
                    && NoticeIds.noticeIdOf(event.getDeliveryId()).equals(last.getNoticeId())) {
                  events.add(outcome(event));
                }
              },
              read -> {});
      print(last, events.stream().sorted(Comparator.comparing(Event::at)).map(Event::row).toList());
      return ExitCodes.OK;
    }
  }

  private void print(Notice last, List<Map<String, Object>> history) {
    Map<String, Object> head = new LinkedHashMap<>(NoticeRows.of(last));
    head.put("locale", last.getLocale());
    head.put("categories", last.getCategories());
    head.put("templateVersion", last.getTemplateVersion().orElse(""));
    if (out().format() == Output.Format.JSON) {
      head.put("history", history);
      out().properties(head);
    } else {
      out().properties(head);
      out().say("");
      out().rows(COLUMNS, history, "Nothing happened.");
    }
  }

  private List<Notice> transitions(TopicReader reader) {
    String reference = References.normalised(notice);
    Predicate<String> wanted =
        key ->
            key.equals(notice)
                || (key.matches("[0-9a-f]{32}") && NoticeIds.reference(key).equals(reference));
    List<Notice> transitions = new ArrayList<>();
    try (Progress progress =
        new Progress(err(), "Searching", "records", reader.size(Topics.NOTICES))) {
      reader.each(
          Topics.NOTICES,
          wanted,
          entry -> {
            if (entry.value() != null) {
              transitions.add(entry.value());
            }
          },
          progress::advance);
    }
    return transitions;
  }

  private static Event transition(Notice notice) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("at", notice.getAt().toString());
    row.put("what", notice.getTransition());
    row.put(
        "channel",
        notice
            .getTransitionChannel()
            .map(channel -> channel.name().toLowerCase(Locale.ROOT))
            .orElse(""));
    row.put("attempt", "");
    row.put("deliveries", NoticeRows.deliveries(notice));
    row.put("details", notice.getSubstitute().map(why -> "substitute notice: " + why).orElse(""));
    return new Event(notice.getAt(), row);
  }

  private static Event outcome(DeliveryEvent event) {
    List<String> details = new ArrayList<>();
    details.add("by " + event.getProvider());
    add(details, "id ", event.getProviderId());
    add(details, "code ", event.getProviderCode());
    add(details, "", event.getReason());
    add(details, "rendered ", event.getRenderedHash().map(hash -> hash.substring(0, 16)));
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("at", event.getAt().toString());
    row.put("what", event.getKind().name());
    row.put("channel", event.getChannel().name().toLowerCase(Locale.ROOT));
    row.put("attempt", event.getAttempt());
    row.put("deliveries", "");
    row.put("details", String.join(", ", details));
    return new Event(event.getAt(), row);
  }

  private static void add(List<String> details, String what, Optional<String> value) {
    value.ifPresent(present -> details.add(what + present));
  }
}
