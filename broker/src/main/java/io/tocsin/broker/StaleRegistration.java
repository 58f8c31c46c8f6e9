package io.tocsin.broker;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import kafka.server.ControllerServer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.controller.ControllerRequestContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the cluster's metadata say of a broker that was killed: that it is there and leads every
 * partition. It is dead for certain, for its controller has come back in this process, on the same
 * locked folder.
 *
 * <p>It is removed before the broker starts. Otherwise the controller would refuse the new broker
 * until the dead one's session has run out; and meanwhile the new broker would act as the leader
 * that the dead one was, lose every partition when it registers, and get them back. Loading
 * everything twice is the least of it: a transaction whose markers are being written while no
 * partition has a leader can lose them (KAFKA-20734), and is then undecided for ever.
 */
final class StaleRegistration {

  private static final Logger log = LoggerFactory.getLogger(StaleRegistration.class);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

  private final ControllerServer controller;

  /**
   * Of this node's broker.
   *
   * @param controller started, with its broker not yet
   */
  StaleRegistration(ControllerServer controller) {
    this.controller = controller;
  }

  /**
   * Returns once no broker is registered as running.
   *
   * @throws IllegalStateException if the controller does not become active within 60 s
   */
  void remove() {
    await("become active", () -> controller.controller().isActive());
    // Published for the first time when everything that was committed before has been read.
    await("read its metadata", () -> !controller.metadataCache().getImage().isEmpty());
    var registration =
        controller.metadataCache().getImage().cluster().broker(BrokerProperties.NODE_ID);
    if (registration == null || registration.fenced()) {
      return;
    }
    var request =
        new ControllerRequestContext(
            new RequestHeaderData(), KafkaPrincipal.ANONYMOUS, OptionalLong.empty());
    controller.controller().unregisterBroker(request, BrokerProperties.NODE_ID).join();
    await(
        "forget the broker that was killed",
        () ->
            controller.metadataCache().getImage().cluster().broker(BrokerProperties.NODE_ID)
                == null);
    log.atInfo().addKeyValue("epoch", registration.epoch()).log("Broker was killed; taken over");
  }

  private static void await(String what, BooleanSupplier done) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!done.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "the controller did not " + what + " within " + PATIENCE.toSeconds() + " s");
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }
}
