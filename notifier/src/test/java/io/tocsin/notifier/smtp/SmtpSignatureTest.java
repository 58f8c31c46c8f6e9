package io.tocsin.notifier.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tocsin.avro.Channel;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.notifier.Fixtures;
import io.tocsin.notifier.attempt.Outcome;
import io.tocsin.notifier.receipts.ReceiptTokens;
import io.tocsin.schemas.contact.EmailAddress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.james.jdkim.DKIMVerifier;
import org.apache.james.jdkim.api.Headers;
import org.apache.james.jdkim.api.SignatureRecord;
import org.apache.james.jdkim.exceptions.FailException;
import org.apache.james.jdkim.exceptions.PermFailException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.subethamail.smtp.server.SMTPServer;

class SmtpSignatureTest {

  /** Another one on the path would not find Debian's packages. */
  private static final String DEBIAN_PYTHON = "/usr/bin/python3";

  private static final String END = "\r\n\r\n";

  @TempDir private static Path keyFolder;
  private static Path keyFile;
  private static String publicRecord;

  @TempDir private Path folder;

  @BeforeAll
  static void makeKey() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    keyFile =
        TestSettings.pem(
            keyFolder.resolve("dkim.pem"), "PRIVATE KEY", pair.getPrivate().getEncoded());
    publicRecord =
        "v=DKIM1; k=rsa; p=" + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
  }

  @ParameterizedTest
  @CsvSource({"en", "ru", "kk"})
  void shouldArriveWithASignatureThatHolds(String locale) throws Exception {
    // When
    String message = received(locale);

    // Then
    assertThat(message).startsWith("DKIM-Signature: ");
    List<SignatureRecord> signatures = verify(message);
    assertThat(signatures).hasSize(1);
    SignatureRecord signature = signatures.getFirst();
    assertThat(signature.getDToken()).hasToString("sample.example");
    assertThat(signature.getSelector()).hasToString("one");
    assertThat(signature.getHashKeyType()).hasToString("rsa");
    assertThat(signature.getHashMethod()).hasToString("sha256");
    assertThat(signature.getHeaderCanonicalisationMethod()).isEqualTo("relaxed");
    assertThat(signature.getBodyCanonicalisationMethod()).isEqualTo("relaxed");
    assertThat(signature.getHeaders().stream().map(CharSequence::toString))
        .contains(
            "from",
            "to",
            "subject",
            "date",
            "message-id",
            "auto-submitted",
            "content-language",
            "x-tocsin-reference",
            "mime-version",
            "content-type");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Subject:         | Subject: Not",
        "To:              | To: Not",
        "Auto-Submitted:  | Auto-Submitted: not",
        "--=_tocsin       | --=_other",
        "MIME-Version:    | From: other@people.example~MIME-Version:",
        "MIME-Version:    | Reply-To: other@people.example~MIME-Version:",
      })
  void shouldNotHoldForAMessageThatWasChanged(String from, String to) throws Exception {
    // Given
    String message = received("en");
    String changed = message.replaceFirst("\r\n" + from, "\r\n" + to.replace("~", "\r\n"));
    assertThat(changed).isNotEqualTo(message);

    // When, Then
    assertThatExceptionOfType(FailException.class).isThrownBy(() -> verify(changed));
  }

  @Test
  void shouldHoldForWhatSeveralThreadsSignAtOnce() throws Exception {
    // Given
    Queue<String> messages = new ConcurrentLinkedQueue<>();
    SMTPServer server = server(messages);
    try (SmtpChannel channel = channel(server.getPortAllocated());
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      // When
      List<Future<Outcome>> outcomes =
          IntStream.range(0, 40)
              .mapToObj(i -> threads.submit(() -> send(channel, "u" + i + "@people.example", "en")))
              .toList();

      // Then
      for (Future<Outcome> outcome : outcomes) {
        assertThat(outcome.get().kind()).isEqualTo(DeliveryEventKind.ACCEPTED);
      }
    } finally {
      server.stop();
    }
    assertThat(messages).hasSize(40);
    for (String message : messages) {
      assertThat(verify(message)).hasSize(1);
    }
  }

  @Test
  void shouldHoldForAnInternationalAddressWhoseDomainGoesOutAsAnALabel() throws Exception {
    // Given
    try (ScriptedSmtpServer server =
            new ScriptedSmtpServer(
                line -> line.startsWith("EHLO") ? "250-scripted\r\n250 SMTPUTF8" : null);
        SmtpChannel channel = channel(server.port())) {
      // When
      Outcome outcome = send(channel, "почта@пример.example", "ru");

      // Then
      assertThat(outcome.kind()).isEqualTo(DeliveryEventKind.ACCEPTED);
      assertThat(server.lines())
          .anyMatch(line -> line.startsWith("RCPT TO:<почта@xn--e1afmkfd.example>"));
      assertThat(server.content()).contains("To: почта@xn--e1afmkfd.example");
      assertThat(verify(String.join("\r\n", server.content()) + "\r\n")).hasSize(1);
    }
  }

  @Test
  void shouldNotNeedSmtpUtf8ForAnInternationalDomainAlone() throws Exception {
    // Given
    try (ScriptedSmtpServer server = new ScriptedSmtpServer(line -> null);
        SmtpChannel channel = channel(server.port())) {
      // When
      Outcome outcome = send(channel, "u1@пример.example", "en");

      // Then
      assertThat(outcome.kind()).isEqualTo(DeliveryEventKind.ACCEPTED);
      assertThat(server.lines()).contains("RCPT TO:<u1@xn--e1afmkfd.example>");
      assertThat(server.content()).contains("To: u1@xn--e1afmkfd.example");
    }
  }

  /** A verifier of another make, where Debian's python3-dkim is installed. */
  @Test
  void shouldHoldForDkimpyToo() throws Exception {
    // Given
    assumeTrue(python("import dkim", "") == 0, "python3-dkim is not installed");
    String verifier =
        "import dkim, sys\n"
            + "message = sys.stdin.buffer.read()\n"
            + "record = lambda name, timeout=5: b'"
            + publicRecord
            + "' if name == b'one._domainkey.sample.example.' else None\n"
            + "sys.exit(0 if dkim.verify(message, dnsfunc=record) else 3)";
    String message = received("kk");

    // When, Then
    assertThat(python(verifier, message)).isZero();
    assertThat(python(verifier, message.replaceFirst("\r\nSubject:", "\r\nSubject: Not")))
        .isEqualTo(3);
  }

  private static int python(String program, String input) throws Exception {
    Process process;
    try {
      process =
          new ProcessBuilder(DEBIAN_PYTHON, "-c", program)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      return -1;
    }
    try (OutputStream out = process.getOutputStream()) {
      out.write(input.getBytes(StandardCharsets.UTF_8));
    }
    return process.waitFor();
  }

  private static List<SignatureRecord> verify(String message) throws Exception {
    int end = message.indexOf(END);
    DKIMVerifier verifier = new DKIMVerifier(SmtpSignatureTest::record);
    return verifier.verify(
        new ReceivedHeaders(message.substring(0, end)),
        new ByteArrayInputStream(
            message.substring(end + END.length()).getBytes(StandardCharsets.UTF_8)));
  }

  private static List<String> record(
      CharSequence methodAndOption, CharSequence selector, CharSequence domain)
      throws PermFailException {
    if (!selector.toString().equals("one") || !domain.toString().equals("sample.example")) {
      throw new PermFailException("no such record");
    }
    return List.of(publicRecord);
  }

  private String received(String locale) throws IOException {
    Queue<String> messages = new ConcurrentLinkedQueue<>();
    SMTPServer server = server(messages);
    try (SmtpChannel channel = channel(server.getPortAllocated())) {
      assertThat(send(channel, "u1@people.example", locale).kind())
          .isEqualTo(DeliveryEventKind.ACCEPTED);
    } finally {
      server.stop();
    }
    return messages.remove();
  }

  private static SMTPServer server(Queue<String> messages) {
    SMTPServer server =
        SMTPServer.port(0)
            .bindAddress(InetAddress.getLoopbackAddress())
            .insertReceivedHeaders(false)
            .messageHandler(
                (context, from, to, data) -> messages.add(new String(data, StandardCharsets.UTF_8)))
            .build();
    server.start();
    return server;
  }

  private SmtpChannel channel(int port) {
    return new SmtpChannel(
        TestSettings.of(
            Map.of(
                SmtpSettings.PORT,
                Integer.toString(port),
                DkimSettings.DOMAIN,
                "sample.example",
                DkimSettings.SELECTOR,
                "one",
                DkimSettings.KEY_FILE,
                keyFile.toString())),
        new ReceiptTokens(new Fixtures(folder).keys().receiptPrf()),
        InstantSource.system());
  }

  private Outcome send(SmtpChannel channel, String address, String locale) {
    return channel
        .prepare(
            new Fixtures(folder).command(Channel.EMAIL, "u1").setLocale(locale).build(),
            EmailAddress.parse(address),
            Fixtures.renderer())
        .send(Optional::empty);
  }

  /** Headers of a message that arrived, read without the signer's help. */
  private static final class ReceivedHeaders implements Headers {

    private final List<String> fields;

    ReceivedHeaders(String head) {
      StringBuilder marked = new StringBuilder();
      head.lines()
          .forEach(line ->
              marked
                  .append(
                      marked.isEmpty()
                          ? ""
                          : Character.isWhitespace(line.charAt(0)) ? "\r\n" : "\0")
                  .append(line));
      fields = List.of(marked.toString().split("\0"));
    }

    @Override
    public List<String> getFields() {
      return fields;
    }

    @Override
    public List<String> getFields(String name) {
      return fields.stream()
          .filter(field -> field.substring(0, field.indexOf(':')).equalsIgnoreCase(name))
          .toList();
    }
  }
}
