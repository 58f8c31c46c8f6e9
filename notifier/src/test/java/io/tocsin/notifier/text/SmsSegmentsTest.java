package io.tocsin.notifier.text;

import static io.tocsin.notifier.text.SmsSegments.Encoding.GSM_7;
import static io.tocsin.notifier.text.SmsSegments.Encoding.UCS_2;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.notifier.text.SmsSegments.Encoding;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SmsSegmentsTest {

  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of("nothing", "", GSM_7, 0, 0),
        Arguments.of("one full segment", "a".repeat(160), GSM_7, 160, 1),
        Arguments.of("one character more", "a".repeat(161), GSM_7, 161, 2),
        Arguments.of("two full segments", "a".repeat(306), GSM_7, 306, 2),
        Arguments.of("one more than two", "a".repeat(307), GSM_7, 307, 3),
        Arguments.of("every basic character is one unit", "@£$¥èÇ\nØøÅåΔ_ΩÆß¤¡§¿àñ", GSM_7, 22, 1),
        Arguments.of("an extended character is two units", "^{}\\[~]|€", GSM_7, 18, 1),
        Arguments.of("extended characters fill one segment", "€".repeat(80), GSM_7, 160, 1),
        Arguments.of(
            "an escape is not parted", "a".repeat(152) + "€" + "a".repeat(10), GSM_7, 164, 2),
        Arguments.of(
            "a parted escape would have fitted",
            "a".repeat(152) + "€" + "a".repeat(152),
            GSM_7,
            306,
            3),
        Arguments.of("only extended characters", "€".repeat(153), GSM_7, 306, 3),
        Arguments.of("a capital C cedilla is basic, a small one is not", "ç", UCS_2, 1, 1),
        Arguments.of("a backtick is not in the alphabet", "`", UCS_2, 1, 1),
        Arguments.of(
            "one Cyrillic letter makes all of it UCS-2", "a".repeat(69) + "ж", UCS_2, 70, 1),
        Arguments.of("seventy-one", "ж".repeat(71), UCS_2, 71, 2),
        Arguments.of("two full segments of Kazakh", "қ".repeat(134), UCS_2, 134, 2),
        Arguments.of("one more than two of Kazakh", "қ".repeat(135), UCS_2, 135, 3),
        Arguments.of("a surrogate pair is two units", "\uD83D\uDD14".repeat(35), UCS_2, 70, 1),
        Arguments.of(
            "a surrogate pair is not parted",
            "ж".repeat(66) + "\uD83D\uDD14" + "ж".repeat(66),
            UCS_2,
            134,
            3),
        Arguments.of("a lone surrogate is one unit", "\uD83D", UCS_2, 1, 1));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("texts")
  void shouldCount(String what, String text, Encoding encoding, int units, int segments) {
    // When
    SmsSegments counted = SmsSegments.of(text);

    // Then
    assertThat(counted).as(what).isEqualTo(new SmsSegments(encoding, units, segments));
  }
}
