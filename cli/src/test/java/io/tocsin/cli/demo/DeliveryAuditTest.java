package io.tocsin.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tocsin.avro.Channel;
import io.tocsin.cli.sample.ExpectedPerson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveryAuditTest {

  private final Instant since = Instant.now().minusSeconds(60);

  private static final Set<Channel> BOTH = Set.of(Channel.EMAIL, Channel.SMS);

  private static final ExpectedPerson ANNA =
      person("anna@example.com", "+999700000001", false, false, "AAAAA-11111");
  private static final ExpectedPerson BORIS =
      person("anna@example.com", "+999700000001", false, false, "BBBBB-22222");
  private static final ExpectedPerson CYRIL =
      person("refused@example.com", "+15005550001", true, true, "CCCCC-33333");
  private static final ExpectedPerson DANA =
      person(null, "+999700000004", false, false, "DDDDD-44444");

  @TempDir private Path folder;

  @BeforeEach
  void deliverEverything() throws IOException {
    mail("20260101T0000Z/1.eml", "anna@example.com", "AAAAA-11111");
    mail("20260101T0001Z/2.eml", "anna@example.com", "BBBBB-22222");
    sms("+999700000001", "AAAAA-11111");
    sms("+999700000001", "BBBBB-22222");
    sms("+999700000004", "DDDDD-44444");
  }

  @Test
  void shouldFindNothingWrongWhenEverybodyWasToldOnce() throws IOException {
    // When
    DeliveryAudit.Result result = audit();

    // Then
    assertThat(result).isEqualTo(new DeliveryAudit.Result(0, 0, 0, 2, 3));
    assertThat(result.clean()).isTrue();
  }

  @Test
  void shouldMissAMailThatWasRemoved() throws IOException {
    // Given
    Files.delete(mailDir().resolve("20260101T0001Z/2.eml"));

    // When
    DeliveryAudit.Result result = audit();

    // Then
    assertThat(result).isEqualTo(new DeliveryAudit.Result(1, 0, 0, 1, 3));
    assertThat(result.clean()).isFalse();
  }

  @Test
  void shouldCountEveryMailBeyondTheFirst() throws IOException {
    // Given
    mail("20260101T0002Z/3.eml", "anna@example.com", "AAAAA-11111");
    mail("20260101T0002Z/4.eml", "anna@example.com", "AAAAA-11111");
    sms("+999700000004", "DDDDD-44444");

    // When, Then
    assertThat(audit()).isEqualTo(new DeliveryAudit.Result(0, 3, 0, 4, 4));
  }

  @Test
  void shouldNotTakeTwoPeopleAtOneAddressForADuplicate() throws IOException {
    // Given: Anna's mail is gone, Boris's came twice, to the same address
    Files.delete(mailDir().resolve("20260101T0000Z/1.eml"));
    mail("20260101T0002Z/3.eml", "anna@example.com", "BBBBB-22222");

    // When, Then
    assertThat(audit()).isEqualTo(new DeliveryAudit.Result(1, 1, 0, 2, 3));
  }

  @Test
  void shouldReportWhatNobodyExpected() throws IOException {
    // Given: someone not affected, someone else's notice, a mail without reference
    mail("20260101T0002Z/3.eml", "other@example.com", "EEEEE-55555");
    mail("20260101T0002Z/4.eml", "anna@example.com", "DDDDD-44444");
    mail("20260101T0002Z/5.eml", "anna@example.com", "none");

    // When, Then
    assertThat(audit()).isEqualTo(new DeliveryAudit.Result(0, 0, 3, 2, 3));
  }

  @Test
  void shouldLeaveOutStrangeMailOfEarlierIncidents() throws IOException {
    // Given
    mail("20260101T0002Z/3.eml", "other@example.com", "EEEEE-55555");

    // When
    DeliveryAudit audit = new DeliveryAudit(people(), Instant.now().plusSeconds(60), BOTH);
    audit.count(new MailArrivals().read(mailDir()));
    audit.count(SmsArrivals.read(smsLog()));

    // Then
    assertThat(audit.result()).isEqualTo(new DeliveryAudit.Result(0, 0, 0, 2, 3));
  }

  @Test
  void shouldNotMissWhatArrivesWhereItCannotBeSeen() throws IOException {
    // Given: mails go to a server of the user's
    DeliveryAudit audit = new DeliveryAudit(people(), since, Set.of(Channel.SMS));

    // When
    audit.count(SmsArrivals.read(smsLog()));

    // Then
    assertThat(audit.result()).isEqualTo(new DeliveryAudit.Result(0, 0, 0, 0, 3));
  }

  @Test
  void shouldFindTheReferenceInAnEncodedTextBesideHtml() throws IOException {
    // Given
    Files.delete(mailDir().resolve("20260101T0000Z/1.eml"));
    String text = "Ваш номер обращения: AAAAA-11111.\r\nИндекс 050000-12345";
    write(
        "20260101T0000Z/1.eml",
        """
        Return-Path: <bounce@any.test>
        Delivered-To: anna@example.com
        MIME-Version: 1.0
        Content-Type: multipart/alternative; boundary="b"

        --b
        Content-Type: text/plain; charset=UTF-8
        Content-Transfer-Encoding: base64

        %s
        --b
        Content-Type: text/html; charset=UTF-8

        <p>AAAAA-11111</p>
        --b--
        """
            .formatted(
                Base64.getMimeEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));

    // When, Then
    assertThat(audit().clean()).isTrue();
  }

  @Test
  void shouldExpectNothingWhereNothingWasWritten(@TempDir Path empty) throws IOException {
    // When, Then
    assertThat(new MailArrivals().read(empty.resolve("none"))).isEmpty();
    assertThat(SmsArrivals.read(empty.resolve("none.jsonl"))).isEmpty();
  }

  @Test
  void shouldNameTheFileThatIsNoMessage() throws IOException {
    // Given
    write("20260101T0002Z/bad.eml", "Subject: nobody\n\nno recipient\n");

    // When, Then
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> new MailArrivals().read(mailDir()))
        .withMessageContaining("bad.eml");
  }

  private DeliveryAudit.Result audit() throws IOException {
    DeliveryAudit audit = new DeliveryAudit(people(), since, BOTH);
    audit.count(new MailArrivals().read(mailDir()));
    audit.count(SmsArrivals.read(smsLog()));
    return audit.result();
  }

  private static Stream<ExpectedPerson> people() {
    return Stream.of(ANNA, BORIS, CYRIL, DANA);
  }

  private static ExpectedPerson person(
      @Nullable String email,
      String phone,
      boolean emailRefused,
      boolean smsRefused,
      String reference) {
    return new ExpectedPerson(
        "u-" + reference,
        "ru",
        email,
        phone,
        List.of("email"),
        emailRefused,
        smsRefused,
        reference);
  }

  private void mail(String name, String to, String reference) throws IOException {
    write(
        name,
        """
        Return-Path: <bounce@any.test>
        Delivered-To: %s
        Content-Type: text/plain; charset=UTF-8

        Your reference is %s.
        """
            .formatted(to, reference));
  }

  private void sms(String to, String reference) throws IOException {
    Files.writeString(
        smsLog(),
        """
        {"event":"accepted","sid":"SM1","to":"%s","body":"Ref. %s","at":"%s"}
        {"event":"status","sid":"SM1","status":"delivered","at":"%s"}
        """
            .formatted(to, reference, Instant.now(), Instant.now()),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private void write(String name, String message) throws IOException {
    Path file = mailDir().resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, message.replace("\n", "\r\n"));
  }

  private Path mailDir() {
    return folder.resolve("mail");
  }

  private Path smsLog() {
    return folder.resolve("sms.jsonl");
  }
}
