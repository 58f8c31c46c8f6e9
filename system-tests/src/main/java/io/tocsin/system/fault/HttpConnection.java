package io.tocsin.system.fault;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of one HTTP/1.1 connection, bare enough to break it in any way: a server
 * library would answer, or close in good order.
 */
final class HttpConnection {

  private static final int PATIENCE_MILLIS = 120_000;
  private static final int LONGEST_LINE = 16 * 1024;
  private static final int LARGEST_BODY = 64 * 1024;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  /** A request; header names are in lower case. Its {@link #toString} is redacted. */
  record Request(String method, String target, Map<String, String> headers, String body) {

    String path() {
      int query = target.indexOf('?');
      return query < 0 ? target : target.substring(0, query);
    }

    /** Parameters of the body of a POST, of the query otherwise. */
    Map<String, String> form() {
      int query = target.indexOf('?');
      String encoded = method.equals("POST") ? body : query < 0 ? "" : target.substring(query + 1);
      Map<String, String> form = new HashMap<>();
      for (String pair : encoded.split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          form.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
        }
      }
      return form;
    }

    @Override
    public String toString() {
      return "Request[" + method + "]";
    }

    private static String decode(String text) {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
  }

  HttpConnection(Socket socket) throws IOException {
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), 8 * 1024);
    this.out = socket.getOutputStream();
  }

  /** The next request; null when the other side is done. */
  @Nullable Request read() throws IOException {
    String first = line();
    if (first == null || first.isEmpty()) {
      return null;
    }
    String[] words = first.split(" ", 3);
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); line != null && !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    if (length > LARGEST_BODY) {
      throw new IOException("a body is too long");
    }
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("the sender left in the middle of a request");
    }
    return new Request(words[0], words[1], headers, new String(body, StandardCharsets.UTF_8));
  }

  /** Answers with JSON. */
  void answer(int status, String json, Map<String, String> headers) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder(256);
    head.append("HTTP/1.1 ").append(status).append(" Answer\r\n");
    head.append("Content-Type: application/json;charset=utf-8\r\n");
    head.append("Content-Length: ").append(body.length).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("\r\n");
    ByteArrayOutputStream whole = new ByteArrayOutputStream(head.length() + body.length);
    whole.writeBytes(head.toString().getBytes(StandardCharsets.US_ASCII));
    whole.writeBytes(body);
    out.write(whole.toByteArray());
  }

  /** Says nothing until the other side leaves. */
  void awaitGoing() throws IOException {
    in.transferTo(OutputStream.nullOutputStream());
  }

  /** Closes by RST instead of FIN. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  private @Nullable String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (next == '\n') {
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      if (line.size() == LONGEST_LINE) {
        throw new IOException("a line is too long");
      }
      line.write(next);
    }
    return null;
  }
}
