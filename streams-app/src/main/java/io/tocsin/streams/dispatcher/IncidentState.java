package io.tocsin.streams.dispatcher;

import io.tocsin.avro.Channel;
import io.tocsin.avro.Decision;
import io.tocsin.avro.DecisionKind;
import io.tocsin.avro.DeliveryState;
import io.tocsin.avro.IncidentShard;
import io.tocsin.avro.IncidentStatus;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An incident as one partition of users knows it. Immutable.
 *
 * @param latest the latest version accepted; null before its record is here
 * @param markers end markers held, by version
 * @param identifiedVersion the latest version identified; 0 for none
 * @param identifiedAt when it was, in epoch ms
 * @param partialVersion the version to take as identified whatever shard is silent; 0 for none
 * @param approval the approval of the latest version
 * @param canaryLeft how many more people may be told before the automatic hold; -1 for everybody
 * @param held whether it is held
 * @param closure whether and how it was closed
 * @param decisions ids of the decisions already taken
 * @param walks how far the walks over its notices are
 */
record IncidentState(
    @Nullable Version latest,
    Map<Integer, Set<String>> markers,
    int identifiedVersion,
    long identifiedAt,
    int partialVersion,
    @Nullable Approval approval,
    long canaryLeft,
    boolean held,
    @Nullable Closure closure,
    Set<String> decisions,
    Walks walks) {

  /** The shard of a version's lines of evidence. */
  static final String EVIDENCE = "evidence";

  static final long EVERYBODY = -1;

  static final IncidentState NEW =
      new IncidentState(
          null, Map.of(), 0, 0, 0, null, EVERYBODY, false, null, Set.of(), Walks.NONE);

  /**
   * An accepted version, as far as sending goes.
   *
   * @param number from 1
   * @param scopeHash what an approval must name
   * @param shards partitions of holdings
   * @param datasets whether the shards have something to say
   * @param evidence whether evidence has something to say
   * @param withdrawn whether nobody is affected any more
   */
  record Version(
      int number,
      String scopeHash,
      int shards,
      boolean datasets,
      boolean evidence,
      boolean withdrawn) {

    static Version of(IncidentShard accepted) {
      return new Version(
          accepted.getIncident().getVersion(),
          accepted.getScopeHash(),
          accepted.getShards(),
          !accepted.getIncident().getScope().getDatasets().isEmpty(),
          accepted.getIncident().getScope().getEvidenceCount() > 0,
          accepted.getIncident().getStatus() == IncidentStatus.WITHDRAWN);
    }

    /** Whether everybody who has something to say about this version has said all of it. */
    boolean complete(Set<String> finished) {
      if (withdrawn) {
        return true;
      }
      if (evidence && !finished.contains(EVIDENCE)) {
        return false;
      }
      if (datasets) {
        for (int shard = 0; shard < shards; shard++) {
          if (!finished.contains(Integer.toString(shard))) {
            return false;
          }
        }
      }
      return true;
    }
  }

  /**
   * An approval.
   *
   * @param version the version approved
   * @param texts the texts approved
   */
  record Approval(int version, EditionState.Texts texts) {}

  /**
   * How far the walks over an incident's notices are: the last key done, empty at the start, null
   * when none is under way.
   *
   * @param sweep stops what is out of scope or closed
   * @param settling whether the sweep settles a new version
   * @param email releases e-mails
   * @param sms releases SMS
   */
  record Walks(
      @Nullable String sweep, boolean settling, @Nullable String email, @Nullable String sms) {

    static final Walks NONE = new Walks(null, false, null, null);

    @Nullable String release(Channel channel) {
      return channel == Channel.EMAIL ? email : sms;
    }

    Walks sweeping(boolean newVersion) {
      return new Walks("", settling || newVersion, email, sms);
    }

    Walks swept(@Nullable String to) {
      return new Walks(to, to != null && settling, email, sms);
    }

    Walks releasing() {
      return new Walks(sweep, settling, "", "");
    }

    Walks released(Channel channel, @Nullable String to) {
      return channel == Channel.EMAIL
          ? new Walks(sweep, settling, to, sms)
          : new Walks(sweep, settling, email, to);
    }
  }

  /** Whether it is the very same object, so that nothing changed. */
  @SuppressWarnings("ReferenceEquality")
  boolean isStill(IncidentState other) {
    return this == other;
  }

  int latestVersion() {
    return latest == null ? 0 : latest.number();
  }

  /** The approval under which notices may go out at this moment; null while none may. */
  @Nullable Approval releasing() {
    return approval != null
            && latest != null
            && identifiedVersion == latest.number()
            && !held
            && closure == null
            && walks.sweep() == null
        ? approval
        : null;
  }

  /** Takes an accepted version: the former one is frozen at once. */
  IncidentState accepted(Version version) {
    if (version.number() <= latestVersion()) {
      return this;
    }
    Map<Integer, Set<String>> still = new TreeMap<>(markers);
    still.keySet().removeIf(number -> number < version.number());
    return new IncidentState(
        version,
        still,
        identifiedVersion,
        identifiedAt,
        partialVersion,
        null,
        EVERYBODY,
        held,
        null,
        decisions,
        Walks.NONE);
  }

  /** Takes an end marker. */
  IncidentState marked(int version, String shard) {
    if (version < latestVersion() || markers.getOrDefault(version, Set.of()).contains(shard)) {
      return this;
    }
    Map<Integer, Set<String>> changed = new TreeMap<>(markers);
    Set<String> shards = new HashSet<>(markers.getOrDefault(version, Set.of()));
    shards.add(shard);
    changed.put(version, Set.copyOf(shards));
    return with(changed);
  }

  /** Whether the latest version is not identified, and now can be. */
  boolean identifiable() {
    return latest != null
        && identifiedVersion < latest.number()
        && (partialVersion == latest.number()
            || latest.complete(markers.getOrDefault(latest.number(), Set.of())));
  }

  /** The latest version is identified. */
  IncidentState identified(long at, boolean sweep) {
    return new IncidentState(
        latest,
        markers,
        latestVersion(),
        at,
        partialVersion,
        approval,
        canaryLeft,
        held,
        closure,
        decisions,
        sweep || closure != null ? walks.releasing().sweeping(true) : walks.releasing());
  }

  /**
   * Takes a decision; one already taken, or about another version where that matters, has no
   * effect.
   *
   * @param partition which partition this is
   * @param partitions how many there are
   */
  IncidentState decided(Decision decision, int partition, int partitions) {
    if (decisions.contains(decision.getDecisionId())) {
      return this;
    }
    Set<String> taken = new HashSet<>(decisions);
    taken.add(decision.getDecisionId());
    IncidentState next = with(Set.copyOf(taken));
    boolean current = decision.getIncidentVersion() == latestVersion();
    return switch (decision.getKind()) {
      case HOLD -> next.withHeld(true, canaryLeft);
      case RESUME -> next.withHeld(false, EVERYBODY);
      case APPROVE -> current ? next.approved(decision, partition, partitions) : next;
      case CANCEL -> current ? next.closed(Closure.CANCELLED) : next;
      case NO_NOTICE_NEEDED ->
          current
              ? next.closed(
                  new Closure(
                      DeliveryState.NOT_NEEDED,
                      decision.getReasonCode().orElse(DecisionKind.NO_NOTICE_NEEDED.name())))
              : next;
      case RELEASE_PARTIAL -> current ? next.partial(decision.getIncidentVersion()) : next;
    };
  }

  private IncidentState approved(Decision decision, int partition, int partitions) {
    if (latest == null
        || !decision.getScopeHash().filter(latest.scopeHash()::equals).isPresent()
        || decision.getTemplateId().isEmpty()
        || decision.getTemplateVersion().isEmpty()) {
      return this;
    }
    Approval given =
        new Approval(
            decision.getIncidentVersion(),
            new EditionState.Texts(
                decision.getTemplateId().get(), decision.getTemplateVersion().get()));
    long canary =
        decision
            .getCanary()
            .map(all -> all / partitions + (partition < all % partitions ? 1 : 0))
            .orElse(EVERYBODY);
    return new IncidentState(
        latest,
        markers,
        identifiedVersion,
        identifiedAt,
        partialVersion,
        given,
        canary,
        held,
        closure,
        decisions,
        walks.releasing());
  }

  private IncidentState closed(Closure how) {
    return new IncidentState(
        latest,
        markers,
        identifiedVersion,
        identifiedAt,
        partialVersion,
        approval,
        canaryLeft,
        held,
        how,
        decisions,
        walks.sweeping(false));
  }

  private IncidentState partial(int version) {
    return new IncidentState(
        latest,
        markers,
        identifiedVersion,
        identifiedAt,
        version,
        approval,
        canaryLeft,
        held,
        closure,
        decisions,
        walks);
  }

  IncidentState withHeld(boolean hold, long canary) {
    return new IncidentState(
        latest,
        markers,
        identifiedVersion,
        identifiedAt,
        partialVersion,
        approval,
        canary,
        hold,
        closure,
        decisions,
        walks);
  }

  IncidentState with(Walks changed) {
    return new IncidentState(
        latest,
        markers,
        identifiedVersion,
        identifiedAt,
        partialVersion,
        approval,
        canaryLeft,
        held,
        closure,
        decisions,
        changed);
  }

  private IncidentState with(Map<Integer, Set<String>> changedMarkers) {
    return new IncidentState(
        latest,
        changedMarkers,
        identifiedVersion,
        identifiedAt,
        partialVersion,
        approval,
        canaryLeft,
        held,
        closure,
        decisions,
        walks);
  }

  private IncidentState with(Set<String> changedDecisions) {
    return new IncidentState(
        latest,
        markers,
        identifiedVersion,
        identifiedAt,
        partialVersion,
        approval,
        canaryLeft,
        held,
        closure,
        changedDecisions,
        walks);
  }
}
