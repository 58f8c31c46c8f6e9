package io.tocsin.cli.operate;

import io.tocsin.avro.Channel;
import io.tocsin.avro.CommandKind;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.avro.Incident;
import io.tocsin.avro.SealedContact;
import io.tocsin.avro.SendCommand;
import io.tocsin.cli.CommandException;
import io.tocsin.cli.ExitCodes;
import io.tocsin.cli.TocsinCommand;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.notifier.attempt.Outcome;
import io.tocsin.notifier.attempt.ProviderChannel;
import io.tocsin.notifier.receipts.ReceiptTokens;
import io.tocsin.notifier.smtp.SmtpChannel;
import io.tocsin.notifier.smtp.SmtpSettings;
import io.tocsin.notifier.text.Recipient;
import io.tocsin.notifier.twilio.TwilioChannel;
import io.tocsin.notifier.twilio.TwilioSettings;
import io.tocsin.schemas.contact.Contact;
import io.tocsin.schemas.contact.InvalidContactException;
import io.tocsin.schemas.id.NoticeIds;
import io.tocsin.schemas.seal.Keys;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tocsin incident test-send}. */
@Command(
    name = "test-send",
    description = {
      "Sends one sample of the notice, as it would be approved now, to one address or number:"
          + " yours.",
      "It goes straight to the provider, shows TEST-00000 as its reference, and leaves no record;"
          + " run it where the notifier's settings are."
    })
final class IncidentTestSendCommand extends TocsinCommand {

  private static final Duration NOT_AFTER = Duration.ofMinutes(5);

  @Parameters(paramLabel = "INCIDENT", description = "Id of the incident.")
  private String incidentId = "";

  @Option(
      names = "--to",
      paramLabel = "CONTACT",
      required = true,
      description = "An e-mail address, or a number in E.164 form; - reads it from standard input.")
  private String to = "";

  @Option(
      names = "--locale",
      paramLabel = "TAG",
      description = "The language; the template's default otherwise.")
  private @Nullable String locale;

  @Override
  public Integer call() throws Exception {
    Contact contact = contact(Contacts.read(to));
    try (Cluster cluster = Cluster.connect(config());
        ProviderChannel provider = provider(contact.channel())) {
      Incident incident = Ledger.read(cluster).require(incidentId).requireAccepted();
      NoticeWords words = NoticeWords.compile(config(), incident);
      Map<String, Recipient> samples = Samples.of(cluster, incident, words);
      String tag = locale == null ? words.template().getDefaultLocale() : locale;
      Recipient sample = samples.get(tag);
      if (sample == null) {
        throw CommandException.usage(
            "The template has no texts in "
                + tag
                + "; it has "
                + String.join(", ", samples.keySet()));
      }
      Outcome outcome =
          provider
              .prepare(
                  command(incident, words, contact.channel(), sample), contact, words.renderer())
              .send(Optional::empty);
      return report(provider.provider(), tag, outcome);
    }
  }

  private int report(String provider, String tag, Outcome outcome) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("incidentId", incidentId);
    shown.put("locale", tag);
    shown.put("provider", provider);
    shown.put("outcome", outcome.kind().name());
    outcome.providerId().ifPresent(id -> shown.put("providerId", id));
    outcome.code().ifPresent(code -> shown.put("code", code));
    outcome.reason().ifPresent(reason -> shown.put("reason", reason));
    out().properties(shown);
    return outcome.kind() == DeliveryEventKind.ACCEPTED ? ExitCodes.OK : ExitCodes.FAILED;
  }

  private static Contact contact(String text) {
    try {
      return Contact.parse(text.indexOf('@') >= 0 ? Channel.EMAIL : Channel.SMS, text);
    } catch (InvalidContactException e) {
      throw CommandException.usage("--to is no " + e.getMessage());
    }
  }

  /** Without receipts: they would belong to no delivery. */
  private ProviderChannel provider(Channel channel) {
    Keys keys = KeysCommand.keys(config());
    ReceiptTokens tokens = new ReceiptTokens(keys.receiptPrf());
    return switch (channel) {
      case EMAIL ->
          new SmtpChannel(
              SmtpSettings.from(config()).withoutReceipts(), tokens, InstantSource.system());
      case SMS ->
          new TwilioChannel(
              TwilioSettings.from(config()).withoutReceipts(), 1, tokens, InstantSource.system());
    };
  }

  /** A command of no notice: its ids are made up anew each time. */
  private SendCommand command(
      Incident incident, NoticeWords words, Channel channel, Recipient sample) {
    String noticeId = NoticeIds.noticeId(incidentId, "test-send " + UUID.randomUUID(), 1);
    ByteBuffer nothing = ByteBuffer.allocate(0);
    return SendCommand.newBuilder()
        .setKind(CommandKind.SEND)
        .setDeliveryId(NoticeIds.deliveryId(noticeId, channel))
        .setNoticeId(noticeId)
        .setIncidentId(incident.getIncidentId())
        .setReference(sample.reference())
        .setChannel(channel)
        .setAttempt(1)
        .setContact(
            SealedContact.newBuilder()
                .setChannel(channel)
                .setDataKey(nothing)
                .setCiphertext(nothing)
                .setFingerprint(nothing)
                .build())
        .setLocale(sample.locale())
        .setCategories(sample.categoryIds())
        .setEdition(1)
        .setTemplateId(words.template().getTemplateId())
        .setTemplateVersion(words.template().getVersion())
        .setNotAfter(Instant.now().plus(NOT_AFTER))
        .setUsersPartition(0)
        .build();
  }
}
