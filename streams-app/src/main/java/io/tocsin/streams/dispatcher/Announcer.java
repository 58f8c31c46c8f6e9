package io.tocsin.streams.dispatcher;

import io.tocsin.avro.Channel;
import io.tocsin.avro.ChannelProgress;
import io.tocsin.avro.CommandKind;
import io.tocsin.avro.Delivery;
import io.tocsin.avro.IncidentProgress;
import io.tocsin.avro.Notice;
import io.tocsin.avro.SendCommand;
import io.tocsin.schemas.id.NoticeIds;
import io.tocsin.streams.dispatcher.EditionState.Texts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts what happened into the words of the topics. */
final class Announcer {

  private final Outbox out;
  private final int partition;
  private final int partitions;

  Announcer(Outbox out, int partition, int partitions) {
    this.out = out;
    this.partition = partition;
    this.partitions = partitions;
  }

  void command(NoticeKey key, Effect.Command command) {
    EditionState edition = command.edition();
    Texts texts = Objects.requireNonNull(edition.texts());
    out.command(
        key.userId(),
        SendCommand.newBuilder()
            .setKind(command.kind())
            .setDeliveryId(NoticeIds.deliveryId(edition.noticeId(), command.channel()))
            .setNoticeId(edition.noticeId())
            .setIncidentId(key.incidentId())
            .setReference(NoticeIds.reference(edition.noticeId()))
            .setChannel(command.channel())
            .setAttempt(command.attempt())
            .setIssue(command.issue())
            .setContact(command.contact())
            .setLocale(edition.locale())
            .setCategories(edition.categories())
            .setEdition(edition.number())
            .setTemplateId(texts.templateId())
            .setTemplateVersion(texts.templateVersion())
            .setNotAfter(Instant.ofEpochMilli(command.notAfter()))
            .setAttemptedAt(
                command.kind() == CommandKind.RECONCILE
                    ? Instant.ofEpochMilli(command.attemptedAt())
                    : null)
            .setUsersPartition(partition)
            .build());
  }

  void transition(NoticeKey key, Effect.Transition transition, long now) {
    EditionState edition = transition.edition();
    Texts texts = edition.texts();
    out.notice(
        Notice.newBuilder()
            .setNoticeId(edition.noticeId())
            .setReference(NoticeIds.reference(edition.noticeId()))
            .setIncidentId(key.incidentId())
            .setIncidentVersion(edition.version())
            .setEdition(edition.number())
            .setUserId(key.userId())
            .setLocale(edition.locale())
            .setCategories(edition.categories())
            .setTemplateVersion(texts == null ? null : texts.templateVersion())
            .setTransition(transition.word())
            .setTransitionChannel(transition.channel())
            .setDeliveries(
                edition.deliveries().stream().map(each -> delivery(edition, each)).toList())
            .setSubstitute(edition.substitute())
            .setAt(Instant.ofEpochMilli(now))
            .build());
  }

  private static Delivery delivery(EditionState edition, ChannelDelivery delivery) {
    return Delivery.newBuilder()
        .setDeliveryId(NoticeIds.deliveryId(edition.noticeId(), delivery.channel()))
        .setChannel(delivery.channel())
        .setState(delivery.state())
        .setAttempts(delivery.attempt().number())
        .setPossibleDuplicates(delivery.doubts().marked())
        .setProviderId(delivery.said().providerId())
        .setProviderCode(delivery.said().providerCode())
        .setReason(delivery.said().reason())
        .build();
  }

  /** Says how this partition stands with an incident. */
  void progress(OpenIncident incident, long now) {
    IncidentState state = incident.state();
    Tally tally = incident.tally();
    // While a new version is being settled, its counts are not exact yet.
    int identified = state.walks().settling() ? 0 : state.identifiedVersion();
    Map<String, Long> locales = identified == 0 ? Map.of() : tally.affected(identified);
    out.progress(
        IncidentProgress.newBuilder()
            .setIncidentId(incident.id())
            .setPartition(partition)
            .setPartitions(partitions)
            .setVersion(state.latestVersion())
            .setIdentifiedVersion(identified)
            .setApprovedVersion(
                state.approval() == null ? 0 : Objects.requireNonNull(state.approval()).version())
            .setHeld(state.held())
            .setCancelled(state.closure() != null)
            .setAffected(tally.affectedCount(tally.version()))
            .setNotices(tally.notices())
            .setExplained(tally.explained())
            .setPeople(IncidentCodec.people(tally))
            .setSubstitutes(tally.substitutes())
            .setChannels(List.of(channel(tally, Channel.EMAIL), channel(tally, Channel.SMS)))
            .setLocales(locales)
            .setIdentifiedAt(identified == 0 ? null : at(state.identifiedAt()))
            .setLastAcceptedAt(at(tally.lastAcceptedAt()))
            .setAt(Instant.ofEpochMilli(now))
            .build());
  }

  private static ChannelProgress channel(Tally tally, Channel channel) {
    return new ChannelProgress(
        channel, IncidentCodec.states(tally, channel), tally.marked(channel));
  }

  private static @Nullable Instant at(long millis) {
    return millis == 0 ? null : Instant.ofEpochMilli(millis);
  }
}
