package io.tocsin.notifier.receipts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tocsin.avro.Channel;
import io.tocsin.notifier.Fixtures;
import io.tocsin.notifier.receipts.ReceiptTokens.Receipt;
import io.tocsin.schemas.id.NoticeIds;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReceiptTokensTest {

  @TempDir private Path folder;
  @TempDir private Path otherFolder;
  private ReceiptTokens tokens;

  @BeforeEach
  void makeKeys() {
    tokens = new ReceiptTokens(new Fixtures(folder).keys().receiptPrf());
  }

  @ParameterizedTest
  @EnumSource
  void shouldComeBackWhole(Channel channel) {
    // Given
    String delivery = delivery(channel);

    // When
    String token = tokens.issue(4095, delivery, 17);

    // Then
    assertThat(token).matches("[a-z2-7]{48}");
    assertThat(tokens.read(token)).contains(new Receipt(4095, delivery, 17));
    assertThat(tokens.read(token.toUpperCase(Locale.ROOT)))
        .contains(new Receipt(4095, delivery, 17));
  }

  @Test
  void shouldRefuseWhateverWasChanged() {
    // Given
    String token = tokens.issue(3, delivery(Channel.SMS), 1);

    // When, Then
    for (int i = 0; i < token.length(); i++) {
      char other = token.charAt(i) == 'a' ? 'b' : 'a';
      assertThat(tokens.read(token.substring(0, i) + other + token.substring(i + 1))).isEmpty();
    }
    assertThat(tokens.read("")).isEmpty();
    assertThat(tokens.read(token + "a")).isEmpty();
    assertThat(tokens.read(token.substring(1) + "!")).isEmpty();
    assertThat(tokens.read("é".repeat(48))).isEmpty();
  }

  @Test
  void shouldRefuseTokensUnderAnotherKey() {
    // Given
    ReceiptTokens others = new ReceiptTokens(new Fixtures(otherFolder).keys().receiptPrf());

    // When, Then
    assertThat(tokens.read(others.issue(3, delivery(Channel.SMS), 1))).isEmpty();
  }

  @Test
  void shouldNotIssueWhatItCouldNotRead() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tokens.issue(70_000, delivery(Channel.SMS), 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tokens.issue(0, delivery(Channel.SMS), 40_000));
    assertThatIllegalArgumentException().isThrownBy(() -> tokens.issue(0, "abc-s", 1));
  }

  private static String delivery(Channel channel) {
    return NoticeIds.deliveryId(NoticeIds.noticeId("INC-1", "u1", 1), channel);
  }
}
