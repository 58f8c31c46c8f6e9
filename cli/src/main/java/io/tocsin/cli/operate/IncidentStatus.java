package io.tocsin.cli.operate;

import io.tocsin.avro.Channel;
import io.tocsin.avro.ChannelProgress;
import io.tocsin.avro.IdentificationProgress;
import io.tocsin.avro.Incident;
import io.tocsin.avro.IncidentProgress;
import io.tocsin.avro.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * How an incident stands, added up over every shard and partition. All counts are absolute, so
 * adding them up again says the same.
 *
 * @param state where it stands
 * @param shardsFinished shards of the identifier that have said everything, of {@code shards}; 0 of
 *     0 while none has begun
 * @param scanned holdings looked at
 * @param identified whether every partition holds every end marker of this version
 * @param affected people affected by the latest identified version
 * @param notices notices of every edition
 * @param gap affected people not every delivery of whose notice is explained: 0 is the promise
 * @param substitutes people no channel reached
 * @param people affected people by where they stand; together all of them
 * @param channels deliveries by channel and state
 * @param possibleDuplicates attempts made although an earlier one may have got through, by channel
 * @param locales affected people by language
 * @param identifySeconds from acceptance to the last end marker, once identified
 * @param lastAcceptedAt when a provider took the latest message
 * @param warnings what deserves a look, a sentence each
 */
