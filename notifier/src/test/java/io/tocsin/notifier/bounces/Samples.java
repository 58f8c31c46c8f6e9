package io.tocsin.notifier.bounces;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Messages of {@code src/test/resources/bounces}. */
final class Samples {

  private static final String TOKEN = "token".repeat(10).substring(0, 48);

  private Samples() {}

  /** A message as it stands in its file. */
  static byte[] message(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(Samples.class.getResourceAsStream("/bounces/" + name + ".eml"))) {
      return in.readAllBytes();
    }
  }

  /** The same with a token in place of the invented one. */
  static byte[] message(String name, String token) throws IOException {
    return new String(message(name), StandardCharsets.ISO_8859_1)
        .replace(TOKEN, token)
        .getBytes(StandardCharsets.ISO_8859_1);
  }
}
