package io.tocsin.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AotCachesTest {

  @TempDir Path folder;
  private Path jar;
  private AotCaches caches;

  @BeforeEach
  void prepare() throws IOException {
    jar = Files.writeString(folder.resolve("a.jar"), "one");
    caches = new AotCaches(folder.resolve("aot"));
  }

  @Test
  void shouldUseACacheThatATrainingRunLeft() throws Exception {
    // Given
    var part = part(jar);
    var trained = caches.train(part);
    Files.writeString(Path.of(flag(trained, "-XX:AOTCacheOutput=")), "cache");

    // When
    boolean kept = caches.keep(part);

    // Then
    assertThat(kept).isTrue();
    assertThat(Path.of(flag(caches.use(part), "-XX:AOTCache="))).hasContent("cache");
  }

  @Test
  void shouldNotUseTheCacheOfAnotherClassPath() throws Exception {
    // Given
    var part = part(jar);
    Files.writeString(Path.of(flag(caches.train(part), "-XX:AOTCacheOutput=")), "cache");
    caches.keep(part);

    // When
    Files.writeString(jar, "another");

    // Then
    assertThat(caches.use(part)).isEqualTo(part);
  }

  @Test
  void shouldLeaveAPartAloneThatRunsFromAFolder() throws Exception {
    var part = part(folder);

    assertThat(caches.train(part)).isEqualTo(part);
    assertThat(caches.keep(part)).isFalse();
    assertThat(caches.use(part)).isEqualTo(part);
  }

  private static String flag(JvmPart part, String prefix) {
    return part.jvmFlags().stream()
        .filter(flag -> flag.startsWith(prefix))
        .map(flag -> flag.substring(prefix.length()))
        .findFirst()
        .orElseThrow();
  }

  private JvmPart part(Path classPath) {
    return new JvmPart(
        "part",
        List.of("-Xmx64m"),
        classPath.toString(),
        "Main",
        List.of(),
        Map.of(),
        folder,
        new Readiness.Listening(1),
        Duration.ofSeconds(1),
        Duration.ofSeconds(1));
  }
}
