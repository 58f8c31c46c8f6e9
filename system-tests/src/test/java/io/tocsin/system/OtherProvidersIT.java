package io.tocsin.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configured to other servers, mails and SMS go there, and the stand-ins are not even started. */
class OtherProvidersIT {

  private static final String ACCOUNT = "AC00000000000000000000000000000001";
  private static final Duration SOON = Duration.ofSeconds(150);
  private static final String TOKEN = "not-a-real-token";

  @TempDir private Path folder;

  @Test
  void shouldSendThroughTheServersThatAreConfiguredEvenIfTheyAreDownAtTheStart() throws Exception {
    // Given: an HTTP server that is up, and an SMTP server that is not yet
    int smtpPort = Ports.free();
    try (OtherHttp twilio = new OtherHttp();
        Stack stack = Stack.up(folder.resolve("data"), settings(smtpPort, twilio.url()))) {
      Operator operator = new Operator(stack, folder);
      operator.importUsers(
          List.of(
              "other-1,en,other.one@example.com,+999713000001",
              "other-2,ru,other.two@example.com,",
              "other-3,kk,,+999713000003"));
      operator.importHoldings(
          List.of(
              "registration,other-1,2026-01-01T00:00:00Z,,name;email",
              "registration,other-2,2026-01-01T00:00:00Z,,name",
              "registration,other-3,2026-01-01T00:00:00Z,,phone"));

      // When
      operator.publish(INCIDENT).ok();
      operator.approve("other-providers", 1, Operator.APPROVER).ok();
      Awaitility.await("the SMS, which do not wait for the mails")
          .atMost(SOON)
          .until(() -> twilio.requests().size() == 2);
      try (OtherSmtp smtp = new OtherSmtp(smtpPort)) {
        operator.awaitFinished("other-providers", 1, SOON);

        // Then
        assertThat(smtp.messages())
            .extracting(ReceivedMail::language)
            .containsExactlyInAnyOrder("en", "ru");
        assertThat(smtp.recipients())
            .containsExactlyInAnyOrder("other.one@example.com", "other.two@example.com");
      }
      assertThat(twilio.requests())
          .hasSize(2)
          .allSatisfy(OtherProvidersIT::isWellFormed)
          .extracting(request -> request.form().get("To"))
          .containsExactlyInAnyOrder("+999713000001", "+999713000003");
      assertThat(stack.pids()).doesNotContainKeys("mail-sink", "twilio-stand-in");
      assertThat(folder.resolve("data/sms/messages.jsonl")).doesNotExist();
    }
  }

  private static Map<String, String> settings(int smtpPort, String twilioUrl) {
    return Map.of(
        "smtp.host",
        "127.0.0.1",
        "smtp.port",
        Integer.toString(smtpPort),
        "twilio.base.url",
        twilioUrl,
        "twilio.account.sid",
        ACCOUNT,
        "twilio.auth.token",
        TOKEN,
        "twilio.from",
        "+15005550006");
  }

  private static void isWellFormed(OtherHttp.Request request) {
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json");
    assertThat(request.contentType()).startsWith("application/x-www-form-urlencoded");
    String login = ACCOUNT + ":" + TOKEN;
    assertThat(request.authorization())
        .isEqualTo(
            "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
    assertThat(request.form()).containsEntry("From", "+15005550006").containsKeys("To", "Body");
    assertThat(Mailbox.references(request.form().getOrDefault("Body", ""))).hasSize(1);
  }

  private static final String INCIDENT =
      """
      {"incidentId": "other-providers", "version": 1, "kind": "disclosure", "reporter": "siem",
       "scope": {"datasets": [{"dataset": "registration"}]}, "detectedAt": "2026-04-02T10:00:00Z"}
      """;
}
