package io.tocsin.bench.tell;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Where Postfix's smtp-sink and smtp-source are. */
record PostfixTools(Path sink, Path source) {

  private static final String ELSEWHERE = "/usr/sbin:/usr/lib/postfix/sbin:/usr/libexec/postfix";

  /** Looks for both in the PATH and where distributions put them. */
  static Optional<PostfixTools> find() {
    return find("smtp-sink")
        .flatMap(sink -> find("smtp-source").map(source -> new PostfixTools(sink, source)));
  }

  /** A program, by its name. */
  static Optional<Path> find(String name) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of((path + File.pathSeparator + ELSEWHERE).split(File.pathSeparator, -1))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
