package io.tocsin.cli.demo;

import io.tocsin.cli.AllKeys;
import io.tocsin.cli.CommandException;
import io.tocsin.cli.Main;
import io.tocsin.cli.stack.DataDir;
import io.tocsin.cli.stack.Ports;
import io.tocsin.cli.stack.StackException;
import io.tocsin.cli.stack.StartedPart;
import io.tocsin.schemas.config.TocsinConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.common.config.ConfigDef;

/**
 * A stack in the hands of a command: planned from the command's options, stopped when the command
 * or the process ends.
 */
final class StackRun implements AutoCloseable {

  private static final long SIGNAL_SETTLES_MS = 500;

  private final EmbeddedStack stack;
  private final TocsinConfig config;
  private final Thread hook;
  private final CountDownLatch stopping = new CountDownLatch(1);

  private StackRun(EmbeddedStack stack, TocsinConfig config) {
    this.stack = stack;
    this.config = config;
    this.hook = Thread.ofPlatform().name("stop").unstarted(this::stop);
  }

  /**
   * Plans and starts; returns once the topics are there.
   *
   * @throws CommandException if something does not start
   */
  static StackRun start(Main root, DataDir data, StackOptions ports, Steps steps) throws Exception {
    try {
      return plan(root, data, ports, steps);
    } catch (StackException e) {
      throw CommandException.failed(String.valueOf(e.getMessage()), e);
    }
  }

  private static StackRun plan(Main root, DataDir data, StackOptions ports, Steps steps)
      throws Exception {
    data.create();
    ConfigDef keys = AllKeys.definition();
    Path written = data.properties();
    UserSettings user =
        UserSettings.read(root.configFile(), written, root.environment(), root.settings());
    StackPlan plan =
        new StackPlan(
            new DemoFiles(data),
            Ports.settle(ports.wanted()),
            user,
            root.configFile(),
            UserSettings.readIfThere(written),
            secrets(keys));
    StackProperties properties = plan.properties();
    properties.write(written);
    Map<String, String> options = new HashMap<>(root.settings());
    options.putAll(plan.own());
    TocsinConfig config = TocsinConfig.load(keys, written, root.environment(), options);
    return new StackRun(EmbeddedStack.start(plan, config, steps), config).hooked();
  }

  /**
   * Waits until every part is ready.
   *
   * @throws CommandException if one ends or takes too long
   */
  void awaitReady() throws Exception {
    try {
      stack.awaitReady();
    } catch (StackException e) {
      throw CommandException.failed(String.valueOf(e.getMessage()), e);
    }
  }

  EmbeddedStack stack() {
    return stack;
  }

  /** The configuration of its parts, which serves commands as well. */
  TocsinConfig config() {
    return config;
  }

  /** What {@code --config} takes in another terminal. */
  Path propertiesFile() {
    return stack.plan().data().properties();
  }

  /**
   * Waits for a part to end by itself, and says which. A signal to the whole process group reaches
   * a part before this process knows that it is to stop itself; then this never returns.
   */
  String awaitEnd() throws InterruptedException {
    StartedPart ended = stack.ended().join();
    if (stopping.await(SIGNAL_SETTLES_MS, TimeUnit.MILLISECONDS)) {
      Thread.currentThread().join();
    }
    return ended.epitaph();
  }

  /** Whether the process is being stopped, so that a failure is only an echo of it. */
  boolean isStopping() throws InterruptedException {
    return stopping.await(SIGNAL_SETTLES_MS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() throws StackException {
    if (stopping.getCount() > 0) {
      Runtime.getRuntime().removeShutdownHook(hook);
      stack.close();
    }
  }

  private StackRun hooked() {
    Runtime.getRuntime().addShutdownHook(hook);
    return this;
  }

  private void stop() {
    stopping.countDown();
    try {
      stack.close();
    } catch (StackException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private static Predicate<String> secrets(ConfigDef keys) {
    return key -> {
      ConfigDef.ConfigKey known = keys.configKeys().get(key);
      String lower = key.toLowerCase(Locale.ROOT);
      return known != null
          ? known.type == ConfigDef.Type.PASSWORD
          : lower.contains("password") || lower.contains("jaas") || lower.contains("secret");
    };
  }
}
