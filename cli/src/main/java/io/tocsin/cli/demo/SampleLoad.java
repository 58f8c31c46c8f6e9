package io.tocsin.cli.demo;

import io.tocsin.avro.Holding;
import io.tocsin.avro.Interval;
import io.tocsin.avro.SealedContact;
import io.tocsin.avro.User;
import io.tocsin.cli.Progress;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.cli.cluster.Publisher;
import io.tocsin.cli.sample.SampleData;
import io.tocsin.cli.sample.SampleHolding;
import io.tocsin.cli.sample.SampleInterval;
import io.tocsin.cli.sample.SampleUser;
import io.tocsin.schemas.contact.EmailAddress;
import io.tocsin.schemas.contact.PhoneNumber;
import io.tocsin.schemas.id.HoldingKey;
import io.tocsin.schemas.seal.ContactSealer;
import io.tocsin.schemas.topic.Topics;
import java.util.ArrayList;
import java.util.List;

/**
 * Publishes a sample straight from its generator: the same records that an import of its files
 * leads to.
 */
final class SampleLoad {

  private final Cluster cluster;
  private final ContactSealer sealer;

  /** Seals by the public key alone. */
  SampleLoad(Cluster cluster, ContactSealer sealer) {
    this.cluster = cluster;
    this.sealer = sealer;
  }

  /** Publishes everybody, and what was held of them; when it returns, Kafka keeps it. */
  void load(SampleData sample, Progress progress) {
    try (Publisher<User> users = new Publisher<>(cluster, Topics.USERS_TOPIC);
        Publisher<Holding> holdings = new Publisher<>(cluster, Topics.HOLDINGS_TOPIC)) {
      sample
          .users()
          .forEach(user -> {
            users.send(user.userId(), record(user));
            for (SampleHolding holding : sample.holdings(user)) {
              HoldingKey key = new HoldingKey(holding.dataset(), holding.userId());
              holdings.send(key.toString(), record(holding));
            }
            progress.advance(1);
          });
      users.flush();
      holdings.flush();
    }
  }

  private User record(SampleUser user) {
    List<SealedContact> contacts = new ArrayList<>(2);
    if (user.email() != null) {
      contacts.add(sealer.seal(user.userId(), EmailAddress.parse(user.email())));
    }
    if (user.phone() != null) {
      contacts.add(sealer.seal(user.userId(), PhoneNumber.parse(user.phone())));
    }
    return User.newBuilder()
        .setLocale(user.locale())
        .setResidency(user.residency())
        .setContacts(contacts)
        .build();
  }

  private static Holding record(SampleHolding holding) {
    return Holding.newBuilder()
        .setIntervals(holding.intervals().stream().map(SampleLoad::record).toList())
        .build();
  }

  private static Interval record(SampleInterval interval) {
    return Interval.newBuilder()
        .setFrom(interval.from())
        .setUntil(interval.until())
        .setCategories(interval.categories())
        .build();
  }
}
