package io.tocsin.system.simulation;

import io.tocsin.avro.Channel;
import io.tocsin.avro.SealedContact;
import io.tocsin.schemas.contact.Contact;
import io.tocsin.schemas.deadletter.DeadLetters;
import io.tocsin.schemas.seal.ContactOpener;
import io.tocsin.schemas.seal.ContactSealer;
import io.tocsin.schemas.seal.Keys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The contacts people have, sealed as importers seal them. What the provider does with one can be
 * read from it.
 */
final class People {

  /** What becomes of messages to a contact. */
  enum Kind {
    /** They are taken. */
    GOOD,
    /** They are refused for good. */
    REFUSED,
    /** They are taken and come back. */
    BOUNCED,
    /** They are often refused for now. */
    SLOW
  }

  private static final Map<String, SealedContact> SEALED = new HashMap<>();
  private static final ContactSealer SEALER;
  private static final ContactOpener OPENER;
  private static final DeadLetters DEAD_LETTERS;

  static {
    try {
      Path folder = Files.createTempDirectory("simulation-keys");
      Keys keys = Keys.in(folder);
      keys.create();
      SEALER = keys.contactSealer();
      OPENER = keys.contactOpener();
      DEAD_LETTERS = new DeadLetters(keys.deadLetterSealer(), "notifier", Clock.systemUTC());
      try (Stream<Path> all = Files.walk(folder)) {
        List<Path> files = all.sorted(Comparator.reverseOrder()).toList();
        for (Path each : files) {
          Files.delete(each);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private People() {}

  static ContactOpener opener() {
    return OPENER;
  }

  static DeadLetters deadLetters() {
    return DEAD_LETTERS;
  }

  /** A contact of a user, one of several of its kind. */
  static SealedContact contact(String userId, Channel channel, Kind kind, int number) {
    String text =
        switch (channel) {
          case EMAIL -> kind + "." + number + "@example.com";
          case SMS -> "+9997%d%05d".formatted(kind.ordinal(), number);
        };
    return SEALED.computeIfAbsent(
        userId + ' ' + text, key -> SEALER.seal(userId, Contact.parse(channel, text)));
  }

  static Kind kind(Contact contact) {
    return switch (contact.channel()) {
      case EMAIL -> {
        String local = contact.value().substring(0, contact.value().indexOf('.'));
        yield Kind.valueOf(local);
      }
      case SMS -> Kind.values()[contact.value().charAt(5) - '0'];
    };
  }
}
