package io.tocsin.cli.stack;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a part on 127.0.0.1 shows that it can be used. */
public sealed interface Readiness {

  /**
   * One look; never waits longer than two seconds.
   *
   * @return empty when it is ready, or else what is missing, in a few words
   */
  Optional<String> missing();

  /** Ready when its port takes connections. */
  record Listening(int port) implements Readiness {

    @Override
    public Optional<String> missing() {
      try (var _ = Probe.connect(port)) {
        return Optional.empty();
      } catch (IOException e) {
        return Optional.of(Probe.silence(port, e));
      }
    }
  }

  /** Ready when a GET of {@code path} is answered 200. */
  record Answering(int port, String path) implements Readiness {

    @Override
    public Optional<String> missing() {
      try (var socket = Probe.connect(port)) {
        var request =
            "GET "
                + path
                + " HTTP/1.1\r\nHost: 127.0.0.1:"
                + port
                + "\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        var in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        var statusLine = in.readLine();
        if (statusLine != null && statusLine.startsWith("HTTP/1.1 200")) {
          return Optional.empty();
        }
        return Optional.of(Objects.requireNonNullElse(lastLine(in), "no answer from " + path));
      } catch (IOException e) {
        return Optional.of(Probe.silence(port, e));
      }
    }

    /** The reason follows the head; without one, this is the head's last line. */
    private static @Nullable String lastLine(BufferedReader in) throws IOException {
      String last = null;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        last = line.isBlank() ? last : line.strip();
      }
      return last;
    }
  }

  /** A plain socket: a look must cost nothing, for the parts are starting on the same cores. */
  final class Probe {

    private static final int MILLIS = 2_000;

    private Probe() {}

    static String silence(int port, IOException e) {
      return "port " + port + ": " + e.getMessage();
    }

    static Socket connect(int port) throws IOException {
      var socket = new Socket();
      try {
        socket.setSoTimeout(MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), MILLIS);
        return socket;
      } catch (IOException e) {
        socket.close();
        throw e;
      }
    }
  }
}
