package io.tocsin.streams;

import io.tocsin.schemas.deadletter.DeadLetterCode;
import io.tocsin.schemas.serde.RegistryException;
import io.tocsin.schemas.serde.UnreadableRecordException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets records that cannot be read aside, in the transaction that passes them (KIP-1034). When the
 * registry is at fault and not the record, it fails instead: the thread stops, is replaced after a
 * while, and reads the record again.
 */
public final class UnreadableRecordHandler implements DeserializationExceptionHandler {

  /** Under this key the {@link DeadLetterWriter} is handed over. */
  static final String WRITER = "tocsin.dead.letter.writer";

  private static final Logger log = LoggerFactory.getLogger(UnreadableRecordHandler.class);

  private @Nullable DeadLetterWriter writer;

  @Override
  public void configure(Map<String, ?> configs) {
    writer = (DeadLetterWriter) Objects.requireNonNull(configs.get(WRITER), WRITER);
  }

  @Override
  public Response handleError(
      ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
    if (!(exception instanceof UnreadableRecordException) && isOfTheRegistry(exception)) {
      return Response.fail();
    }
    DeadLetterCode code =
        exception instanceof UnreadableRecordException unreadable
            ? DeadLetterWriter.codeOf(unreadable)
            : DeadLetterCode.NOT_AVRO;
    String reason =
        exception instanceof UnreadableRecordException
            ? Objects.requireNonNullElse(exception.getMessage(), code.word())
            : "The record cannot be read.";
    log.atWarn()
        .addKeyValue("topic", record.topic())
        .addKeyValue("partition", record.partition())
        .addKeyValue("offset", record.offset())
        .addKeyValue("code", code.word())
        .log("Record set aside");
    try {
      return Response.resume(
          List.of(
              Objects.requireNonNull(writer)
                  .bytes(
                      record.topic(),
                      record.partition(),
                      record.offset(),
                      record.key(),
                      record.value(),
                      code,
                      reason)));
    } catch (RegistryException e) {
      log.atWarn().setCause(e).log("Dead letter cannot be written yet");
      return Response.fail();
    }
  }

  private static boolean isOfTheRegistry(Throwable thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof RegistryException) {
        return true;
      }
    }
    return false;
  }
}
