package io.tocsin.cli.demo;

import io.tocsin.cli.cluster.Cluster;
import io.tocsin.cli.stack.JvmPart;
import io.tocsin.cli.stack.StackException;
import io.tocsin.cli.stack.StartedPart;
import io.tocsin.cli.stack.Supervisor;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.seal.Keys;
import io.tocsin.schemas.topic.TopicsApply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Broker, registry, stand-ins and the parts of Tocsin, each a process, on one data folder. Every
 * address is settled before anything starts, so everything starts at once; the parts wait for what
 * they need.
 */
final class EmbeddedStack implements AutoCloseable {

  private final Supervisor supervisor;
  private final StackPlan plan;
  private final Steps steps;
  private final CompletableFuture<StartedPart> ended = new CompletableFuture<>();
  private final Map<String, CompletableFuture<StartedPart>> starting = new LinkedHashMap<>();

  private EmbeddedStack(StackPlan plan, Steps steps) throws StackException {
    this.plan = plan;
    this.steps = steps;
    this.supervisor = Supervisor.of(plan.data(), ended::complete);
  }

  /**
   * Starts everything and returns as soon as the topics are there; {@link #awaitReady} waits for
   * the rest.
   *
   * @param config what the parts are configured with, as they read it
   * @throws StackException if the folder is in use, or something does not become ready
   */
  static EmbeddedStack start(StackPlan plan, TocsinConfig config, Steps steps) throws Exception {
    EmbeddedStack stack = new EmbeddedStack(plan, steps);
    try {
      Keys.in(plan.files().keys()).create();
      stack.startAll(config);
      return stack;
    } catch (Exception | Error e) {
      stack.close();
      throw e;
    }
  }

  /** Returns when every part is ready. */
  void awaitReady() throws Exception {
    allOrFirstFailure(List.copyOf(starting.values()));
  }

  /** Process ids by part, in the order of their start. */
  Map<String, Long> pids() {
    return supervisor.pids();
  }

  /** What it was started by. */
  StackPlan plan() {
    return plan;
  }

  /** Completes with a part that ended although nobody stopped it. */
  CompletableFuture<StartedPart> ended() {
    return ended;
  }

  /**
   * Stops what depends on others first, and what does not depend on each other at the same time.
   */
  @Override
  public void close() throws StackException {
    try {
      stopTogether(List.of(StackPlan.STREAMS, StackPlan.NOTIFIER));
      stopTogether(List.of(StackPlan.MAIL_SINK, StackPlan.TWILIO, StackPlan.REGISTRY));
    } finally {
      supervisor.close();
    }
  }

  private void stopTogether(List<String> names) {
    List<Thread> stops = new ArrayList<>();
    for (String name : names) {
      CompletableFuture<StartedPart> part = starting.get(name);
      if (part != null && part.isDone() && !part.isCompletedExceptionally()) {
        stops.add(Thread.ofPlatform().name("stop " + name).start(() -> stop(part.join())));
      }
    }
    for (Thread stop : stops) {
      try {
        stop.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static void stop(StartedPart part) {
    try {
      part.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void startAll(TocsinConfig config) throws Exception {
    List<CompletableFuture<?>> needed = new ArrayList<>();
    for (JvmPart server : plan.servers(config)) {
      CompletableFuture<StartedPart> ready = fork(server);
      if (server.name().equals(StackPlan.BROKER) || server.name().equals(StackPlan.REGISTRY)) {
        needed.add(ready);
      }
    }
    for (JvmPart part : plan.parts()) {
      var _ = fork(part);
    }
    allOrFirstFailure(needed);
    steps.run("topics and schemas applied", () -> applyTopics(config));
  }

  private CompletableFuture<StartedPart> fork(JvmPart part) {
    CompletableFuture<StartedPart> ready =
        steps.fork(part.name() + " ready", () -> supervisor.start(part));
    starting.put(part.name(), ready);
    return ready;
  }

  private static int applyTopics(TocsinConfig config) {
    try (Cluster cluster = Cluster.connect(config)) {
      return new TopicsApply(cluster.admin(), cluster.registry(), config).apply().size();
    }
  }

  /** Waits for all, but not for the others once one has failed. */
  private static void allOrFirstFailure(List<CompletableFuture<?>> steps) throws Exception {
    CompletableFuture<Void> outcome = new CompletableFuture<>();
    AtomicInteger left = new AtomicInteger(steps.size());
    for (CompletableFuture<?> step : steps) {
      var _ =
          step.whenComplete((done, failure) -> {
            if (failure != null) {
              outcome.completeExceptionally(failure);
            } else if (left.decrementAndGet() == 0) {
              outcome.complete(null);
            }
          });
    }
    Steps.join(outcome);
  }
}
