package io.tocsin.streams;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tocsin.avro.DeadLetter;
import io.tocsin.schemas.catalogue.Catalogue;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.RegistryKeys;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.deadletter.DeadLetters;
import io.tocsin.schemas.seal.Keys;
import io.tocsin.schemas.serde.Registry;
import io.tocsin.streams.dispatcher.DispatcherPart;
import io.tocsin.streams.identifier.IdentifierPart;
import io.tocsin.streams.intake.IntakePart;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;

/** Contexts and drivers for topology tests: a registry in memory, keys in a temporary folder. */
public final class TestStreams {

  private TestStreams() {}

  /** Every key of the parts in this module. */
  public static TocsinConfig config(Map<String, String> options) {
    ConfigDef definition =
        StreamsKeys.define(RegistryKeys.define(CommonKeys.define(new ConfigDef())));
    DispatcherPart.define(IdentifierPart.define(IntakePart.define(definition)));
    return TocsinConfig.load(definition, null, Map.of(), options);
  }

  /** A context whose registry, keys and state are its own. */
  public static StreamsContext context(String part, Path folder, Map<String, String> options)
      throws IOException {
    Map<String, String> all = new HashMap<>();
    all.put(RegistryKeys.URL, "mock://" + UUID.randomUUID());
    all.put("auto.register.schemas", "true");
    all.put(CommonKeys.KEYS_DIR, folder.resolve("keys").toString());
    all.put(StreamsKeys.STATE_DIR, folder.resolve("state").toString());
    all.put(StreamsKeys.STATE_MEMORY_MB, "16");
    all.putAll(options);
    Keys keys = Keys.in(folder.resolve("keys"));
    keys.create();
    TocsinConfig config = config(all);
    Registry registry = Registry.connect(config.registry());
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    return new StreamsContext(
        part,
        config,
        registry,
        Catalogue.sample(),
        new DeadLetterWriter(
            new DeadLetters(keys.deadLetterSealer(), part, Clock.systemUTC()),
            registry.serde(DeadLetter.class).serializer(),
            meters),
        meters,
        StartCheck.NONE);
  }

  /** A topology without Kafka, with the settings it would run with. */
  public static TopologyTestDriver driver(
      StreamsContext context, Topology topology, Instant start) {
    Properties properties =
        StreamsProperties.of(
            context, "test", Path.of(context.config().string(StreamsKeys.STATE_DIR)), Map.of());
    properties.putAll(new StateMemory(16).config());
    // In its own transactions the driver forgets what Kafka Streams' error handlers write
    // (KIP-1034).
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
    return new TopologyTestDriver(topology, properties, start);
  }
}
