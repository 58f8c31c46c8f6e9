package io.tocsin.streams;

import io.tocsin.avro.DeadLetter;
import io.tocsin.schemas.topic.Topic;
import io.tocsin.schemas.topic.Topics;
import java.time.Duration;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.jspecify.annotations.Nullable;

/** A topology without Kafka: one partition, one thread, and a clock that goes when told to. */
public final class TestTopology implements AutoCloseable {

  private final StreamsContext context;
  private final TopologyTestDriver driver;

  /** Starts at {@link Samples#NOW}. */
  public TestTopology(StreamsContext context, Topology topology) {
    this.context = context;
    this.driver = TestStreams.driver(context, topology, Samples.NOW);
  }

  /** Publishes a record; null is a tombstone. */
  public <V extends SpecificRecord> void publish(
      Topic<String, V> topic, @Nullable String key, @Nullable V value) {
    driver
        .createInputTopic(topic.name(), new StringSerializer(), context.serde(topic).serializer())
        .pipeInput(key, value, Samples.NOW);
  }

  /** Publishes bytes that need not be a record. */
  public void publishBytes(Topic<String, ?> topic, byte @Nullable [] key, byte[] value) {
    driver
        .createInputTopic(topic.name(), new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(key, value, Samples.NOW);
  }

  /** Lets the clock go on, so that punctuators run. */
  public void advance(Duration time) {
    driver.advanceWallClockTime(time);
  }

  /** What was written to a topic since it was last read. */
  public <V extends SpecificRecord> List<KeyValue<String, V>> read(Topic<String, V> topic) {
    return driver
        .createOutputTopic(
            topic.name(), new StringDeserializer(), context.serde(topic).deserializer())
        .readKeyValuesToList();
  }

  /** The dead letters written since they were last read. */
  public List<DeadLetter> deadLetters() {
    return read(Topics.DEAD_LETTERS).stream().map(each -> each.value).toList();
  }

  /** How often records of a topic were set aside for a reason. */
  public double counted(Topic<?, ?> topic, String code) {
    return context
        .meters()
        .counter(DeadLetterWriter.COUNTER, "topic", topic.name(), "code", code)
        .count();
  }

  @Override
  public void close() {
    driver.close();
  }
}
