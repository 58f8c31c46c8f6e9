package io.tocsin.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MailSinkTest {

  @TempDir Path mailDir;
  private MailSink sink;

  @BeforeEach
  void start() throws IOException {
    sink = MailSink.start(MailSinkSettings.in(mailDir, 0));
  }

  @AfterEach
  void stop() {
    sink.close();
  }

  @Test
  void shouldKeepTheMessageAsReceivedUnderItsEnvelope() throws Exception {
    // Given
    var content = "Subject: Қауіпсіздік\r\n\r\nfirst\r\n\r\n..dots\r\n...\r\nlast\r\n";

    // When
    String reply;
    try (var smtp = new SmtpDialogue(sink.port())) {
      reply = smtp.deliver("from@example.org", "to@example.org", content);
    }

    // Then
    assertThat(reply).isEqualTo("250 2.0.0 Kept");
    assertThat(Files.readString(only()))
        .isEqualTo(
            "Return-Path: <from@example.org>\r\n"
                + "Delivered-To: to@example.org\r\n"
                + "Subject: Қауіпсіздік\r\n\r\nfirst\r\n\r\n.dots\r\n..\r\nlast\r\n");
  }

  @Test
  void shouldNameEveryRecipientOfTheEnvelope() throws Exception {
    // When
    try (var smtp = new SmtpDialogue(sink.port())) {
      smtp.say("MAIL FROM:<from@example.org>\r\n");
      smtp.say("RCPT TO:<one@example.org>\r\n");
      smtp.say("RCPT TO:<refused@example.org>\r\n");
      smtp.say("RCPT TO:<two@example.org>\r\n");
      smtp.say("DATA\r\n");
      smtp.say("Subject: s\r\n\r\n.\r\n");
    }

    // Then
    assertThat(Files.readAllLines(only()))
        .startsWith(
            "Return-Path: <from@example.org>",
            "Delivered-To: one@example.org",
            "Delivered-To: two@example.org",
            "Subject: s");
  }

  @Test
  void shouldRefuseRecipientsByConvention() throws Exception {
    try (var smtp = new SmtpDialogue(sink.port())) {
      // When
      var byName = smtp.deliver("a@example.org", "refused.17@example.org", "x\r\n");
      var byDomain = smtp.deliver("a@example.org", "anna@Refused.Example.com", "x\r\n");

      // Then
      assertThat(byName).isEqualTo("550 5.1.1 No such mailbox");
      assertThat(byDomain).isEqualTo("550 5.1.1 No such mailbox");
      assertThat(files()).isEmpty();
      assertThat(sink.refused()).isEqualTo(2);
    }
  }

  @Test
  void shouldAcceptAFullMailboxTheThirdTime() throws Exception {
    try (var smtp = new SmtpDialogue(sink.port())) {
      // When
      var replies = new ArrayList<String>();
      for (int i = 0; i < 4; i++) {
        replies.add(smtp.deliver("a@example.org", "full.9@example.org", "x\r\n"));
      }

      // Then
      assertThat(replies)
          .containsExactly(
              "452 4.2.2 Mailbox full",
              "452 4.2.2 Mailbox full",
              "250 2.0.0 Kept",
              "250 2.0.0 Kept");
    }
  }

  @Test
  void shouldServeSixtyFourConnectionsAtOnce() throws Exception {
    // Given
    int connections = 64;
    int each = 5;

    // When
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var results = new ArrayList<Future<String>>();
      for (int c = 0; c < connections; c++) {
        results.add(
            clients.submit(() -> {
              var last = "";
              try (var smtp = new SmtpDialogue(sink.port())) {
                for (int i = 0; i < each; i++) {
                  last = smtp.deliver("a@example.org", "b@example.org", "Subject: s\r\n\r\n");
                }
              }
              return last;
            }));
      }
      for (var result : results) {
        assertThat(result.get()).startsWith("250");
      }
    }

    // Then
    assertThat(files()).hasSize(connections * each).doesNotHaveDuplicates();
    assertThat(sink.kept()).isEqualTo(files().size());
  }

  @Test
  void shouldClearWhatAKillLeftHalfWritten() throws Exception {
    // Given
    sink.close();
    var torn = mailDir.resolve(".incoming").resolve("torn.eml");
    Files.write(torn, "half".getBytes(StandardCharsets.UTF_8));

    // When
    sink = MailSink.start(MailSinkSettings.in(mailDir, 0));

    // Then
    assertThat(torn).doesNotExist();
  }

  @Test
  void shouldSayWhichPortIsTaken() {
    assertThatThrownBy(() -> MailSink.start(MailSinkSettings.in(mailDir, sink.port())))
        .isInstanceOf(IOException.class)
        .hasMessage("port " + sink.port() + " of 127.0.0.1 is taken");
  }

  private Path only() throws IOException {
    assertThat(files()).hasSize(1);
    return files().getFirst();
  }

  private List<Path> files() throws IOException {
    try (var walk = Files.walk(mailDir)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
