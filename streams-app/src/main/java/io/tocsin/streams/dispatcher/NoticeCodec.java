package io.tocsin.streams.dispatcher;

import io.tocsin.avro.Channel;
import io.tocsin.avro.DeliveryState;
import io.tocsin.avro.SealedContact;
import io.tocsin.streams.dispatcher.ChannelDelivery.Attempt;
import io.tocsin.streams.dispatcher.ChannelDelivery.Doubt;
import io.tocsin.streams.dispatcher.ChannelDelivery.Doubts;
import io.tocsin.streams.dispatcher.ChannelDelivery.Said;
import io.tocsin.streams.dispatcher.ChannelDelivery.Tries;
import io.tocsin.streams.dispatcher.EditionState.Texts;
import io.tocsin.streams.dispatcher.NoticeState.Entry;
import io.tocsin.streams.state.StoredClosure;
import io.tocsin.streams.state.StoredContact;
import io.tocsin.streams.state.StoredDelivery;
import io.tocsin.streams.state.StoredDoubt;
import io.tocsin.streams.state.StoredEdition;
import io.tocsin.streams.state.StoredEntry;
import io.tocsin.streams.state.StoredNotice;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A notice's state as it is stored, and back. */
final class NoticeCodec {

  private NoticeCodec() {}

  static StoredNotice store(NoticeState notice) {
    return new StoredNotice(
        map(notice.entries(), NoticeCodec::store),
        notice.locale(),
        map(notice.editions(), NoticeCodec::store),
        notice.timerAt(),
        notice.countedVersion());
  }

  static NoticeState load(StoredNotice stored) {
    return new NoticeState(
        map(stored.getEntries(), NoticeCodec::load),
        stored.getLocale(),
        map(stored.getEditions(), NoticeCodec::load),
        stored.getTimerAt(),
        stored.getCountedVersion());
  }

  private static StoredEntry store(Entry entry) {
    return new StoredEntry(entry.version(), entry.dataset(), List.copyOf(entry.categories()));
  }

  private static Entry load(StoredEntry stored) {
    return new Entry(stored.getVersion(), stored.getDataset(), Set.copyOf(stored.getCategories()));
  }

  private static StoredEdition store(EditionState edition) {
    Texts texts = edition.texts();
    return new StoredEdition(
        edition.number(),
        edition.noticeId(),
        edition.version(),
        edition.locale(),
        edition.categories(),
        texts == null ? "" : texts.templateId(),
        texts == null ? "" : texts.templateVersion(),
        map(edition.deliveries(), NoticeCodec::store),
        edition.substitute(),
        store(edition.closed()));
  }

  private static EditionState load(StoredEdition stored) {
    return new EditionState(
        stored.getNumber(),
        stored.getNoticeId(),
        stored.getVersion(),
        stored.getLocale(),
        stored.getCategories(),
        stored.getTemplateId().isEmpty()
            ? null
            : new Texts(stored.getTemplateId(), stored.getTemplateVersion()),
        map(stored.getDeliveries(), NoticeCodec::load),
        stored.getSubstitute().orElse(null),
        stored.getClosed().map(NoticeCodec::load).orElse(null));
  }

  static @Nullable StoredClosure store(@Nullable Closure closure) {
    return closure == null ? null : new StoredClosure(closure.state().name(), closure.reason());
  }

  static Closure load(StoredClosure stored) {
    return new Closure(DeliveryState.valueOf(stored.getState()), stored.getReason());
  }

  private static StoredDelivery store(ChannelDelivery delivery) {
    Attempt attempt = delivery.attempt();
    Tries tries = delivery.tries();
    Doubts doubts = delivery.doubts();
    Said said = delivery.said();
    return StoredDelivery.newBuilder()
        .setChannel(delivery.channel().name())
        .setState(delivery.state().name())
        .setAttempt(attempt.number())
        .setIssue(attempt.issue())
        .setIssuedAt(attempt.issuedAt())
        .setNotAfter(attempt.notAfter())
        .setContact(store(attempt.contact()))
        .setFingerprint(attempt.fingerprint())
        .setDueAt(delivery.dueAt())
        .setRejections(tries.rejections())
        .setFaults(tries.faults())
        .setBefore(tries.before())
        .setFirstIssuedAt(tries.firstIssuedAt())
        .setAsks(tries.asks())
        .setAskedSince(tries.askedSince())
        .setDoubts(map(doubts.open(), doubt -> new StoredDoubt(doubt.attempt(), doubt.issue())))
        .setMarked(doubts.marked())
        .setProven(doubts.proven())
        .setReturned(doubts.returned())
        .setProviderId(said.providerId())
        .setProviderCode(said.providerCode())
        .setReason(said.reason())
        .build();
  }

  private static ChannelDelivery load(StoredDelivery stored) {
    Channel channel = Channel.valueOf(stored.getChannel());
    ByteBuffer fingerprint = stored.getFingerprint().orElse(null);
    SealedContact contact =
        stored.getContact().map(kept -> load(channel, kept, fingerprint)).orElse(null);
    return new ChannelDelivery(
        channel,
        DeliveryState.valueOf(stored.getState()),
        new Attempt(
            stored.getAttempt(),
            stored.getIssue(),
            stored.getIssuedAt(),
            stored.getNotAfter(),
            contact,
            fingerprint),
        stored.getDueAt(),
        new Tries(
            stored.getRejections(),
            stored.getFaults(),
            stored.getBefore(),
            stored.getFirstIssuedAt(),
            stored.getAsks(),
            stored.getAskedSince()),
        new Doubts(
            map(stored.getDoubts(), doubt -> new Doubt(doubt.getAttempt(), doubt.getIssue())),
            List.copyOf(stored.getMarked()),
            stored.getProven(),
            List.copyOf(stored.getReturned())),
        new Said(
            stored.getProviderId().orElse(null),
            stored.getProviderCode().orElse(null),
            stored.getReason().orElse(null)));
  }

  private static @Nullable StoredContact store(@Nullable SealedContact contact) {
    return contact == null
        ? null
        : new StoredContact(contact.getDataKey(), contact.getCiphertext());
  }

  private static SealedContact load(
      Channel channel, StoredContact stored, @Nullable ByteBuffer fingerprint) {
    return new SealedContact(
        channel,
        stored.getDataKey(),
        stored.getCiphertext(),
        fingerprint == null ? ByteBuffer.allocate(0) : fingerprint);
  }

  private static <A, B> List<B> map(List<A> list, Function<A, B> function) {
    return list.isEmpty() ? List.of() : list.stream().map(function).toList();
  }
}
