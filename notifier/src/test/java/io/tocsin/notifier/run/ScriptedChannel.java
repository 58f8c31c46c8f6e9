package io.tocsin.notifier.run;

import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.avro.SendCommand;
import io.tocsin.notifier.attempt.Outcome;
import io.tocsin.notifier.attempt.ProviderChannel;
import io.tocsin.notifier.attempt.StartGate;
import io.tocsin.notifier.text.Renderer;
import io.tocsin.schemas.contact.Contact;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

/** A provider that remembers what it was given, and can keep its answers back. */
final class ScriptedChannel implements ProviderChannel {

  private final List<String> received = new CopyOnWriteArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Semaphore answers = new Semaphore(0);
  private volatile boolean withheld;

  /** Answers only as often as {@link #answer} is called. */
  void withholdAnswers() {
    withheld = true;
  }

  void answer(int times) {
    answers.release(times);
  }

  /** Users of whom a message came in, in order, as often as it did. */
  List<String> received() {
    return received;
  }

  List<String> asked() {
    return asked;
  }

  @Override
  public String provider() {
    return "smtp";
  }

  @Override
  public Prepared prepare(SendCommand command, Contact contact, Renderer texts) {
    return new Prepared() {
      @Override
      public String renderedHash() {
        return "hash";
      }

      @Override
      public Outcome send(StartGate gate) {
        Optional<Outcome> refusal = gate.refusal();
        if (refusal.isPresent()) {
          return refusal.get();
        }
        received.add(command.getDeliveryId());
        if (withheld) {
          answers.acquireUninterruptibly();
        }
        return Outcome.accepted("id", null);
      }
    };
  }

  @Override
  public Outcome reconcile(SendCommand command, Contact contact) {
    asked.add(command.getDeliveryId());
    return Outcome.of(DeliveryEventKind.UNAVAILABLE, "nothing-to-ask");
  }

  @Override
  public void close() {}
}
