package io.tocsin.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SupervisorIT {

  @TempDir Path folder;
  private DataDir dataDir;

  @BeforeEach
  void prepare() {
    dataDir = new DataDir(folder);
  }

  @Test
  void shouldStartAndStopThePartsInReverseOrder() throws Exception {
    // Given
    var parts = new StackParts(dataDir, StackTestMain.class.getName());
    var ended = new ArrayList<String>();
    var unexpected = new ArrayList<String>();
    var supervisor = Supervisor.of(dataDir, part -> unexpected.add(part.name()));
    var ports = Ports.settle(Map.of("mail", 0, "twilio", 0));

    // When
    var mail = supervisor.start(parts.mailSink(ports.of("mail")));
    var twilio =
        supervisor.start(parts.twilio(ports.of("twilio"), "AC" + "0".repeat(32), "secret-token"));
    var ends =
        CompletableFuture.allOf(
            mail.exit().thenAccept(code -> note(ended, "mail-sink")),
            twilio.exit().thenAccept(code -> note(ended, "twilio-stand-in")));

    // Then
    assertThat(supervisor.pids().keySet()).containsExactly("mail-sink", "twilio-stand-in");
    assertThat(supervisor.pids().values()).doesNotContain(ProcessHandle.current().pid());
    try (var smtp = new SmtpDialogue(ports.of("mail"))) {
      assertThat(smtp.deliver("a@example.org", "b@example.org", "x\r\n")).startsWith("250");
    }
    supervisor.close();
    ends.get(30, TimeUnit.SECONDS);
    assertThat(ended).containsExactly("twilio-stand-in", "mail-sink");
    assertThat(unexpected).isEmpty();
    assertThat(dataDir.run()).isDirectoryNotContaining("glob:**.pid");
    assertThat(Files.readString(dataDir.logs().resolve("mail-sink.log")))
        .contains("mail-sink ready on 127.0.0.1:" + ports.of("mail"))
        .contains("Mail sink ended")
        .doesNotContain("example.org");
    assertThat(Files.readString(dataDir.logs().resolve("twilio-stand-in.log")))
        .doesNotContain("secret-token");
  }

  private static void note(List<String> names, String name) {
    synchronized (names) {
      names.add(name);
    }
  }

  @Test
  void shouldRunTheBrokerAsAPart() throws Exception {
    // Given
    int port = Ports.settle(Map.of("broker", 0)).of("broker");
    try (var supervisor = Supervisor.of(dataDir, part -> {})) {

      // When
      supervisor.start(new StackParts(dataDir, StackTestMain.class.getName()).broker(port));

      // Then
      try (var admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + port))) {
        var topic = new NewTopic("events", 3, (short) 1);
        admin.createTopics(List.of(topic)).all().get(30, TimeUnit.SECONDS);
        // The controller has it now; the broker lists it once it has caught up.
        await()
            .atMost(30, TimeUnit.SECONDS)
            .until(() -> admin.listTopics().names().get().equals(Set.of("events")));
      }
    }
  }

  @Test
  void shouldReportAnEarlyEndWithTheLastLineOfItsLog() throws Exception {
    try (var supervisor = Supervisor.of(dataDir, part -> {})) {
      // Given
      var part = stubborn(List.of("fail"), 1);

      // When, then
      assertThatThrownBy(() -> supervisor.start(part))
          .isInstanceOf(StackException.class)
          .hasMessage(
              "The part stubborn ended with exit code 7: the disk is full (more in "
                  + dataDir.logs().resolve("stubborn.log")
                  + ")");
    }
  }

  @Test
  void shouldTellOfAPartThatEndsByItself() throws Exception {
    // Given
    int port = Ports.settle(Map.of("mail", 0)).of("mail");
    var told = new CompletableFuture<StartedPart>();
    try (var supervisor = Supervisor.of(dataDir, told::complete)) {
      var part =
          supervisor.start(new StackParts(dataDir, StackTestMain.class.getName()).mailSink(port));

      // When
      ProcessHandle.of(part.pid()).orElseThrow().destroyForcibly();

      // Then
      assertThat(told.get(30, TimeUnit.SECONDS).epitaph())
          .startsWith("The part mail-sink ended with exit code 137");
    }
  }

  @Test
  void shouldKillAPartThatDoesNotStopInTime() throws Exception {
    // Given
    int port = Ports.settle(Map.of("stubborn", 0)).of("stubborn");
    var supervisor = Supervisor.of(dataDir, part -> {});
    var part = supervisor.start(stubborn(List.of(Integer.toString(port), "hang"), port));

    // When
    supervisor.close();

    // Then
    assertThat(part.isAlive()).isFalse();
  }

  @Test
  void shouldKeepASecondStackOffTheSameFolder() throws Exception {
    try (var first = Supervisor.of(dataDir, part -> {})) {
      assertThat(first.pids()).isEmpty();
      assertThatThrownBy(() -> Supervisor.of(dataDir, part -> {}))
          .isInstanceOf(StackException.class)
          .hasMessage(
              "The data folder "
                  + dataDir.root()
                  + " is in use by another stack; stop that one first");
    }
    Supervisor.of(dataDir, part -> {}).close();
  }

  @Test
  void shouldLeaveNothingRunningWhenItsOwnProcessIsKilled() throws Exception {
    // Given
    var parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ParentMain.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    var line =
        new BufferedReader(new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))
            .readLine();
    assertThat(line).isNotNull();
    var pids = line.split(" ", 2);
    var mailSink = ProcessHandle.of(Long.parseLong(pids[0])).orElseThrow();
    var stubborn = ProcessHandle.of(Long.parseLong(pids[1])).orElseThrow();

    try {
      // When
      parent.destroyForcibly().waitFor();

      // Then
      await().atMost(Duration.ofSeconds(15)).until(() -> !mailSink.isAlive());
      assertThat(stubborn.isAlive()).isTrue();
      Supervisor.of(dataDir, part -> {}).close();
      assertThat(stubborn.isAlive()).isFalse();
    } finally {
      stubborn.destroyForcibly();
    }
  }

  @Test
  void shouldSayWhichPartsPortIsTaken() throws Exception {
    try (var socket = new ServerSocket(0)) {
      assertThatThrownBy(() -> Ports.settle(Map.of("broker", socket.getLocalPort())))
          .isInstanceOf(StackException.class)
          .hasMessage(
              "Port "
                  + socket.getLocalPort()
                  + " for the part broker is taken; choose another one");
    }
  }

  private JvmPart stubborn(List<String> arguments, int port) {
    return new JvmPart(
        "stubborn",
        List.of(),
        System.getProperty("java.class.path"),
        StubbornMain.class.getName(),
        arguments,
        Map.of(),
        folder,
        new Readiness.Listening(port),
        Duration.ofSeconds(30),
        Duration.ofSeconds(1));
  }
}
