package io.tocsin.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tocsin.broker.Broker;
import io.tocsin.broker.BrokerSettings;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.RegistryKeys;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.serde.Registry;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicsApplyIT {

  private final String registryUrl = "mock://" + UUID.randomUUID();

  @TempDir private Path folder;

  private Broker broker;
  private Admin admin;
  private Registry registry;

  @BeforeEach
  void start() throws Exception {
    broker = Broker.start(BrokerSettings.in(folder.resolve("broker")));
    admin = Admin.create(config("3").kafka());
    registry = Registry.connect(config("3").registry());
  }

  @AfterEach
  void stop() {
    registry.close();
    admin.close();
    broker.close();
  }

  @Test
  void shouldCreateEveryTopicAsItsConstantSays() throws Exception {
    // When
    List<TopicsApply.Applied> applied = new TopicsApply(admin, registry, config("3")).apply();

    // Then
    assertThat(applied).hasSize(Topics.ALL.size()).allMatch(TopicsApply.Applied::created);
    assertThat(
            admin.describeTopics(List.of("tocsin.users", "tocsin.incidents")).allTopicNames().get())
        .hasEntrySatisfying("tocsin.users", topic -> assertThat(topic.partitions()).hasSize(3))
        .hasEntrySatisfying("tocsin.incidents", topic -> assertThat(topic.partitions()).hasSize(1));
    assertThat(cleanupPolicy("tocsin.users")).isEqualTo("compact");
    assertThat(cleanupPolicy("tocsin.notices")).isEqualTo("delete");
    Collection<String> subjects = registry.client().getAllSubjects();
    assertThat(subjects).containsAll(Topics.ALL.stream().map(Topic::subject).toList());
    assertThat(registry.client().getCompatibility("tocsin.users-value"))
        .isEqualTo("BACKWARD_TRANSITIVE");
    new TopicsCheck(admin, config("3")).verify();
  }

  @Test
  void shouldChangeNothingWhenAppliedAgain() {
    // Given
    List<TopicsApply.Applied> first = new TopicsApply(admin, registry, config("3")).apply();

    // When
    List<TopicsApply.Applied> second = new TopicsApply(admin, registry, config("3")).apply();

    // Then
    assertThat(second).noneMatch(TopicsApply.Applied::created);
    assertThat(second.stream().map(TopicsApply.Applied::schemaId))
        .isEqualTo(first.stream().map(TopicsApply.Applied::schemaId).toList());
  }

  @Test
  void shouldRefuseAnotherCountOfPartitions() {
    // Given
    new TopicsApply(admin, registry, config("3")).apply();

    // When / Then
    assertThatThrownBy(() -> new TopicsApply(admin, registry, config("4")).apply())
        .isInstanceOf(TopicsException.class)
        .hasMessageContaining(
            "tocsin.users and 7 more have 3 partitions, but topics.partitions.users says 4; the"
                + " count is fixed once topics exist, so set it to 3");
    assertThatThrownBy(() -> new TopicsCheck(admin, config("4")).verify())
        .isInstanceOf(TopicsException.class)
        .hasMessageContaining("tocsin.users and 7 more have 3 partitions");
  }

  @Test
  void shouldNameMissingTopics() {
    // When / Then
    assertThatThrownBy(() -> new TopicsCheck(admin, config("3")).verify())
        .isInstanceOf(TopicsException.class)
        .hasMessageStartingWith("Missing topics: tocsin.users, tocsin.holdings")
        .hasMessageEndingWith("create them with `tocsin topics apply`");
  }

  @Test
  void shouldNoticePartitionsAddedByAnotherHand() throws Exception {
    // Given
    new TopicsApply(admin, registry, config("3")).apply();
    admin.createPartitions(Map.of("tocsin.affected", NewPartitions.increaseTo(5))).all().get();

    // When / Then
    await()
        .untilAsserted(() ->
            assertThatThrownBy(() -> new TopicsCheck(admin, config("3")).verify())
                .isInstanceOf(TopicsException.class)
                .hasMessageContaining("tocsin.affected was made with 3 partitions and has 5"));
  }

  @Test
  void shouldFinishWhatAnInterruptedRunBegan() throws Exception {
    // Given
    new TopicsApply(admin, registry, config("3")).apply();
    admin.deleteTopics(List.of("tocsin.topics")).all().get();
    await().until(() -> !admin.listTopics().names().get().contains("tocsin.topics"));

    // When
    new TopicsApply(admin, registry, config("3")).apply();

    // Then
    assertThat(new TopicsCheck(admin, config("3")).problems()).isEmpty();
  }

  private String cleanupPolicy(String topic) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    Config config =
        Objects.requireNonNull(admin.describeConfigs(List.of(resource)).all().get().get(resource));
    return config.get("cleanup.policy").value();
  }

  private TocsinConfig config(String usersPartitions) {
    ConfigDef definition = CommonKeys.define(new ConfigDef());
    RegistryKeys.define(definition);
    return TocsinConfig.load(
        definition,
        null,
        Map.of(),
        Map.of(
            CommonKeys.BOOTSTRAP_SERVERS,
            broker.bootstrapServers(),
            CommonKeys.USERS_PARTITIONS,
            usersPartitions,
            CommonKeys.HOLDINGS_PARTITIONS,
            "2",
            RegistryKeys.URL,
            registryUrl));
  }
}
