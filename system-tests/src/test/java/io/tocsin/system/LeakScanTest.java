package io.tocsin.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A scan that finds nothing proves something only if it would have found it. */
class LeakScanTest {

  private static final String EMAIL = "Vesul.Vegor1@mail.example";
  private static final String PHONE = "+999723010203";

  private final LeakScan scan = new LeakScan(List.of(EMAIL, PHONE));

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {EMAIL, "vesul.vegor1@mail.example", "vesul.vegor1%40mail.example", PHONE})
  void shouldFindAContactInClear(String written) throws IOException {
    assertThat(findings(("x" + written + "y").getBytes(StandardCharsets.UTF_8))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16BE", "UTF-16LE"})
  void shouldFindAContactInUtf16(String charset) throws IOException {
    assertThat(findings(EMAIL.getBytes(Charset.forName(charset)))).contains("f: " + charset);
    assertThat(findings(PHONE.getBytes(Charset.forName(charset)))).contains("f: " + charset);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void shouldFindAContactInBase64AtAnyAlignment(int before) throws IOException {
    for (String contact : List.of(EMAIL, PHONE)) {
      byte[] bytes = ("~".repeat(before) + contact + "~~").getBytes(StandardCharsets.UTF_8);
      assertThat(findings(Base64.getEncoder().encode(bytes))).isNotEmpty();
      assertThat(findings(Base64.getUrlEncoder().encode(bytes))).isNotEmpty();
    }
  }

  @Test
  void shouldFindAContactInHexOfBothCases() throws IOException {
    byte[] bytes = EMAIL.getBytes(StandardCharsets.UTF_8);
    assertThat(findings(HexFormat.of().formatHex(bytes).getBytes(StandardCharsets.UTF_8)))
        .containsExactly("f: hex");
    assertThat(
            findings(
                HexFormat.of().withUpperCase().formatHex(bytes).getBytes(StandardCharsets.UTF_8)))
        .containsExactly("f: hex");
  }

  @Test
  void shouldFindAContactAcrossTheBuffersEdge() throws IOException {
    // Given
    byte[] contact = EMAIL.getBytes(StandardCharsets.UTF_8);
    byte[] content = new byte[(1 << 21) + 100];
    ByteBuffer.wrap(content).position((1 << 20) - 7).put(contact);

    // When / Then
    assertThat(findings(content)).containsExactly("f: clear");
  }

  @Test
  void shouldFindNothingWhereNothingIs() throws IOException {
    assertThat(findings("vesul.vegor2@mail.example +999723010204".getBytes(StandardCharsets.UTF_8)))
        .isEmpty();
  }

  private List<String> findings(byte[] content) throws IOException {
    Files.write(folder.resolve("f"), content);
    return scan.findings(folder, file -> false);
  }
}
