package io.tocsin.bench.latency;

import io.tocsin.avro.Channel;
import io.tocsin.avro.Holding;
import io.tocsin.avro.Interval;
import io.tocsin.avro.User;
import io.tocsin.bench.BenchStack;
import io.tocsin.cli.cluster.Publisher;
import io.tocsin.schemas.contact.Contact;
import io.tocsin.schemas.id.HoldingKey;
import io.tocsin.schemas.seal.ContactSealer;
import io.tocsin.schemas.topic.Topics;
import java.time.Instant;
import java.util.List;

/** People with an e-mail address each, in crowds: everybody of a crowd is in its dataset. */
record Population(Crowd many, Crowd few, Crowd late) {

  private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");
  private static final List<String> LOCALES = List.of("en", "ru", "kk");

  /**
   * So many people.
   *
   * @param name begins their ids and addresses; without a hyphen
   */
  record Crowd(String name, String dataset, String category, int size) {}

  /** Many people, and twice a few. */
  static Population of(int many, int few) {
    return new Population(
        new Crowd("many", "registration", "email", many),
        new Crowd("few", "feedback", "message-text", few),
        new Crowd("late", "purchases", "purchases", few));
  }

  /** Writes users and holdings; they are kept when this returns. */
  void publish(BenchStack stack) {
    ContactSealer sealer = stack.keys().contactSealer();
    try (Publisher<User> users = new Publisher<>(stack.cluster(), Topics.USERS_TOPIC);
        Publisher<Holding> holdings = new Publisher<>(stack.cluster(), Topics.HOLDINGS_TOPIC)) {
      for (Crowd crowd : List.of(many, few, late)) {
        Holding holding =
            new Holding(List.of(new Interval(SINCE, null, List.of(crowd.category()))));
        for (int i = 0; i < crowd.size(); i++) {
          String userId = crowd.name() + '-' + i;
          Contact address = Contact.parse(Channel.EMAIL, userId + "@example.com");
          users.send(
              userId,
              User.newBuilder()
                  .setLocale(LOCALES.get(i % LOCALES.size()))
                  .setContacts(List.of(sealer.seal(userId, address)))
                  .build());
          holdings.send(new HoldingKey(crowd.dataset(), userId).toString(), holding);
        }
      }
      users.flush();
      holdings.flush();
    }
  }
}
