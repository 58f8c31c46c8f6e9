package io.tocsin.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferencesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"7K0W1-9XZ3A", "7k0w1-9xz3a", "7KOWI 9XZ3A", "7kowl9xz3a", " 7K0W1–9XZ3A "})
  void shouldUnderstandAReferenceAsPeopleReadItOut(String text) {
    // When
    String reference = References.normalised(text);

    // Then
    assertThat(reference).isEqualTo("7K0W1-9XZ3A");
  }

  @Test
  void shouldLeaveWhatCannotBeAReferenceAsItIs() {
    // When
    String noticeId = References.normalised("00112233445566778899aabbccddeeff");

    // Then
    assertThat(noticeId).isEqualTo("00112233445566778899aabbccddeeff");
  }

  @ParameterizedTest
  @ValueSource(strings = {"=1+1", "+7", "-1", "@SUM(A1)", "\tx"})
  void shouldKeepACellFromBecomingAFormula(String text) {
    // When
    String cell = SpreadsheetCell.of(text);

    // Then
    assertThat(cell).isEqualTo("'" + text);
  }

  @Test
  void shouldLeaveAnOrdinaryCellAsItIs() {
    // When
    String cell = SpreadsheetCell.of("u-1");

    // Then
    assertThat(cell).isEqualTo("u-1");
  }
}
