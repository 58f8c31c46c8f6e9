package io.tocsin.bench.tell;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.bench.Figures;
import io.tocsin.bench.Progress;
import io.tocsin.notifier.text.RenderedEmail;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Nodemailer with a pool of connections, in a Node process that stays warm from round to round. It
 * makes a message of text and HTML for everybody, as its users do; the words are rendered before.
 */
final class NodemailerPeer implements AutoCloseable {

  private static final String RESOURCES = "/nodemailer/";
  private static final int INSTALL_MINUTES = 3;

  private final Process process;
  private final Writer orders;
  private final BufferedReader answers;
  private final Progress progress;

  private NodemailerPeer(Process process, Progress progress) {
    this.process = process;
    this.orders = process.outputWriter(StandardCharsets.UTF_8);
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.progress = progress;
  }

  /** Whether Node and npm are there. */
  static boolean isPossible() {
    return PostfixTools.find("node").isPresent() && PostfixTools.find("npm").isPresent();
  }

  /**
   * Installs nodemailer and starts it.
   *
   * @param folder where; created if missing
   * @param port of the server it sends to
   * @param words what it sends by turns
   */
  static NodemailerPeer start(
      Path folder, int port, int connections, List<RenderedEmail> words, Progress progress)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    for (String name : List.of("package.json", "package-lock.json", "send.mjs")) {
      try (InputStream in =
          Objects.requireNonNull(NodemailerPeer.class.getResourceAsStream(RESOURCES + name))) {
        Files.copy(in, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    if (!Files.isDirectory(folder.resolve("node_modules/nodemailer"))) {
      install(folder);
    }
    Path settings = folder.resolve("settings.json");
    new ObjectMapper()
        .writeValue(
            settings.toFile(),
            Map.of(
                "port",
                port,
                "connections",
                connections,
                "words",
                words.stream()
                    .map(email ->
                        Map.of(
                            "subject", email.subject(),
                            "text", email.text(),
                            "html", email.html(),
                            "language", email.contentLanguage()))
                    .toList()));
    return new NodemailerPeer(
        new ProcessBuilder("node", "send.mjs", settings.toString())
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start(),
        progress);
  }

  /** Sends so many messages; returns the seconds it took. */
  double round(int messages) throws IOException {
    orders.write(messages + "\n");
    orders.flush();
    String answer = answers.readLine();
    if (answer == null) {
      throw new IllegalStateException("nodemailer ended before it was done");
    }
    double seconds = Double.parseDouble(answer);
    progress.say(
        "nodemailer: %,d messages in %.2f s, %,d/s",
        messages, seconds, Figures.rate(messages, seconds));
    return seconds;
  }

  @Override
  public void close() throws IOException {
    orders.close();
    process.destroy();
    process.onExit().orTimeout(5, TimeUnit.SECONDS).join();
  }

  private static void install(Path folder) throws IOException, InterruptedException {
    Process npm =
        new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("npm.txt").toFile())
            .start();
    if (!npm.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES) || npm.exitValue() != 0) {
      npm.destroyForcibly();
      throw new IllegalStateException(
          String.format(Locale.ROOT, "npm could not install nodemailer; see %s", folder));
    }
  }
}
