package io.tocsin.streams.dispatcher;

import io.tocsin.avro.Channel;
import io.tocsin.avro.SealedContact;
import io.tocsin.avro.User;
import io.tocsin.schemas.deadletter.DeadLetterCode;
import io.tocsin.schemas.topic.Topics;
import io.tocsin.streams.StreamsContext;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Sets users' records aside that make no sense. */
final class UserCheck extends ContextualProcessor<String, User, String, SpecificRecord> {

  /** What a decoder writes where bytes are not UTF-8. */
  private static final char NOT_UTF_8 = '\ufffd';

  private final StreamsContext streams;
  private final Serializer<User> serializer;

  UserCheck(StreamsContext streams) {
    this.streams = streams;
    this.serializer = streams.serde(Topics.USERS_TOPIC).serializer();
  }

  /**
   * Why a record cannot be used, naming nothing of it but fields and positions; empty if it can.
   */
  static Optional<String> problem(@Nullable String userId, @Nullable User user) {
    if (userId == null
        || userId.isBlank()
        || userId.indexOf(NOT_UTF_8) >= 0
        || userId.indexOf('\0') >= 0) {
      return Optional.of("The key is not a user's id in UTF-8.");
    }
    if (user == null) {
      return Optional.empty();
    }
    if (user.getLocale().isBlank()) {
      return Optional.of("locale is empty; name the language the person reads.");
    }
    Set<Channel> seen = EnumSet.noneOf(Channel.class);
    for (int i = 0; i < user.getContacts().size(); i++) {
      SealedContact contact = user.getContacts().get(i);
      if (!seen.add(contact.getChannel())) {
        return Optional.of(
            "contacts[%d] is a second one of its channel; keep one per channel.".formatted(i));
      }
      if (!contact.getDataKey().hasRemaining()
          || !contact.getCiphertext().hasRemaining()
          || !contact.getFingerprint().hasRemaining()) {
        return Optional.of(
            "contacts[%d] lacks its data key, ciphertext or fingerprint; seal it anew."
                .formatted(i));
      }
    }
    return Optional.empty();
  }

  @Override
  public void process(Record<String, User> record) {
    problem(record.key(), record.value())
        .ifPresent(reason ->
            context()
                .forward(
                    streams
                        .deadLetters()
                        .record(
                            context().recordMetadata().orElseThrow(),
                            context().currentSystemTimeMs(),
                            bytes(record.key()),
                            serializer.serialize(Topics.USERS_TOPIC.name(), record.value()),
                            DeadLetterCode.INVALID,
                            reason)));
  }

  private static byte @Nullable [] bytes(@Nullable String key) {
    return key == null ? null : key.getBytes(StandardCharsets.UTF_8);
  }
}
