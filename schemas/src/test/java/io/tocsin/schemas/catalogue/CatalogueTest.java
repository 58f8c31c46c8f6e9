package io.tocsin.schemas.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"en", "ru", "kk"})
  void shouldNameEverySampleCategoryInEveryLanguage(String locale) {
    assertThat(Catalogue.sample().categoryNames(locale))
        .hasSameSizeAs(Catalogue.sample().categories())
        .doesNotContainValue("");
  }

  @Test
  void shouldPutCategoriesInItsOwnOrder() {
    assertThat(Catalogue.sample().inOrder(Set.of("ip-address", "name", "password-hash", "zodiac")))
        .containsExactly("password-hash", "name", "ip-address", "zodiac");
  }

  @Test
  void shouldNameTheCategoryWithoutANameInALanguage() {
    assertThatThrownBy(() -> Catalogue.sample().categoryNames("fr")).hasMessageContaining("fr");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"datasets\":[{\"id\":\"a/b\"}],\"categories\":[]}",
        "{\"datasets\":[{\"id\":\"a\"},{\"id\":\"a\"}],\"categories\":[]}",
        "{\"datasets\":[],\"categories\":[{\"id\":\"x\",\"names\":{}}]}",
        "{\"datasets\":[],\"categories\":[],\"extra\":1}",
        "not json",
      })
  void shouldRefuseABadCatalogueInOneSentence(String json) throws IOException {
    Path file = Files.writeString(folder.resolve("catalogue.json"), json);
    assertThatThrownBy(() -> Catalogue.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(file.toString());
  }
}
