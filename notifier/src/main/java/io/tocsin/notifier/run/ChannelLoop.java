package io.tocsin.notifier.run;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tocsin.schemas.serde.RegistryException;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one channel's commands from Kafka and sees each to an outcome that Kafka has acknowledged,
 * on one thread that polls: see {@link ChannelWork}.
 */
public final class ChannelLoop implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ChannelLoop.class);

  private static final Duration REGISTRY_PAUSE = Duration.ofSeconds(1);

  private final ChannelSettings settings;
  private final Consumer<byte[], byte[]> consumer;
  private final Slots slots;
  private final ChannelWork work;
  private final Thread thread;
  private volatile boolean closing;
  private volatile boolean killed;
  private volatile @Nullable String registryTrouble;
  private volatile @Nullable RuntimeException failure;

  ChannelLoop(
      ChannelSettings settings,
      Consumer<byte[], byte[]> consumer,
      Slots slots,
      ChannelWork work,
      MeterRegistry metrics) {
    this.settings = settings;
    this.consumer = consumer;
    this.slots = slots;
    this.work = work;
    Gauge.builder("tocsin.notifier.in.flight", work, ChannelWork::occupied)
        .tag("channel", settings.word())
        .register(metrics);
    this.thread = Thread.ofPlatform().name("notifier-" + settings.word()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Why the loop has stopped; empty while it runs. */
  public Optional<String> unhealthy() {
    return Optional.ofNullable(failure)
        .map(e -> "the " + settings.word() + " loop has stopped: " + e.getMessage());
  }

  /** Why no commands are worked on; empty when they are. */
  public Optional<String> unready() {
    Optional<String> trouble = Optional.ofNullable(registryTrouble).or(work::registryTrouble);
    if (trouble.isPresent()) {
      return trouble;
    }
    return work.joined()
        ? Optional.empty()
        : Optional.of("the " + settings.word() + " loop has not joined its group yet");
  }

  /** Finishes what is in flight, commits and leaves the group. */
  @Override
  public void close() {
    closing = true;
    join();
  }

  /** Stops as a SIGKILL would: nothing is waited for, committed or reported. For tests. */
  void kill() {
    killed = true;
    work.kill();
    slots.cut();
    join();
  }

  private void join() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (slots) {
      try {
        goAround();
      } finally {
        leave();
      }
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  /** A stop gives its partitions away at once; who was killed keeps them if it has a name. */
  private void leave() {
    consumer.close(
        CloseOptions.groupMembershipOperation(
            killed ? GroupMembershipOperation.DEFAULT : GroupMembershipOperation.LEAVE_GROUP));
  }

  private void goAround() {
    try {
      awaitRegistry();
      work.subscribe();
      while (!closing && !killed) {
        work.cycle();
      }
      if (!killed) {
        work.finish();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // Before the consumer is closed, which would otherwise commit what may not be true.
      failed(e);
    }
  }

  private void failed(RuntimeException e) {
    failure = e;
    killed = true;
    work.kill();
    log.atError()
        .addKeyValue("channel", settings.word())
        .setCause(e)
        .log("The channel's loop has stopped");
  }

  /** No command is started before its outcome can be written. */
  private void awaitRegistry() throws InterruptedException {
    while (!closing && !killed) {
      try {
        slots.prepare();
        registryTrouble = null;
        return;
      } catch (RegistryException e) {
        if (registryTrouble == null) {
          log.atWarn()
              .addKeyValue("channel", settings.word())
              .addKeyValue("reason", e.getMessage())
              .log("Waiting for the schema registry");
        }
        registryTrouble = e.getMessage();
        Thread.sleep(REGISTRY_PAUSE);
      }
    }
  }
}
