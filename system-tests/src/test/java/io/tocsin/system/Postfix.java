package io.tocsin.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A real Postfix on a port of 127.0.0.1, with a configuration and queue of its own. It takes mail
 * for people.example, throws away that of the people it knows, and bounces the rest. Needs root.
 */
final class Postfix implements AutoCloseable {

  private static final Path PROGRAM = Path.of("/usr/sbin/postfix");
  private static final Duration READY_WITHIN = Duration.ofSeconds(30);

  private final Path config;
  private final Process process;

  private Postfix(Path config, Process process) {
    this.config = config;
    this.process = process;
  }

  /** Whether it can be run here. */
  static boolean isInstalled() {
    return Files.isExecutable(PROGRAM) && System.getProperty("user.name", "").equals("root");
  }

  /**
   * Starts it and waits until it listens.
   *
   * @param folder where its files go; others must be able to pass through it
   * @param known the local parts that it knows
   * @param bouncePort where mail for bounces.example goes
   */
  static Postfix start(Path folder, int port, List<String> known, int bouncePort)
      throws IOException, InterruptedException {
    Path config = Files.createDirectories(folder.resolve("etc"));
    Path queue = Files.createDirectories(folder.resolve("queue"));
    Path data = Files.createDirectories(folder.resolve("data"));
    Files.setOwner(
        data,
        data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postfix"));
    Files.writeString(config.resolve("transport"), transports(known, bouncePort));
    Files.writeString(config.resolve("main.cf"), main(config, queue, data));
    Files.writeString(config.resolve("master.cf"), master(port));
    Process process =
        new ProcessBuilder(PROGRAM.toString(), "-c", config.toString(), "start-fg")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("postfix.log").toFile())
            .start();
    Processes.endWithThisOne(process.toHandle());
    Awaitility.await("Postfix").atMost(READY_WITHIN).until(() -> Ports.answers(port));
    return new Postfix(config, process);
  }

  @Override
  public void close() throws IOException {
    List<ProcessHandle> all = Processes.tree(process.toHandle());
    try {
      boolean _ =
          new ProcessBuilder(PROGRAM.toString(), "-c", config.toString(), "stop")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      Processes.kill(all.stream().filter(ProcessHandle::isAlive).toList());
    }
  }

  /** What is not named here is delivered locally, and not found. */
  private static String transports(List<String> known, int bouncePort) {
    StringBuilder lines = new StringBuilder();
    known.forEach(name -> lines.append(name).append("@people.example discard:\n"));
    return lines.append("bounces.example smtp:[127.0.0.1]:%d\n".formatted(bouncePort)).toString();
  }

  private static String main(Path config, Path queue, Path data) {
    return """
    compatibility_level = 3.6
    myhostname = mx.example.net
    mydestination = people.example
    mynetworks = 127.0.0.0/8
    inet_interfaces = 127.0.0.1
    inet_protocols = ipv4
    local_recipient_maps =
    alias_maps =
    alias_database =
    queue_directory = %s
    data_directory = %s
    transport_maps = texthash:%s/transport
    maillog_file = /dev/stdout
    smtpd_recipient_restrictions = permit_mynetworks, reject
    smtpd_client_connection_count_limit = 0
    smtp_dns_support_level = disabled
    smtp_host_lookup = native
    smtp_tls_security_level = none
    minimal_backoff_time = 2s
    maximal_backoff_time = 4s
    queue_run_delay = 2s
    """
        .formatted(queue, data, config);
  }

  private static String master(int port) {
    return """
    127.0.0.1:%d inet n - n - - smtpd
    cleanup unix n - n - 0 cleanup
    qmgr unix n - n 300 1 qmgr
    rewrite unix - - n - - trivial-rewrite
    bounce unix - - n - 0 bounce
    defer unix - - n - 0 bounce
    trace unix - - n - 0 bounce
    proxymap unix - - n - - proxymap
    smtp unix - - n - - smtp
    error unix - - n - - error
    retry unix - - n - - error
    discard unix - - n - - discard
    local unix - n n - - local
    anvil unix - - n - 1 anvil
    scache unix - - n - 1 scache
    postlog unix-dgram n - n - 1 postlogd
    """
        .formatted(port);
  }
}
