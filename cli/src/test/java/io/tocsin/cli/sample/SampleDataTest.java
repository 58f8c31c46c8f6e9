package io.tocsin.cli.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;

import io.tocsin.schemas.catalogue.Catalogue;
import io.tocsin.schemas.contact.EmailAddress;
import io.tocsin.schemas.contact.PhoneNumber;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SampleDataTest {

  private static final SampleData SAMPLE = new SampleData(SampleData.DEFAULT_SEED, 10_000);

  @Test
  void shouldInventTheSamePeopleFromTheSameSeed() {
    // Given
    SampleData again = new SampleData(SampleData.DEFAULT_SEED, 500);

    // When, Then
    assertThat(again.users()).containsExactlyElementsOf(SAMPLE.users().limit(500).toList());
    assertThat(again.users().flatMap(user -> again.holdings(user).stream()))
        .containsExactlyElementsOf(
            SAMPLE.users().limit(500).flatMap(user -> SAMPLE.holdings(user).stream()).toList());
  }

  @Test
  void shouldInventOtherPeopleFromAnotherSeed() {
    // Given
    SampleData other = new SampleData(SampleData.DEFAULT_SEED + 1, 500);

    // When, Then
    assertThat(other.users().filter(user -> user.equals(SAMPLE.user(user.index()))).count())
        .isLessThan(25);
  }

  @Test
  void shouldSpeakAllThreeLanguages() {
    // Given
    Map<String, Long> byLocale =
        SAMPLE.users().collect(Collectors.groupingBy(SampleUser::locale, Collectors.counting()));

    // When, Then
    assertThat(byLocale).containsOnlyKeys("en", "ru", "kk");
    assertThat(byLocale.values()).allSatisfy(count -> assertThat(count).isGreaterThan(1_500));
  }

  @Test
  void shouldGiveEverybodyAChannelMostBothAndSomeOne() {
    // Given
    double both = share(user -> user.email() != null && user.phone() != null);
    double emailOnly = share(user -> user.email() != null && user.phone() == null);
    double smsOnly = share(user -> user.email() == null && user.phone() != null);

    // When, Then
    assertThat(both).isBetween(0.70, 0.85);
    assertThat(emailOnly).isBetween(0.08, 0.16);
    assertThat(smsOnly).isBetween(0.05, 0.13);
    assertThat(both + emailOnly + smsOnly).isEqualTo(1.0, within(1e-9));
  }

  @Test
  void shouldOnlyWriteContactsThatAreSoundAndBelongToNobody() {
    assertThat(SAMPLE.users())
        .allSatisfy(user -> {
          if (user.email() != null) {
            assertThat(EmailAddress.parse(user.email()).value()).isEqualTo(user.email());
            assertThat(user.email()).matches(".*(@example\\.(com|org|net)|\\.example|\\.test)$");
          }
          if (user.phone() != null) {
            assertThat(PhoneNumber.parse(user.phone()).value()).isEqualTo(user.phone());
            assertThat(user.phone()).matches("\\+999\\d{9}|\\+1500555000\\d");
          }
        });
  }

  @Test
  void shouldHaveFamiliesShareAContactAndNobodyElse() {
    // Given
    Map<String, List<Integer>> byEmail =
        SAMPLE
            .users()
            .filter(user -> user.email() != null)
            .collect(
                Collectors.groupingBy(
                    SampleUser::email, Collectors.mapping(SampleUser::index, Collectors.toList())));

    // When
    List<List<Integer>> shared =
        byEmail.values().stream().filter(users -> users.size() > 1).toList();

    // Then
    assertThat(shared).hasSizeGreaterThan(400);
    assertThat(shared)
        .allSatisfy(family -> {
          assertThat(family).hasSize(2);
          assertThat(family.get(1) - family.get(0)).isEqualTo(1);
        });
  }

  @Test
  void shouldRefuseEitherAllContactsOfAPersonOrNone() {
    assertThat(SAMPLE.users())
        .allSatisfy(user -> {
          List<Boolean> refusals = new ArrayList<>();
          if (user.email() != null) {
            refusals.add(SampleContacts.isRefusedEmail(user.email()));
          }
          if (user.phone() != null) {
            refusals.add(SampleContacts.isRefusedPhone(user.phone()));
          }
          assertThat(refusals).isNotEmpty().containsOnly(user.refused());
        });
    assertThat(share(SampleUser::refused)).isEqualTo(0.021, offset(0.002));
  }

  @Test
  void shouldKnowEveryCategoryAndDatasetAndKeepTimeInOrder() {
    // Given
    Catalogue catalogue = Catalogue.sample();
    Set<String> datasets = new HashSet<>();
    Set<String> categories = new HashSet<>();

    // When
    SAMPLE
        .holdings()
        .forEach(holding -> {
          datasets.add(holding.dataset());
          for (SampleInterval interval : holding.intervals()) {
            categories.addAll(interval.categories());
            assertThat(interval.categories()).isNotEmpty().doesNotHaveDuplicates();
            assertThat(interval.from()).isAfterOrEqualTo(SampleHoldings.OPENED);
            if (interval.until() != null) {
              assertThat(interval.until()).isAfter(interval.from());
            }
          }
        });

    // Then
    assertThat(datasets)
        .containsExactlyInAnyOrder("registration", "feedback", "purchases", "access-log");
    assertThat(categories).allMatch(catalogue::hasCategory).hasSize(13);
  }

  @Test
  void shouldHaveSomeHoldingsThatCameAndWentAndSomeThatStay() {
    // Given
    List<SampleHolding> registrations =
        SAMPLE.holdings().filter(holding -> holding.dataset().equals("registration")).toList();

    // When
    long returned = registrations.stream().filter(held -> held.intervals().size() > 1).count();
    long ended =
        registrations.stream().filter(held -> held.intervals().getLast().until() != null).count();

    // Then
    assertThat(returned).isGreaterThan(500);
    assertThat(ended).isGreaterThan(300).isLessThan(registrations.size() / 2);
  }

  @Test
  void shouldRedactPeopleWhenPrinted() {
    assertThat(SAMPLE.user(0).toString()).isEqualTo("SampleUser[u-0000001]");
  }

  @Test
  void shouldRefuseAnImpossibleSize() {
    assertThatIllegalArgumentException().isThrownBy(() -> new SampleData(1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new SampleData(1, SampleData.MOST + 1));
  }

  private static double share(Predicate<SampleUser> predicate) {
    return SAMPLE.users().filter(predicate).count() / (double) SAMPLE.size();
  }
}
