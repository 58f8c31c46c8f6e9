package io.tocsin.broker;

import java.util.Properties;

/**
 * The properties of a single-node KRaft cluster on loopback.
 *
 * <p>They favour a quick start and a small heap (256 MB is enough, 512 MB is generous): internal
 * topics have one replica and few partitions, groups do not wait for further members, and the log
 * cleaner's buffer is 32 MB instead of 128 MB. Topics are never created by accident.
 */
final class BrokerProperties {

  static final int NODE_ID = 1;
  static final String CLIENT_LISTENER = "CLIENT";
  static final String CONTROLLER_LISTENER = "CONTROLLER";

  private BrokerProperties() {}

  static Properties of(BrokerSettings settings, int clientPort, int controllerPort) {
    var properties = new Properties();
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", Integer.toString(NODE_ID));
    properties.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
    properties.put("controller.listener.names", CONTROLLER_LISTENER);
    properties.put("inter.broker.listener.name", CLIENT_LISTENER);
    properties.put("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    properties.put(
        "listeners",
        "CLIENT://127.0.0.1:" + clientPort + ",CONTROLLER://127.0.0.1:" + controllerPort);
    properties.put("advertised.listeners", "CLIENT://127.0.0.1:" + clientPort);
    properties.put("log.dirs", settings.dataDir().toString());

    properties.put("auto.create.topics.enable", "false");
    properties.put("default.replication.factor", "1");
    properties.put("min.insync.replicas", "1");
    properties.put("offsets.topic.num.partitions", "4");
    properties.put("offsets.topic.replication.factor", "1");
    properties.put("transaction.state.log.num.partitions", "4");
    properties.put("transaction.state.log.replication.factor", "1");
    properties.put("transaction.state.log.min.isr", "1");
    // How late a transaction may be found to have timed out; readers wait for it.
    properties.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    properties.put("share.coordinator.state.topic.num.partitions", "1");
    properties.put("share.coordinator.state.topic.replication.factor", "1");
    properties.put("share.coordinator.state.topic.min.isr", "1");

    // A group's offset carries the notifier's journal, so it must outlive a long stop: 90 days.
    properties.put("offsets.retention.minutes", Integer.toString(90 * 24 * 60));
    properties.put("group.initial.rebalance.delay.ms", "0");
    properties.put("group.streams.initial.rebalance.delay.ms", "0");

    // Nobody could take over from the only broker, so that it is slow must not make its controller
    // take the partitions away. A restart does not wait for this: see StaleRegistration.
    properties.put("broker.session.timeout.ms", "60000");
    properties.put("broker.heartbeat.interval.ms", "500");

    properties.put("num.network.threads", "2");
    properties.put("num.io.threads", "4");
    properties.put("background.threads", "2");
    properties.put("num.recovery.threads.per.data.dir", "2");
    properties.put("log.cleaner.dedupe.buffer.size", Integer.toString(32 * 1024 * 1024));
    properties.putAll(settings.overrides());
    return properties;
  }
}
