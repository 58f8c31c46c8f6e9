package io.tocsin.bench.tell;

import io.tocsin.avro.Channel;
import io.tocsin.avro.CommandKind;
import io.tocsin.avro.DatasetScope;
import io.tocsin.avro.Incident;
import io.tocsin.avro.IncidentKind;
import io.tocsin.avro.Scope;
import io.tocsin.avro.SendCommand;
import io.tocsin.cli.operate.NoticeWords;
import io.tocsin.notifier.text.Recipient;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.contact.Contact;
import io.tocsin.schemas.id.NoticeIds;
import io.tocsin.schemas.seal.ContactSealer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.utils.Utils;

/**
 * What is sent: the sample operator's notice of one incident, to people in the three languages of
 * the built-in templates by turns. A round's people are its own, so that no notice is repeated.
 */
final class Notices {

  static final List<String> LOCALES = List.of("en", "ru", "kk");

  private static final String INCIDENT = "BENCH-TELL";
  private static final List<String> CATEGORIES = List.of("password-hash", "name", "email", "phone");
  private static final Instant FAR = Instant.parse("2999-01-01T00:00:00Z");

  private final NoticeWords words;
  private final ContactSealer sealer;
  private final int partitions;

  /**
   * Compiles the texts.
   *
   * @param partitions of the users topic
   */
  Notices(TocsinConfig config, ContactSealer sealer, int partitions) {
    this.words =
        NoticeWords.compile(
            config,
            Incident.newBuilder()
                .setIncidentId(INCIDENT)
                .setVersion(1)
                .setKind(IncidentKind.DISCLOSURE)
                .setScope(
                    Scope.newBuilder()
                        .setDatasets(List.of(new DatasetScope("registration", CATEGORIES)))
                        .build())
                .setOccurredFrom(Instant.parse("2026-03-03T05:15:00Z"))
                .setDetectedAt(Instant.parse("2026-03-06T04:05:00Z"))
                .setReporter("bench")
                .setReportedAt(Instant.parse("2026-03-06T05:00:00Z"))
                .build());
    this.sealer = sealer;
    this.partitions = partitions;
  }

  NoticeWords words() {
    return words;
  }

  static String userId(int round, int number) {
    return "r" + round + "-u" + number;
  }

  /** An address that nobody has, or a number of a country code that no country has. */
  static Contact contact(Channel channel, int round, int number) {
    return Contact.parse(
        channel,
        switch (channel) {
          case EMAIL -> "r" + round + "-u" + number + "@example.com";
          case SMS -> String.format(Locale.ROOT, "+9997%02d%07d", round, number);
        });
  }

  /** The person a notice is rendered for. */
  Recipient recipient(int round, int number) {
    return new Recipient(
        NoticeIds.reference(noticeId(round, number)), locale(number), CATEGORIES, 1);
  }

  SendCommand command(Channel channel, int round, int number) {
    String userId = userId(round, number);
    String noticeId = noticeId(round, number);
    return SendCommand.newBuilder()
        .setKind(CommandKind.SEND)
        .setDeliveryId(NoticeIds.deliveryId(noticeId, channel))
        .setNoticeId(noticeId)
        .setIncidentId(INCIDENT)
        .setReference(NoticeIds.reference(noticeId))
        .setChannel(channel)
        .setAttempt(1)
        .setContact(sealer.seal(userId, contact(channel, round, number)))
        .setLocale(locale(number))
        .setCategories(CATEGORIES)
        .setEdition(1)
        .setTemplateId(words.template().getTemplateId())
        .setTemplateVersion(words.template().getVersion())
        .setNotAfter(FAR)
        .setUsersPartition(
            Utils.toPositive(Utils.murmur2(userId.getBytes(StandardCharsets.UTF_8))) % partitions)
        .build();
  }

  private static String locale(int number) {
    return LOCALES.get(number % LOCALES.size());
  }

  private static String noticeId(int round, int number) {
    return NoticeIds.noticeId(INCIDENT, userId(round, number), 1);
  }
}
