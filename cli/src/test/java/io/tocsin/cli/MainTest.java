package io.tocsin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @Test
  void shouldShowHelpOfEveryCommand() {
    // Given
    CommandLine root = Main.commandLine(Map.of());

    // When / Then
    assertThat(all(root))
        .allSatisfy(command -> {
          assertThat(command.getCommandSpec().usageMessage().description())
              .as(command.getCommandSpec().qualifiedName())
              .isNotEmpty();
          assertThat(command.getUsageMessage()).contains("--config", "--output", "--help", "--set");
        });
  }

  @Test
  void shouldRefuseAnUnknownConfigurationKeyInAFileAndSuggestTheNearest() throws Exception {
    // Given
    Path file = Files.writeString(folder.resolve("tocsin.properties"), "smtp.hots=mail.example\n");

    // When
    int exitCode = run(Map.of(), "doctor", "--config", file.toString());

    // Then
    assertThat(exitCode).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString())
        .isEqualTo(
            "tocsin: Unknown configuration key smtp.hots in file "
                + file
                + "; did you mean smtp.host?\n");
  }

  @Test
  void shouldRefuseAnUnknownConfigurationKeyInTheEnvironment() {
    // When
    int exitCode = run(Map.of("TOCSIN_SMTP_HOTS", "mail.example"), "doctor");

    // Then
    assertThat(exitCode).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString()).contains("smtp.hots in environment variable TOCSIN_SMTP_HOTS");
  }

  @Test
  void shouldLetTheEnvironmentOverrideTheFileAndOptionsOverrideBoth() throws Exception {
    // Given
    Path file =
        Files.writeString(
            folder.resolve("tocsin.properties"),
            "smtp.host=from-file\nsmtp.port=1\nsmtp.helo=from-file\n");
    Map<String, String> environment =
        Map.of(
            "TOCSIN_CONFIG",
            file.toString(),
            "TOCSIN_SMTP_PORT",
            "2",
            "TOCSIN_SMTP_HELO",
            "from-env");
    CommandLine line = commandLine(environment);

    // When
    line.parseArgs("doctor", "--set", "smtp.helo=from-option");
    Main main = line.getCommand();

    // Then
    assertThat(main.config().string("smtp.host")).isEqualTo("from-file");
    assertThat(main.config().integer("smtp.port")).isEqualTo(2);
    assertThat(main.config().string("smtp.helo")).isEqualTo("from-option");
  }

  @Test
  void shouldNameAMissingConfigurationFile() {
    // When
    int exitCode = run(Map.of(), "doctor", "--config", folder.resolve("none").toString());

    // Then
    assertThat(exitCode).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString())
        .startsWith("tocsin: Cannot read the configuration file ")
        .hasLineCount(1);
  }

  @Test
  void shouldEndWithOneSentenceWhenKafkaIsDown() {
    // When
    int exitCode =
        run(
            Map.of(),
            "incident",
            "list",
            "--set",
            "kafka.bootstrap.servers=127.0.0.1:1",
            "--set",
            "command.wait.ms=300");

    // Then
    assertThat(exitCode).isEqualTo(ExitCodes.FAILED);
    assertThat(err.toString())
        .isEqualTo(
            "tocsin: No answer from Kafka at 127.0.0.1:1 within 300 ms; is it running, and is"
                + " kafka.bootstrap.servers right?\n");
  }

  @Test
  void shouldShowWhereAnErrorComesFromOnlyIfAsked() {
    // When
    int exitCode =
        run(
            Map.of(),
            "incident",
            "list",
            "--verbose",
            "--set",
            "kafka.bootstrap.servers=127.0.0.1:1",
            "--set",
            "command.wait.ms=300");

    // Then
    assertThat(exitCode).isEqualTo(ExitCodes.FAILED);
    assertThat(err.toString()).contains("\tat io.tocsin.");
  }

  @Test
  void shouldRefuseAnUnknownCommandOrOption() {
    // When
    int command = run(Map.of(), "incidents");
    int option = run(Map.of(), "doctor", "--colour");

    // Then
    assertThat(command).isEqualTo(ExitCodes.USAGE);
    assertThat(option).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString()).contains("--help").doesNotContain("\tat ");
  }

  @Test
  void shouldShowAGroupItsCommands() {
    // When
    int exitCode = run(Map.of(), "incident");

    // Then
    assertThat(exitCode).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString()).contains("publish", "approve", "release-partial");
  }

  @Test
  void shouldCreateKeysOnceAndSayWhich() {
    // Given
    String[] command = {
      "keys", "create", "--output", "json", "--set", "keys.dir=" + folder.resolve("keys")
    };

    // When
    int first = run(Map.of(), command);
    int second = run(Map.of(), command);

    // Then
    assertThat(first).isEqualTo(ExitCodes.OK);
    assertThat(second).isEqualTo(ExitCodes.OK);
    assertThat(out.toString().lines().toList())
        .satisfiesExactly(
            made -> assertThat(made).startsWith("{").contains("contacts.private.json"),
            nothing -> assertThat(nothing).contains("\"made\":[]"));
  }

  @Test
  void shouldDocumentEveryKey() {
    // When
    ConfigDef definition = AllKeys.definition();

    // Then
    assertThat(definition.configKeys().values())
        .allSatisfy(key -> assertThat(key.documentation).as(key.name).isNotBlank())
        .allSatisfy(key -> assertThat(key.name).matches("[a-z0-9]+(\\.[a-z0-9]+)*"));
  }

  private int run(Map<String, String> environment, String... arguments) {
    return commandLine(environment).execute(arguments);
  }

  private CommandLine commandLine(Map<String, String> environment) {
    return Main.commandLine(environment)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true));
  }

  private static List<CommandLine> all(CommandLine root) {
    return root.getSubcommands().values().stream()
        .flatMap(command -> Stream.concat(Stream.of(command), all(command).stream()))
        .toList();
  }
}
