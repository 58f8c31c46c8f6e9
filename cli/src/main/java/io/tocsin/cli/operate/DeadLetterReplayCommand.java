package io.tocsin.cli.operate;

import io.tocsin.avro.DeadLetter;
import io.tocsin.cli.CommandException;
import io.tocsin.cli.ExitCodes;
import io.tocsin.cli.TocsinCommand;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.cli.cluster.Publisher;
import io.tocsin.schemas.seal.DeadLetterOpener;
import io.tocsin.schemas.topic.Kept;
import io.tocsin.schemas.topic.Topic;
import io.tocsin.schemas.topic.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tocsin dead-letters replay}. */
@Command(
    name = "replay",
    description = {
      "Opens dead letters and writes the original bytes to where they came from, once what kept"
          + " them from being processed is mended: a missing schema, a missing category of the"
          + " catalogue.",
      "Writes a record among the dead letters that says so. Needs dead-letters.private.json.",
      "Exits with 3 if a newer record of the same key was written since, or the letter was replayed"
          + " before; --force does it anyway."
    })
final class DeadLetterReplayCommand extends TocsinCommand {

  @Parameters(paramLabel = "ID", arity = "1..*", description = "Ids of dead letters.")
  private List<Long> ids = List.of();

  @Option(names = "--as", paramLabel = "PERSON", required = true, description = "Who replays.")
  private String person = "";

  @Option(
      names = "--force",
      description = "Even if it was replayed before or overwrites a newer record.")
  private boolean force;

  @Override
  public Integer call() throws InterruptedException {
    DeadLetterOpener opener = KeysCommand.keys(config()).deadLetterOpener();
    try (Cluster cluster = Cluster.connect(config());
        KafkaProducer<byte[], byte[]> producer = cluster.rawProducer();
        Publisher<DeadLetter> publisher = new Publisher<>(cluster, Topics.DEAD_LETTERS)) {
      DeadLetterFile file = DeadLetterFile.read(cluster);
      List<DeadLetterFile.Filed> letters = ids.stream().map(file::require).toList();
      for (DeadLetterFile.Filed letter : letters) {
        refuse(cluster, letter, opener);
      }
      List<Map<String, Object>> rows = new ArrayList<>();
      for (DeadLetterFile.Filed filed : letters) {
        long offset = replay(producer, filed.letter(), opener);
        publisher.send(filed.key(), mark(filed.letter()));
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", filed.id());
        row.put("topic", filed.letter().getTopic());
        row.put("partition", filed.letter().getPartition());
        row.put("offset", offset);
        rows.add(row);
      }
      publisher.flush();
      out().rows(List.of("id", "topic", "partition", "offset"), rows, "Nothing to replay.");
      return ExitCodes.OK;
    }
  }

  private void refuse(Cluster cluster, DeadLetterFile.Filed filed, DeadLetterOpener opener) {
    Topic<String, ? extends SpecificRecord> topic =
        topic(filed.letter())
            .orElseThrow(() ->
                CommandException.refused(
                    "Dead letter "
                        + filed.id()
                        + " comes from "
                        + filed.letter().getTopic()
                        + ", an internal topic; correct and publish it at its source"));
    if (force) {
      return;
    }
    if (!filed.replays().isEmpty()) {
      throw CommandException.refused(
          "Dead letter "
              + filed.id()
              + " was "
              + filed.replays().getLast()
              + "; --force does it again");
    }
    byte[] key = bytes(filed.letter().getSealedKey(), opener);
    if (key != null
        && topic.kept() == Kept.COMPACT
        && isOverwritten(cluster, topic, filed.letter(), new String(key, StandardCharsets.UTF_8))) {
      throw CommandException.refused(
          "A newer record of the key of dead letter "
              + filed.id()
              + " was written to "
              + topic
              + " since, which a replay would overwrite; --force does it anyway");
    }
  }

  private static <V extends SpecificRecord> boolean isOverwritten(
      Cluster cluster, Topic<String, V> topic, DeadLetter letter, String key) {
    AtomicBoolean newer = new AtomicBoolean();
    cluster
        .reader()
        .each(
            topic,
            key::equals,
            entry -> {
              if (entry.partition() == letter.getPartition()
                  && entry.offset() > letter.getOffset()) {
                newer.set(true);
              }
            },
            read -> {});
    return newer.get();
  }

  /**
   * To the same partition: whoever partitioned it first may hash keys in another way than we do.
   */
  private static long replay(
      KafkaProducer<byte[], byte[]> producer, DeadLetter letter, DeadLetterOpener opener)
      throws InterruptedException {
    try {
      return producer
          .send(
              new ProducerRecord<>(
                  letter.getTopic(),
                  letter.getPartition(),
                  bytes(letter.getSealedKey(), opener),
                  bytes(letter.getSealedValue(), opener)))
          .get()
          .offset();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
    }
  }

  private DeadLetter mark(DeadLetter letter) {
    return DeadLetter.newBuilder()
        .setTopic(letter.getTopic())
        .setPartition(letter.getPartition())
        .setOffset(letter.getOffset())
        .setPart("cli")
        .setCode(DeadLetterFile.REPLAYED)
        .setReason("replayed by " + person)
        .setAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
        .build();
  }

  private static byte @Nullable [] bytes(Optional<ByteBuffer> sealed, DeadLetterOpener opener) {
    return sealed.map(opener::open).orElse(null);
  }

  private static Optional<Topic<String, ? extends SpecificRecord>> topic(DeadLetter letter) {
    return Topics.ALL.stream().filter(topic -> topic.name().equals(letter.getTopic())).findFirst();
  }
}
