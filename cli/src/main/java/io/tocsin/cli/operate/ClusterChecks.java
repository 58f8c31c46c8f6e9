package io.tocsin.cli.operate;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.tocsin.cli.CommandException;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.serde.Registry;
import io.tocsin.schemas.topic.Topic;
import io.tocsin.schemas.topic.Topics;
import io.tocsin.schemas.topic.TopicsCheck;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;

/** Checks Kafka, the topics, the schema registry and what is in it. */
final class ClusterChecks {

  private static final String TRANSACTION_VERSION = "transaction.version";
  private static final int TRANSACTION_LEVEL = 2;

  private final TocsinConfig config;

  ClusterChecks(TocsinConfig config) {
    this.config = config;
  }

  List<Finding> run() {
    List<Finding> findings = new ArrayList<>();
    try (Cluster cluster = Cluster.connect(config)) {
      findings.add(kafka(cluster));
      findings.add(transactions(cluster));
      List<Finding> topics = topics(cluster);
      findings.addAll(topics);
      findings.addAll(schemas(cluster.registry()));
      if (topics.stream().allMatch(finding -> finding.level() == Finding.Level.OK)) {
        findings.add(deadLetters(cluster));
      }
    } catch (CommandException e) {
      findings.add(Finding.fail("kafka", e.sentence()));
      try (Registry registry = Registry.connect(config.registry())) {
        findings.addAll(schemas(registry));
      }
    } catch (KafkaException e) {
      findings.add(Finding.fail("kafka", String.valueOf(e.getMessage())));
    }
    return findings;
  }

  private Finding kafka(Cluster cluster) {
    int brokers = get(cluster.admin().describeCluster().nodes()).size();
    return Finding.ok(
        "kafka", brokers + " brokers at " + config.string(CommonKeys.BOOTSTRAP_SERVERS));
  }

  private static Finding transactions(Cluster cluster) {
    FinalizedVersionRange level =
        get(cluster.admin().describeFeatures().featureMetadata())
            .finalizedFeatures()
            .get(TRANSACTION_VERSION);
    int found = level == null ? 0 : level.maxVersionLevel();
    return found >= TRANSACTION_LEVEL
        ? Finding.ok("transactions", TRANSACTION_VERSION + "=" + found)
        : Finding.fail(
            "transactions",
            TRANSACTION_VERSION
                + "="
                + found
                + ": a hanging transaction may be joined by a stranger's records (KIP-890); raise"
                + " it with kafka-features.sh upgrade --feature "
                + TRANSACTION_VERSION
                + "="
                + TRANSACTION_LEVEL);
  }

  private List<Finding> topics(Cluster cluster) {
    List<String> problems = new TopicsCheck(cluster.admin(), config).problems();
    return problems.isEmpty()
        ? List.of(Finding.ok("topics", Topics.ALL.size() + " with the recorded partitions"))
        : problems.stream().map(problem -> Finding.fail("topics", problem)).toList();
  }

  private static List<Finding> schemas(Registry registry) {
    List<Finding> findings = new ArrayList<>();
    String where = registry.config().where();
    try {
      for (Topic<String, ? extends SpecificRecord> topic : Topics.ALL) {
        try {
          registry
              .client()
              .getId(topic.subject(), new AvroSchema(registry.codec(topic.valueType()).schema()));
        } catch (RestClientException e) {
          findings.add(
              Finding.fail(
                  "schemas",
                  "subject "
                      + topic.subject()
                      + " does not have this version's schema (HTTP "
                      + e.getStatus()
                      + "); register it with `tocsin topics apply`"));
        }
      }
    } catch (IOException e) {
      return List.of(
          Finding.fail(
              "schemas",
              "no answer from the schema registry at "
                  + where
                  + "; is it running, and is schema.registry.url right?"));
    }
    return findings.isEmpty()
        ? List.of(Finding.ok("schemas", Topics.ALL.size() + " registered at " + where))
        : findings;
  }

  private static Finding deadLetters(Cluster cluster) {
    long open =
        DeadLetterFile.read(cluster).all().stream()
            .filter(letter -> letter.replays().isEmpty())
            .count();
    return open == 0
        ? Finding.ok("dead letters", "none")
        : Finding.warn(
            "dead letters", open + " not replayed; see `tocsin dead-letters list --open`");
  }

  private static <T> T get(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("Interrupted", e);
    }
  }
}
