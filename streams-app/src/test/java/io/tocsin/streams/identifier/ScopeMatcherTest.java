package io.tocsin.streams.identifier;

import static io.tocsin.streams.Samples.between;
import static io.tocsin.streams.Samples.dataset;
import static io.tocsin.streams.Samples.holding;
import static io.tocsin.streams.Samples.march;
import static io.tocsin.streams.Samples.scope;
import static io.tocsin.streams.Samples.since;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.avro.Holding;
import io.tocsin.avro.Scope;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScopeMatcherTest {

  @ParameterizedTest(name = "held [{0}, {1}) exposed [{2}, {3}): {4}")
  @CsvSource(
      nullValues = "-",
      value = {
        "1,  5,  5, 10, false", // left as the exposure began
        "1,  6,  5, 10, true",
        "10, 12, 5, 10, false", // came as the exposure ended
        "9,  12, 5, 10, true",
        "1,  20, 5, 10, true",
        "6,  7,  5, 10, true",
        "1,  -,  5, 10, true",
        "10, -,  5, 10, false",
        "1,  5,  -, 10, true",
        "1,  5,  -, 1,  false",
        "1,  5,  5, -,  false",
        "1,  6,  5, -,  true",
        "20, -,  5, -,  true",
        "1,  2,  -, -,  true",
      })
  void shouldCompareHalfOpenIntervals(
      int from, Integer until, Integer exposedFrom, Integer exposedUntil, boolean affected) {
    // Given
    Holding holding = holding(until == null ? since(from, "email") : between(from, until, "email"));
    Scope scope =
        scope(
            exposedFrom == null ? null : march(exposedFrom),
            exposedUntil == null ? null : march(exposedUntil),
            dataset("registration"));

    // When
    List<String> categories = new ScopeMatcher(scope).match("registration", "u-1", holding);

    // Then
    assertThat(categories).isEqualTo(affected ? List.of("email") : List.of());
  }

  @Test
  void shouldNameOnlyCategoriesThatTheScopeNamesAndTheOverlappingIntervalsHeld() {
    // Given
    Scope scope = scope(march(5), march(10), dataset("registration", "email", "phone"));
    Holding holding =
        holding(
            between(1, 4, "phone"), // gone before
            between(3, 7, "email", "name"),
            since(8, "email", "name"));

    // When
    List<String> categories = new ScopeMatcher(scope).match("registration", "u-1", holding);

    // Then
    assertThat(categories).containsExactly("email");
  }

  @Test
  void shouldUniteTheCategoriesOfEveryOverlappingInterval() {
    // Given
    Scope scope = scope(dataset("registration"));

    // When
    List<String> categories =
        new ScopeMatcher(scope)
            .match(
                "registration",
                "u-1",
                holding(between(1, 3, "email", "name"), since(5, "email", "phone")));

    // Then
    assertThat(categories).containsExactly("email", "name", "phone");
  }

  @Test
  void shouldLeaveOutOtherDatasetsAndExceptedUsers() {
    // Given
    Scope scope =
        Scope.newBuilder(scope(dataset("registration"))).setExceptUsers(List.of("u-9")).build();
    ScopeMatcher matcher = new ScopeMatcher(scope);

    // When / Then
    assertThat(matcher.match("purchases", "u-1", holding(since(1, "email")))).isEmpty();
    assertThat(matcher.match("registration", "u-9", holding(since(1, "email")))).isEmpty();
    assertThat(matcher.match("registration", "u-1", holding(since(1, "email")))).isNotEmpty();
    assertThat(matcher.excepts("u-9")).isTrue();
  }
}
