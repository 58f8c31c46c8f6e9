package io.tocsin.notifier.smtp;

import io.tocsin.schemas.config.TocsinConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;

/** Settings as an operator writes them. */
final class TestSettings {

  private static final int PEM_LINE = 64;

  private TestSettings() {}

  static SmtpSettings of(Map<String, String> options) {
    Map<String, String> all = new HashMap<>();
    all.put(SmtpSettings.FROM, "notices@mail.sample.example");
    all.put(SmtpSettings.HELO, "test.example");
    all.putAll(options);
    return SmtpSettings.from(
        TocsinConfig.load(SmtpSettings.define(new ConfigDef()), null, Map.of(), all));
  }

  static Path pem(Path file, String label, byte[] der) throws IOException {
    String body = Base64.getMimeEncoder(PEM_LINE, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        file, "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
  }
}
