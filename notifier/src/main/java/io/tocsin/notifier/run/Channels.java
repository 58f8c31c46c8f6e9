package io.tocsin.notifier.run;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tocsin.avro.SendCommand;
import io.tocsin.notifier.attempt.Attempts;
import io.tocsin.notifier.attempt.Breakers;
import io.tocsin.notifier.attempt.Lease;
import io.tocsin.notifier.attempt.ProviderChannel;
import io.tocsin.notifier.attempt.RateLimit;
import io.tocsin.notifier.attempt.Texts;
import io.tocsin.schemas.deadletter.DeadLetters;
import io.tocsin.schemas.seal.ContactOpener;
import io.tocsin.schemas.serde.Registry;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * What the loops of all channels share, and how a loop is put together from it.
 *
 * @param kafka makes their consumers
 * @param registry where commands' schemas are
 * @param writer takes their outcomes
 * @param texts the compiled texts
 * @param contacts opens contacts
 * @param deadLetters makes dead letters
 * @param clock the wall clock
 * @param metrics where they count
 */
public record Channels(
    KafkaClients kafka,
    Registry registry,
    OutcomeWriter writer,
    Texts texts,
    ContactOpener contacts,
    DeadLetters deadLetters,
    Clock clock,
    MeterRegistry metrics) {

  /** Starts the loop of a channel. */
  public ChannelLoop start(ChannelSettings settings, ProviderChannel provider) {
    Breakers breakers =
        new Breakers(settings.word(), settings.breakerFaults(), settings.breakerPause(), clock);
    Gauge.builder("tocsin.notifier.channel.paused", breakers, b -> b.isPaused() ? 1 : 0)
        .tag("channel", settings.word())
        .register(metrics);
    Gauge.builder("tocsin.notifier.destinations.paused", breakers, Breakers::pausedDestinations)
        .tag("channel", settings.word())
        .register(metrics);
    Lease lease = new Lease(settings.lease(), System::nanoTime, clock);
    Attempts attempts = new Attempts(provider, contacts, texts, breakers, clock);
    Slots slots =
        new Slots(
            settings,
            Executors.newFixedThreadPool(
                settings.slots(),
                Thread.ofPlatform().name("notifier-" + settings.word() + "-", 0).factory()),
            new LinkedBlockingQueue<>(),
            attempts,
            writer,
            deadLetters,
            lease,
            clock,
            metrics);
    Consumer<byte[], byte[]> consumer = kafka.commands(settings);
    ChannelWork work =
        new ChannelWork(
            settings,
            consumer,
            new CommandReader(
                registry.codec(SendCommand.class), settings.channel(), settings.usersPartitions()),
            slots,
            lease,
            new RateLimit(settings.ratePerSecond(), System::nanoTime),
            System::nanoTime);
    ChannelLoop loop = new ChannelLoop(settings, consumer, slots, work, metrics);
    loop.start();
    return loop;
  }
}
