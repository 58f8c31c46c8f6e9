package io.tocsin.cli.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tocsin.avro.Decision;
import io.tocsin.avro.DispatchControl;
import io.tocsin.broker.Broker;
import io.tocsin.broker.BrokerSettings;
import io.tocsin.cli.AllKeys;
import io.tocsin.cli.ExitCodes;
import io.tocsin.cli.Main;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.part.Part;
import io.tocsin.schemas.topic.Topics;
import io.tocsin.streams.StartCheck;
import io.tocsin.streams.intake.IntakePart;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What needs no person's approval, with a real broker and the intake at work. */
class StandingApprovalIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  @Test
  void shouldApproveWhatIsAcceptedFromItsFirstStartOnAndOnce() throws Exception {
    try (Broker broker = Broker.start(BrokerSettings.in(folder.resolve("broker")))) {
      // Given: an incident that was accepted while nobody approved by rule
      Path properties = configure(broker);
      TocsinConfig config = TocsinConfig.load(AllKeys.definition(), properties, Map.of(), Map.of());
      run(properties, "keys", "create");
      run(properties, "topics", "apply");
      List<PartCommand.Starter> starters =
          StandingApproval.after(
              (settings, metrics, http) -> IntakePart.start(settings, metrics, StartCheck.NONE),
              config);
      assertThat(starters).hasSize(2);
      PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      try (Part _ = starters.getFirst().start(config, metrics, (path, handler) -> {})) {
        run(properties, "incident", "publish", incident("BEFORE"));

        // When: it is started, stopped in between, and an incident is published each time
        for (String id : List.of("FIRST", "SECOND")) {
          try (Part approval = starters.getLast().start(config, metrics, (path, handler) -> {})) {
            await().atMost(PATIENCE).until(() -> approval.unready().isEmpty());
            run(properties, "incident", "publish", incident(id));
            await().atMost(PATIENCE).until(() -> approved(config).contains(id));
            assertThat(approval.unhealthy()).isEmpty();
          }
        }

        // Then
        assertThat(approved(config)).containsExactlyInAnyOrder("FIRST", "SECOND");
      }
    }
  }

  @Test
  void shouldNotRunWhereAPersonApproves() throws Exception {
    // Given
    TocsinConfig config = TocsinConfig.load(AllKeys.definition(), null, Map.of(), Map.of());

    // When
    List<PartCommand.Starter> starters =
        StandingApproval.after(
            (settings, metrics, http) -> IntakePart.start(settings, metrics, StartCheck.NONE),
            config);

    // Then
    assertThat(starters).hasSize(1);
  }

  /** Ids of incidents in the approvals that reached the first partition of users. */
  private static List<String> approved(TocsinConfig config) {
    List<String> approved = new ArrayList<>();
    try (Cluster cluster = Cluster.connect(config)) {
      cluster
          .reader()
          .each(
              Topics.DISPATCH_CONTROL,
              entry -> {
                DispatchControl control = entry.value();
                if (entry.partition() == 0
                    && control != null
                    && control.getBody() instanceof Decision decision) {
                  assertThat(decision.getPerson()).isEqualTo(StandingApproval.PERSON);
                  approved.add(decision.getIncidentId());
                }
              });
    }
    return approved;
  }

  private Path configure(Broker broker) throws Exception {
    return Files.writeString(
        folder.resolve("tocsin.properties"),
        String.join(
            "\n",
            "kafka.bootstrap.servers=" + broker.bootstrapServers(),
            "schema.registry.url=mock://" + UUID.randomUUID(),
            "topics.partitions.users=2",
            "topics.partitions.holdings=2",
            "approval.required=false",
            "keys.dir=" + folder.resolve("keys"),
            "state.dir=" + folder.resolve("state"),
            "controller.name=Any2text",
            "controller.legal.name=TopTama LLP",
            "controller.address=Pavlodar",
            "controller.email=help@any2text.example"));
  }

  private String incident(String incidentId) throws Exception {
    return Files.writeString(
            folder.resolve(incidentId + ".json"),
            """
            {"incidentId":"%s","version":1,"kind":"disclosure","reporter":"siem",
             "scope":{"datasets":[{"dataset":"registration"}]}}
            """
                .formatted(incidentId))
        .toString();
  }

  private static void run(Path properties, String... arguments) {
    StringWriter err = new StringWriter();
    int exitCode =
        Main.commandLine(Map.of("TOCSIN_CONFIG", properties.toString()))
            .setOut(new PrintWriter(new StringWriter(), true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments);
    assertThat(exitCode).as(err.toString()).isEqualTo(ExitCodes.OK);
  }
}
