package io.tocsin.notifier.run;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tocsin.avro.SendCommand;
import io.tocsin.notifier.attempt.Attempts;
import io.tocsin.notifier.attempt.Breaker;
import io.tocsin.notifier.attempt.Lease;
import io.tocsin.notifier.attempt.ProviderChannel;
import io.tocsin.notifier.attempt.RateLimit;
import io.tocsin.notifier.attempt.Texts;
import io.tocsin.schemas.deadletter.DeadLetters;
import io.tocsin.schemas.seal.ContactOpener;
import io.tocsin.schemas.serde.Registry;
import java.time.Clock;

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
    Breaker breaker =
        new Breaker(settings.word(), settings.breakerFaults(), settings.breakerPause(), clock);
    Gauge.builder("tocsin.notifier.channel.paused", breaker, b -> b.isOpen() ? 1 : 0)
        .tag("channel", settings.word())
        .register(metrics);
    Lease lease = new Lease(settings.lease(), System::nanoTime, clock);
    Attempts attempts = new Attempts(provider, contacts, texts, breaker, clock);
    Slots slots = new Slots(settings, attempts, writer, deadLetters, lease, clock, metrics);
    ChannelLoop loop =
        new ChannelLoop(
            settings,
            kafka.commands(settings),
            new CommandReader(
                registry.codec(SendCommand.class), settings.channel(), settings.usersPartitions()),
            slots,
            lease,
            new RateLimit(settings.ratePerSecond(), System::nanoTime),
            metrics);
    loop.start();
    return loop;
  }
}
