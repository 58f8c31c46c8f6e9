package io.tocsin.notifier.run;

import io.tocsin.avro.Channel;
import io.tocsin.avro.SendCommand;
import io.tocsin.schemas.deadletter.DeadLetterCode;
import io.tocsin.schemas.id.NoticeIds;
import io.tocsin.schemas.serde.AvroCodec;
import io.tocsin.schemas.serde.IncompatibleSchemaException;
import io.tocsin.schemas.serde.NotAvroException;
import io.tocsin.schemas.serde.UnknownSchemaException;
import io.tocsin.schemas.serde.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Reads commands, and says what is wrong with those that are none. */
final class CommandReader {

  private final AvroCodec<SendCommand> codec;
  private final Channel channel;
  private final int usersPartitions;

  CommandReader(AvroCodec<SendCommand> codec, Channel channel, int usersPartitions) {
    this.codec = codec;
    this.channel = channel;
    this.usersPartitions = usersPartitions;
  }

  /** What a record is. */
  sealed interface Read {}

  /** A command for a user. */
  record Command(String userId, SendCommand command) implements Read {}

  /** Something to set aside. */
  record Unreadable(DeadLetterCode code, String reason) implements Read {}

  /**
   * Reads a record.
   *
   * @throws io.tocsin.schemas.serde.RegistryException if the registry cannot be asked: try again
   */
  Read read(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null || record.value() == null) {
      return invalid("the record has no key or no value");
    }
    SendCommand command;
    try {
      command = codec.decode(record.topic(), record.value());
    } catch (UnreadableRecordException e) {
      return new Unreadable(code(e), String.valueOf(e.getMessage()));
    }
    String problem = problem(command);
    return problem == null
        ? new Command(new String(record.key(), StandardCharsets.UTF_8), command)
        : invalid(problem);
  }

  private @Nullable String problem(SendCommand command) {
    if (command.getChannel() != channel || command.getContact().getChannel() != channel) {
      return "the command or its contact is for another channel";
    }
    if (command.getUsersPartition() < 0 || command.getUsersPartition() >= usersPartitions) {
      return "usersPartition " + command.getUsersPartition() + " does not exist";
    }
    if (command.getAttempt() < 1) {
      return "attempt " + command.getAttempt() + " is not from 1";
    }
    try {
      return NoticeIds.channelOf(command.getDeliveryId()) == channel
          ? null
          : "the delivery is of another channel";
    } catch (IllegalArgumentException e) {
      return "the delivery's id is not one";
    }
  }

  private static Unreadable invalid(String reason) {
    return new Unreadable(DeadLetterCode.INVALID, reason);
  }

  private static DeadLetterCode code(UnreadableRecordException e) {
    return switch (e) {
      case NotAvroException ignored -> DeadLetterCode.NOT_AVRO;
      case UnknownSchemaException ignored -> DeadLetterCode.UNKNOWN_SCHEMA;
      case IncompatibleSchemaException ignored -> DeadLetterCode.WRONG_SCHEMA;
    };
  }
}
