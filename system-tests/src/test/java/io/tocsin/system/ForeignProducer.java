package io.tocsin.system;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.zip.CRC32;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A publisher that shares no code with Tocsin: generic Avro by the registry's schemas, the
 * Confluent wire format by hand, and librdkafka's default partitioner ({@code consistent_random}:
 * CRC-32 of the key modulo the partitions).
 */
final class ForeignProducer implements AutoCloseable {

  private final ForeignRegistry registry;
  private final KafkaProducer<byte[], byte[]> kafka;

  ForeignProducer(String bootstrap, String registryUrl) {
    this.registry = new ForeignRegistry(registryUrl);
    this.kafka =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                ProducerConfig.ACKS_CONFIG,
                "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** The schema that a topic's values are written with. */
  Schema schema(String topic) {
    return registry.latest(topic).schema();
  }

  /** The id of that schema. */
  int id(String topic) {
    return registry.latest(topic).id();
  }

  /** Publishes a record and waits for Kafka to keep it. */
  RecordMetadata send(String topic, String key, GenericRecord value) {
    return send(topic, key, encode(id(topic), value));
  }

  /** Publishes any bytes and waits for Kafka to keep them. */
  RecordMetadata send(String topic, String key, byte[] value) {
    byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
    try {
      return kafka
          .send(new ProducerRecord<>(topic, partition(topic, keyBytes), keyBytes, value))
          .get();
    } catch (ExecutionException e) {
      throw new AssertionError("Kafka has refused a record", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    }
  }

  /** Magic byte 0, the schema's id, the Avro body. */
  static byte[] encode(int schemaId, GenericRecord value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(schemaId).array());
    try {
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
      new GenericDatumWriter<GenericRecord>(value.getSchema()).write(value, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private int partition(String topic, byte[] key) {
    CRC32 crc = new CRC32();
    crc.update(key);
    return (int) (crc.getValue() % kafka.partitionsFor(topic).size());
  }

  @Override
  public void close() {
    kafka.close();
  }
}
