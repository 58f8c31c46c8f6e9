package io.tocsin.notifier.run;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.tocsin.avro.DeadLetter;
import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.SendCommand;
import io.tocsin.notifier.Fixtures;
import io.tocsin.notifier.attempt.Attempts;
import io.tocsin.notifier.attempt.Breakers;
import io.tocsin.notifier.attempt.Lease;
import io.tocsin.notifier.attempt.ProviderChannel;
import io.tocsin.notifier.attempt.RateLimit;
import io.tocsin.notifier.attempt.Texts;
import io.tocsin.notifier.text.Renderer;
import io.tocsin.schemas.deadletter.DeadLetters;
import io.tocsin.schemas.seal.ContactOpener;
import io.tocsin.schemas.serde.AvroCodec;
import io.tocsin.schemas.serde.Registry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/**
 * One channel's real work in a notifier, for simulations in other modules: the loop's cycles,
 * slots, journals, lease, attempts and the writer of outcomes, without a thread of its own. What it
 * needs of the machine it gets from the simulation.
 */
public final class SimulatedNotifier {

  private static final Renderer RENDERER = Fixtures.renderer();
  private static final Registry REGISTRY =
      Registry.connect(
          Map.of("schema.registry.url", "mock://simulation", "auto.register.schemas", true));
  private static final AvroCodec<SendCommand> COMMANDS = REGISTRY.codec(SendCommand.class);
  private static final AvroCodec<DeliveryEvent> EVENTS = REGISTRY.codec(DeliveryEvent.class);
  private static final AvroCodec<DeadLetter> SET_ASIDE = REGISTRY.codec(DeadLetter.class);
  private static final MeterRegistry UNCOUNTED = new CompositeMeterRegistry();

  /** What a process has of the machine it runs on. */
  public interface Machine {

    /** The monotonic clock. */
    long nanoTime();

    /** The wall clock. */
    InstantSource clock();

    /** Lets the calling thread wait, at most so long. */
    void await(Duration wait);

    /** Runs something on another thread. */
    void fork(Runnable task);
  }

  /** Slots to be freed; waiting for one takes the machine's time. */
  private static final class Finished extends LinkedBlockingQueue<Slot> {

    private static final long serialVersionUID = 1L;
    private final transient Machine machine;

    Finished(Machine machine) {
      this.machine = machine;
    }

    @Override
    public @Nullable Slot poll(long timeout, TimeUnit unit) {
      if (isEmpty() && timeout > 0) {
        machine.await(Duration.of(timeout, unit.toChronoUnit()));
      }
      return poll();
    }
  }

  /** The machine's threads. */
  private static final class Threads extends AbstractExecutorService {

    private final Machine machine;
    private boolean shutdown;

    Threads(Machine machine) {
      this.machine = machine;
    }

    @Override
    public void execute(Runnable task) {
      machine.fork(task);
    }

    @Override
    public void shutdown() {
      shutdown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
      shutdown();
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return shutdown;
    }

    @Override
    public boolean isTerminated() {
      return shutdown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return shutdown;
    }
  }

  private final ChannelWork work;

  /**
   * A process that has just started.
   *
   * @param textsAreThere whether the texts of notices can be found at the moment
   */
  public SimulatedNotifier(
      ChannelSettings settings,
      Machine machine,
      Consumer<byte[], byte[]> commands,
      Producer<byte[], byte[]> outcomes,
      ProviderChannel provider,
      ContactOpener contacts,
      DeadLetters deadLetters,
      BooleanSupplier textsAreThere) {
    Lease lease = new Lease(settings.lease(), machine::nanoTime, machine.clock());
    Texts texts =
        (id, version) -> textsAreThere.getAsBoolean() ? Optional.of(RENDERER) : Optional.empty();
    Breakers breakers =
        new Breakers(
            settings.word(), settings.breakerFaults(), settings.breakerPause(), machine.clock());
    Slots slots =
        new Slots(
            settings,
            new Threads(machine),
            new Finished(machine),
            new Attempts(provider, contacts, texts, breakers, machine.clock()),
            new OutcomeWriter(outcomes, EVENTS, SET_ASIDE),
            deadLetters,
            lease,
            machine.clock(),
            UNCOUNTED);
    this.work =
        new ChannelWork(
            settings,
            commands,
            new CommandReader(COMMANDS, settings.channel(), settings.usersPartitions()),
            slots,
            lease,
            new RateLimit(settings.ratePerSecond(), machine::nanoTime),
            machine::nanoTime);
  }

  /** Writes commands as this notifier reads them. */
  public static AvroCodec<SendCommand> commands() {
    return COMMANDS;
  }

  /** Reads outcomes as this notifier writes them. */
  public static AvroCodec<DeliveryEvent> events() {
    return EVENTS;
  }

  /** Joins the group. */
  public void subscribe() {
    work.subscribe();
  }

  /** Goes once around the loop. */
  public void cycle() {
    try {
      work.cycle();
    } catch (InterruptedException e) {
      throw new AssertionError("Nobody interrupts", e);
    }
  }

  /** Stops in good order. */
  public void finish() {
    try {
      work.finish();
    } catch (InterruptedException e) {
      throw new AssertionError("Nobody interrupts", e);
    }
  }
}