public record IncidentStatus(
    String incidentId,
    int version,
    State state,
    int shardsFinished,
    int shards,
    long scanned,
    boolean identified,
    boolean approved,
    long affected,
    long notices,
    long gap,
    long substitutes,
    Map<String, Long> people,
    Map<Channel, Map<String, Long>> channels,
    Map<Channel, Long> possibleDuplicates,
    Map<String, Long> locales,
    Optional<Double> identifySeconds,
    Optional<Instant> lastAcceptedAt,
    List<String> warnings) {

  /** Where an incident stands. */
  public enum State {
    /** The affected people are being looked for. */
    IDENTIFYING,
    /** They are known; nobody has approved the notice. */
    AWAITING_APPROVAL,
    /** Approved, and stopped for the time being. */
    HELD,
    /** Notices are on their way. */
    SENDING,
    /** Every delivery of every notice is explained. */
    COMPLETE,
    /** Stopped for good. */
    CANCELLED,
    /** It turned out not to have happened. */
    WITHDRAWN
  }

  private static final Duration SILENT = Duration.ofSeconds(30);
  private static final Set<String> UNFINISHED =
      Set.of("PLANNED", "SENDING", "RETRYING", "UNKNOWN", "RECONCILING");

  /**
   * Adds up.
   *
   * @param incident the latest accepted version
   * @param acceptedAt when intake accepted it
   * @param shards the newest progress of every shard of the identifier, of any version
   * @param partitions the newest progress of every partition of the dispatcher
   */
  public static IncidentStatus of(
      Incident incident,
      Instant acceptedAt,
      Collection<IdentificationProgress> shards,
      Collection<IncidentProgress> partitions,
      Instant now) {
    int version = incident.getVersion();
    List<IdentificationProgress> current =
        shards.stream().filter(shard -> shard.getVersion() == version).toList();
    boolean all =
        !partitions.isEmpty() && partitions.size() == partitions.iterator().next().getPartitions();
    boolean identified =
        all
            && partitions.stream()
                .allMatch(p -> p.getVersion() == version && p.getIdentifiedVersion() == version);
    boolean approved = all && partitions.stream().allMatch(p -> p.getApprovedVersion() == version);
    Map<Channel, Map<String, Long>> channels = channels(partitions);
    long affected = sum(partitions, IncidentProgress::getAffected);
    long gap = affected - sum(partitions, IncidentProgress::getExplained);
    return new IncidentStatus(
        incident.getIncidentId(),
        version,
        state(incident, partitions, identified, approved, gap, channels),
        (int) current.stream().filter(IdentificationProgress::getFinished).count(),
        current.stream().mapToInt(IdentificationProgress::getShards).max().orElse(0),
        current.stream().mapToLong(IdentificationProgress::getScanned).sum(),
        identified,
        approved,
        affected,
        sum(partitions, IncidentProgress::getNotices),
        gap,
        sum(partitions, IncidentProgress::getSubstitutes),
        sums(partitions, IncidentProgress::getPeople),
        channels,
        possibleDuplicates(partitions),
        sums(partitions, IncidentProgress::getLocales),
        identifySeconds(identified, acceptedAt, current, partitions),
        partitions.stream()
            .flatMap(p -> p.getLastAcceptedAt().stream())
            .max(Comparator.naturalOrder()),
        warnings(incident, identified, current, now));
  }

  /** Deliveries of a channel in a state. */
  public long deliveries(Channel channel, String deliveryState) {
    return channels.getOrDefault(channel, Map.of()).getOrDefault(deliveryState, 0L);
  }

  /** As properties, for printing. */
  Map<String, Object> properties() {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("incidentId", incidentId);
    shown.put("version", version);
    shown.put("state", state.name());
    shown.put("shards", shardsFinished + "/" + shards);
    shown.put("scanned", scanned);
    shown.put("identified", identified);
    shown.put("approved", approved);
    shown.put("affected", affected);
    shown.put("notices", notices);
    shown.put("gap", gap);
    shown.put("substitutes", substitutes);
    shown.put("people", people);
    channels.forEach((channel, states) -> shown.put(name(channel), states));
    long repeated = possibleDuplicates.values().stream().mapToLong(Long::longValue).sum();
    shown.put("possibleDuplicates", repeated);
    shown.put("locales", locales);
    identifySeconds.ifPresent(seconds -> shown.put("identifySeconds", seconds));
    lastAcceptedAt.ifPresent(at -> shown.put("lastAcceptedAt", at.toString()));
    shown.put("warnings", warnings);
    return shown;
  }

  /** In one line, for watching. */
  String line() {
    StringBuilder line = new StringBuilder(state.name().replace('_', ' '));
    line.append("  affected ").append(affected).append("  gap ").append(gap);
    line.append("  people ").append(people);
    channels.forEach(
        (channel, states) -> line.append("  ").append(name(channel)).append(' ').append(states));
    return line.toString();
  }

  private static String name(Channel channel) {
    return switch (channel) {
      case EMAIL -> "email";
      case SMS -> "sms";
    };
  }

  private static State state(
      Incident incident,
      Collection<IncidentProgress> partitions,
      boolean identified,
      boolean approved,
      long gap,
      Map<Channel, Map<String, Long>> channels) {
    if (incident.getStatus() == io.tocsin.avro.IncidentStatus.WITHDRAWN) {
      return State.WITHDRAWN;
    }
    if (partitions.stream().anyMatch(IncidentProgress::getCancelled)) {
      return State.CANCELLED;
    }
    if (!identified) {
      return State.IDENTIFYING;
    }
    if (!approved) {
      return State.AWAITING_APPROVAL;
    }
    boolean unfinished =
        channels.values().stream()
            .anyMatch(states ->
                states.entrySet().stream()
                    .anyMatch(
                        count -> UNFINISHED.contains(count.getKey()) && count.getValue() > 0));
    if (gap == 0 && !unfinished) {
      return State.COMPLETE;
    }
    return partitions.stream().anyMatch(IncidentProgress::getHeld) ? State.HELD : State.SENDING;
  }

  private static Map<Channel, Map<String, Long>> channels(Collection<IncidentProgress> partitions) {
    Map<Channel, Map<String, Long>> sums = new EnumMap<>(Channel.class);
    for (IncidentProgress partition : partitions) {
      for (ChannelProgress channel : partition.getChannels()) {
        Map<String, Long> states =
            sums.computeIfAbsent(channel.getChannel(), key -> new TreeMap<>());
        channel.getStates().forEach((name, count) -> states.merge(name, count, Long::sum));
      }
    }
    sums.values().forEach(states -> states.values().removeIf(count -> count == 0));
    return sums;
  }

  private static Map<Channel, Long> possibleDuplicates(Collection<IncidentProgress> partitions) {
    Map<Channel, Long> sums = new EnumMap<>(Channel.class);
    for (IncidentProgress partition : partitions) {
      for (ChannelProgress channel : partition.getChannels()) {
        sums.merge(channel.getChannel(), channel.getPossibleDuplicates(), Long::sum);
      }
    }
    return sums;
  }

  private static Map<String, Long> sums(
      Collection<IncidentProgress> partitions,
      Function<IncidentProgress, Map<String, Long>> counts) {
    Map<String, Long> sums = new TreeMap<>();
    partitions.forEach(partition ->
        counts.apply(partition).forEach((name, count) -> sums.merge(name, count, Long::sum)));
    sums.values().removeIf(count -> count == 0);
    return sums;
  }

  private static Optional<Double> identifySeconds(
      boolean identified,
      Instant acceptedAt,
      List<IdentificationProgress> shards,
      Collection<IncidentProgress> partitions) {
    if (!identified) {
      return Optional.empty();
    }
    Instant begun =
        shards.stream()
            .map(IdentificationProgress::getAcceptedAt)
            .min(Comparator.naturalOrder())
            .orElse(acceptedAt);
    return partitions.stream()
        .flatMap(partition -> partition.getIdentifiedAt().stream())
        .max(Comparator.naturalOrder())
        .map(end -> Math.max(0, Duration.between(begun, end).toMillis()) / 1000.0);
  }

  private static List<String> warnings(
      Incident incident, boolean identified, List<IdentificationProgress> shards, Instant now) {
    List<String> warnings = new ArrayList<>();
    Scope scope = incident.getScope();
    long scanned = shards.stream().mapToLong(IdentificationProgress::getScanned).sum();
    if (identified && !scope.getDatasets().isEmpty() && scanned == 0) {
      warnings.add(
          "No holdings of "
              + String.join(
                  ", ", scope.getDatasets().stream().map(dataset -> dataset.getDataset()).toList())
              + " are known: nobody can be affected by it; import them with `tocsin holdings"
              + " import`");
    }
    long unreadable = shards.stream().mapToLong(IdentificationProgress::getUnreadable).sum();
    if (unreadable > 0) {
      warnings.add(
          unreadable
              + " holdings could not be read, and their people may be missing; see `tocsin"
              + " dead-letters list`");
    }
    for (IdentificationProgress shard : shards) {
      Duration silent = Duration.between(shard.getAt(), now);
      if (!shard.getFinished() && silent.compareTo(SILENT) > 0) {
        warnings.add(
            "Shard "
                + shard.getShard()
                + " has said nothing for "
                + silent.toSeconds()
                + " s; is `tocsin identifier` running?");
      }
    }
    return warnings;
  }

  private static long sum(
      Collection<IncidentProgress> partitions, ToLongFunction<IncidentProgress> count) {
    return partitions.stream().mapToLong(count).sum();
  }
}
