package io.tocsin.streams;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;

/**
 * The clients of a topology, with transactions in the name of the member ({@link InstanceId}), one
 * name a thread. Who comes back after a kill under the same name ends the transaction that the dead
 * one had open. Until it is ended nobody may know the offsets that it was about to commit, the
 * member itself included, and Kafka Streams' own names last only where a topology keeps stores on
 * disk: intake would wait for the time-out of its own transaction after every other kill.
 */
final class OwnTransactions extends DefaultKafkaClientSupplier {

  private final String prefix;

  OwnTransactions(String applicationId, String instanceId) {
    this.prefix = applicationId + "-" + instanceId;
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    Map<String, Object> own = new HashMap<>(config);
    own.computeIfPresent(
        ProducerConfig.TRANSACTIONAL_ID_CONFIG, (key, name) -> nameOf(name.toString()));
    return super.getProducer(own);
  }

  /** Kafka Streams numbers its threads at the end of the name. */
  String nameOf(String streamsName) {
    return prefix + streamsName.substring(streamsName.lastIndexOf('-'));
  }
}
