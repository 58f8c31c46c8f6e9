package io.tocsin.notifier.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Where the files of a template are read from. */
sealed interface TemplateSource {

  /** The template's id, which is also the name of its folder. */
  String id();

  /** The names of the folders inside, one for each locale. */
  SortedSet<String> folders() throws IOException;

  /** The octets of one file, if it is there. */
  Optional<byte[]> read(String file) throws IOException;

  /** A folder of the operator's. */
  record Directory(String id, Path path) implements TemplateSource {

    @Override
    public SortedSet<String> folders() throws IOException {
      SortedSet<String> names = new TreeSet<>();
      try (Stream<Path> children = Files.list(path)) {
        children
            .filter(Files::isDirectory)
            .map(child -> child.getFileName().toString())
            .filter(name -> !name.startsWith("."))
            .forEach(names::add);
      }
      return names;
    }

    @Override
    public Optional<byte[]> read(String file) throws IOException {
      Path wanted = path.resolve(file);
      return Files.isRegularFile(wanted)
          ? Optional.of(Files.readAllBytes(wanted))
          : Optional.empty();
    }
  }

  /** The template that comes with the program. */
  record BuiltIn(String id, SortedSet<String> folders) implements TemplateSource {

    @Override
    public Optional<byte[]> read(String file) throws IOException {
      String resource = "/templates/" + id + "/" + file;
      try (InputStream in = TemplateSource.class.getResourceAsStream(resource)) {
        return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
      }
    }
  }
}
