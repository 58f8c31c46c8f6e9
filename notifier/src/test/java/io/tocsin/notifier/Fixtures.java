package io.tocsin.notifier;

import io.tocsin.avro.Channel;
import io.tocsin.avro.CommandKind;
import io.tocsin.avro.Incident;
import io.tocsin.avro.NoticeTemplate;
import io.tocsin.avro.Scope;
import io.tocsin.avro.SendCommand;
import io.tocsin.notifier.text.CategoryNames;
import io.tocsin.notifier.text.Controller;
import io.tocsin.notifier.text.IncidentFacts;
import io.tocsin.notifier.text.IncidentKind;
import io.tocsin.notifier.text.NoticeCompiler;
import io.tocsin.notifier.text.NoticeTexts;
import io.tocsin.notifier.text.Renderer;
import io.tocsin.notifier.text.SmsBudget;
import io.tocsin.notifier.text.TemplateFolder;
import io.tocsin.notifier.text.TemplateRecords;
import io.tocsin.notifier.text.TextSettings;
import io.tocsin.schemas.contact.Contact;
import io.tocsin.schemas.id.NoticeIds;
import io.tocsin.schemas.seal.ContactSealer;
import io.tocsin.schemas.seal.Keys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** People, commands and texts for tests, and the keys they are sealed with. */
public final class Fixtures {

  public static final Instant FAR = Instant.parse("2999-01-01T00:00:00Z");
  public static final String INCIDENT = "INC-1";

  private static final NoticeTexts TEXTS =
      new NoticeCompiler(new TextSettings("en", ZoneOffset.UTC, SmsBudget.DEFAULT))
          .compile(
              TemplateFolder.builtIn(),
              new IncidentFacts(
                  IncidentKind.DISCLOSURE,
                  Instant.parse("2026-03-03T05:15:00Z"),
                  Instant.parse("2026-03-05T13:40:00Z"),
                  Instant.parse("2026-03-06T04:05:00Z"),
                  Map.of()),
              new Controller(
                  "Sample",
                  "Sample LLP",
                  "Somewhere, Street 1",
                  "123456",
                  "help@sample.example",
                  "+7 700 000 00 00",
                  Map.of()),
              new CategoryNames(
                  List.of("name", "email"),
                  Map.of(
                      "en", Map.of("name", "name", "email", "e-mail address"),
                      "ru", Map.of("name", "имя", "email", "адрес эл. почты"),
                      "kk", Map.of("name", "аты-жөні", "email", "эл. пошта мекенжайы"))));

  private final Keys keys;
  private final ContactSealer sealer;

  /** Makes keys in a folder. */
  public Fixtures(Path folder) {
    try {
      this.keys = Keys.in(folder);
      keys.create();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.sealer = keys.contactSealer();
  }

  public Keys keys() {
    return keys;
  }

  public static Renderer renderer() {
    return Renderer.of(TEXTS);
  }

  public static NoticeTemplate template() {
    NoticeTemplate.Builder template =
        NoticeTemplate.newBuilder(
            TemplateRecords.record(
                TEXTS,
                Incident.newBuilder()
                    .setIncidentId(INCIDENT)
                    .setVersion(1)
                    .setKind(io.tocsin.avro.IncidentKind.DISCLOSURE)
                    .setScope(
                        Scope.newBuilder().setDatasets(List.of()).setExceptUsers(List.of()).build())
                    .setReporter("someone")
                    .setReportedAt(Instant.EPOCH)
                    .build()));
    return template.build();
  }

  /** A command for a user, to the address or number that is made from the user's id. */
  public SendCommand.Builder command(Channel channel, String userId) {
    return command(channel, userId, contact(channel, userId));
  }

  public SendCommand.Builder command(Channel channel, String userId, String contact) {
    String noticeId = NoticeIds.noticeId(INCIDENT, userId, 1);
    return SendCommand.newBuilder()
        .setKind(CommandKind.SEND)
        .setDeliveryId(NoticeIds.deliveryId(noticeId, channel))
        .setNoticeId(noticeId)
        .setIncidentId(INCIDENT)
        .setReference(NoticeIds.reference(noticeId))
        .setChannel(channel)
        .setAttempt(1)
        .setContact(sealer.seal(userId, Contact.parse(channel, contact)))
        .setLocale("en")
        .setCategories(List.of("name", "email"))
        .setEdition(1)
        .setTemplateId(TEXTS.templateId())
        .setTemplateVersion(TEXTS.version())
        .setNotAfter(FAR)
        .setUsersPartition(0);
  }

  public static String contact(Channel channel, String userId) {
    return switch (channel) {
      case EMAIL -> userId + "@people.example";
      case SMS -> "+7701" + String.format("%07d", Math.floorMod(userId.hashCode(), 10_000_000));
    };
  }
}
