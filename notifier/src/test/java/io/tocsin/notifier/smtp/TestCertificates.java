package io.tocsin.notifier.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An authority that certifies servers, made by the JDK's keytool. */
final class TestCertificates {

  private static final String PASSWORD = "changeit";
  private static final String AUTHORITY = "authority";

  private final Path store;
  private final Path authority;

  TestCertificates(Path folder) throws Exception {
    store = folder.resolve("certificates.p12");
    keytool("-alias", AUTHORITY, "-dname", "CN=Sample authority", "-ext", "bc:c");
    authority =
        TestSettings.pem(
            folder.resolve("authority.pem"),
            "CERTIFICATE",
            load().getCertificate(AUTHORITY).getEncoded());
  }

  /** The authority's own certificate, in PEM. */
  Path authority() {
    return authority;
  }

  /** What a server of that name shows itself with. */
  SSLContext server(String name) throws Exception {
    keytool(
        "-alias", name, "-dname", "CN=" + name, "-signer", AUTHORITY, "-ext", "san=dns:" + name);
    KeyStore all = load();
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    own.setKeyEntry(
        name,
        all.getKey(name, PASSWORD.toCharArray()),
        PASSWORD.toCharArray(),
        all.getCertificateChain(name));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private KeyStore load() throws IOException, GeneralSecurityException {
    KeyStore loaded = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      loaded.load(in, PASSWORD.toCharArray());
    }
    return loaded;
  }

  private void keytool(String... options) throws IOException, InterruptedException {
    List<String> command =
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-keystore",
                    store.toString(),
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    PASSWORD,
                    "-keyalg",
                    "EC",
                    "-groupname",
                    "secp256r1",
                    "-validity",
                    "2"),
                Stream.of(options))
            .toList();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }
}
