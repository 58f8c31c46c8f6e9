package io.tocsin.cli.parts;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.tocsin.cli.CliKeys;
import io.tocsin.cli.CommandException;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.serde.Registry;
import io.tocsin.schemas.topic.Topics;
import io.tocsin.schemas.topic.TopicsCheck;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits until everything a part needs is there, so that parts can be started in any order. */
final class Dependencies {

  private static final Logger log = LoggerFactory.getLogger(Dependencies.class);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(300);
  private static final Duration PATIENCE_PER_LOOK = Duration.ofSeconds(5);
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

  private final TocsinConfig config;

  Dependencies(TocsinConfig config) {
    this.config = config;
  }

  /**
   * Waits for Kafka, the topics and the registry.
   *
   * @throws CommandException saying what is still missing after {@link CliKeys#START_WAIT_MS}, or
   *     what waiting cannot mend
   */
  void await() {
    long begun = System.nanoTime();
    long patience = config.millis(CliKeys.START_WAIT_MS).toNanos();
    long lastLine = begun - BETWEEN_LINES.toNanos();
    try (Admin admin = admin();
        Registry registry = Registry.connect(config.registry())) {
      for (Optional<String> missing = missing(admin, registry);
          missing.isPresent();
          missing = missing(admin, registry)) {
        long now = System.nanoTime();
        if (now - begun > patience) {
          throw CommandException.failed(
              missing.get() + " (waited " + TimeUnit.NANOSECONDS.toSeconds(patience) + " s)");
        }
        if (now - lastLine >= BETWEEN_LINES.toNanos()) {
          lastLine = now;
          log.atWarn().addKeyValue("reason", missing.get()).log("Waiting to start");
        }
        LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      }
    }
  }

  private Optional<String> missing(Admin admin, Registry registry) {
    Optional<String> kafka = kafkaMissing(admin);
    if (kafka.isPresent()) {
      return kafka;
    }
    TopicsCheck topics = new TopicsCheck(admin, config);
    try {
      List<String> absent = topics.missing();
      if (!absent.isEmpty()) {
        return Optional.of(
            "Missing topics: "
                + String.join(", ", absent)
                + "; create them with `tocsin topics apply`");
      }
      List<String> unrecorded = topics.unrecorded();
      if (!unrecorded.isEmpty()) {
        return Optional.of(
            "Partitions not recorded of topics: "
                + String.join(", ", unrecorded)
                + "; `tocsin topics apply` records them");
      }
      topics.verify();
    } catch (AuthorizationException e) {
      throw CommandException.failed(
          "Kafka does not permit looking at the topics: " + e.getMessage(), e);
    } catch (org.apache.kafka.common.errors.TimeoutException e) {
      return Optional.of(noKafka());
    }
    return registryMissing(registry);
  }

  private Optional<String> kafkaMissing(Admin admin) {
    try {
      admin.describeCluster().nodes().get(PATIENCE_PER_LOOK.toMillis(), TimeUnit.MILLISECONDS);
      return Optional.empty();
    } catch (TimeoutException e) {
      return Optional.of(noKafka());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthenticationException refused) {
        throw CommandException.failed(
            "Kafka refused the credentials: " + refused.getMessage(), refused);
      }
      return Optional.of(noKafka());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.failed("Interrupted while waiting for Kafka", e);
    }
  }

  private String noKafka() {
    return "No answer from Kafka at "
        + config.string(CommonKeys.BOOTSTRAP_SERVERS)
        + "; is it running, and is "
        + CommonKeys.BOOTSTRAP_SERVERS
        + " right?";
  }

  private Optional<String> registryMissing(Registry registry) {
    String subject = Topics.INCIDENTS.subject();
    try {
      registry.client().getLatestSchemaMetadata(subject);
      return Optional.empty();
    } catch (RestClientException e) {
      return Optional.of(
          "The schema registry at "
              + registry.config().where()
              + " has no schema of subject "
              + subject
              + " (HTTP "
              + e.getStatus()
              + "); register all with `tocsin topics apply`");
    } catch (IOException e) {
      return Optional.of(
          "No answer from the schema registry at "
              + registry.config().where()
              + "; is it running, and is schema.registry.url right?");
    }
  }

  private Admin admin() {
    Map<String, Object> settings = config.kafka();
    settings.put(
        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE_PER_LOOK.toMillis());
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE_PER_LOOK.toMillis());
    settings.putIfAbsent(AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG, 500L);
    settings.putIfAbsent(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500L);
    try {
      return Admin.create(settings);
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw CommandException.usage(
          CommonKeys.BOOTSTRAP_SERVERS
              + " is "
              + config.string(CommonKeys.BOOTSTRAP_SERVERS)
              + ": "
              + cause.getMessage());
    }
  }
}
