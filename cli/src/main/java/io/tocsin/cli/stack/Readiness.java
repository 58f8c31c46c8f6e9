package io.tocsin.cli.stack;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** How a part on 127.0.0.1 shows that it can be used. */
public sealed interface Readiness {

  /** One look; never waits longer than two seconds. */
  boolean isReady();

  /** Ready when its port takes connections. */
  record Listening(int port) implements Readiness {

    @Override
    public boolean isReady() {
      try (var socket = Probe.connect(port)) {
        return socket.isConnected();
      } catch (IOException e) {
        return false;
      }
    }
  }

  /** Ready when a GET of {@code path} is answered 200. */
  record Answering(int port, String path) implements Readiness {

    @Override
    public boolean isReady() {
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
        return statusLine != null && statusLine.startsWith("HTTP/1.1 200");
      } catch (IOException e) {
        return false;
      }
    }
  }

  /** A plain socket: a look must cost nothing, for the parts are starting on the same cores. */
  final class Probe {

    private static final int MILLIS = 2_000;

    private Probe() {}

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
