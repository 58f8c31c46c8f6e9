package io.tocsin.streams.dispatcher;

import io.tocsin.avro.AffectedEvent;
import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.DispatchControl;
import io.tocsin.avro.IncidentProgress;
import io.tocsin.avro.Notice;
import io.tocsin.avro.SendCommand;
import io.tocsin.avro.User;
import io.tocsin.schemas.catalogue.Catalogue;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * The real dispatcher of one partition over stores in memory, for simulations in other modules. It
 * is shown the records of its topics one by one; transactions and time belong to the simulation.
 */
public final class SimulatedDispatcher {

  /** Takes what the dispatcher writes; nobody may see it before the transaction is committed. */
  public interface Output {

    /** A record of send-email or send-sms. */
    void command(String userId, SendCommand command);

    /** A record of notices. */
    void notice(Notice notice);

    /** A record of incident-progress. */
    void progress(IncidentProgress progress);
  }

  /** The stores at some moment. */
  public static final class Snapshot {

    private final Map<MapStore<?>, NavigableMap<byte[], byte[]>> entries;

    private Snapshot(Map<MapStore<?>, NavigableMap<byte[], byte[]>> entries) {
      this.entries = entries;
    }
  }

  private static final Catalogue CATALOGUE = Catalogue.sample();

  private final DispatcherSettings settings;
  private final int partition;
  private final Outbox outbox;
  private final MapStores stores = new MapStores();
  private PartitionDispatcher dispatcher;

  /**
   * Takes up a partition.
   *
   * @param options settings that are not the defaults
   * @param now epoch ms
   */
  public SimulatedDispatcher(Map<String, String> options, int partition, Output output, long now) {
    this.settings = Samples.settings(options);
    this.partition = partition;
    this.outbox =
        new Outbox() {
          @Override
          public void command(String userId, SendCommand command) {
            output.command(userId, command);
          }

          @Override
          public void notice(Notice notice) {
            output.notice(notice);
          }

          @Override
          public void progress(IncidentProgress progress) {
            output.progress(progress);
          }
        };
    this.dispatcher = dispatcher(now);
  }

  private PartitionDispatcher dispatcher(long now) {
    return new PartitionDispatcher(
        settings, CATALOGUE, partition, stores.stores(), outbox, () -> 0L, now);
  }

  /** Forgets all but the stores, as a crash does. */
  public void restart(long now) {
    dispatcher = dispatcher(now);
  }

  /** The stores as they are now. */
  public Snapshot snapshot() {
    return new Snapshot(stores.snapshot());
  }

  /** Takes the stores back; a {@link #restart} must follow. A snapshot can be used once. */
  public void restore(Snapshot snapshot) {
    stores.restore(snapshot.entries);
  }

  /** How often the stores were written to. */
  public long writes() {
    return stores.writes();
  }

  /** When the next timer is due, in epoch ms; 0 if there is none. */
  public long nextDue() {
    try (KeyValueIterator<String, byte[]> all = stores.due.all()) {
      return all.hasNext() ? Long.parseLong(all.peekNextKey().substring(0, 16), 16) : 0;
    }
  }

  /** A record of users; null when the user is gone. */
  public void user(String userId, @Nullable User user, long now) {
    dispatcher.user(userId, user, now);
  }

  /** A record of affected. */
  public void affected(String userId, AffectedEvent event, long now) {
    dispatcher.affected(userId, event, now);
  }

  /** A record of dispatch-control. */
  public void control(DispatchControl control, long now) {
    dispatcher.control(control, now);
  }

  /** A record of delivery-events; what is wrong with it, if anything. */
  public Optional<String> reported(String userId, DeliveryEvent event, long now) {
    return dispatcher.reported(userId, event, now);
  }

  /** Does what no record asks for. */
  public void tick(long now) {
    dispatcher.tick(now);
  }
}
