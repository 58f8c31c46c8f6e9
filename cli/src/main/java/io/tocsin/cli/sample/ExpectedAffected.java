package io.tocsin.cli.sample;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.schemas.catalogue.Catalogue;
import io.tocsin.schemas.id.NoticeIds;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whom an incident affects, by looking at every person of the sample in turn. No Kafka, and nothing
 * of the identifier's: what both agree on is not agreed by sharing a mistake.
 */
public final class ExpectedAffected {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final SampleData sample;
  private final SampleIncident incident;
  private final Catalogue catalogue;
  private final Map<String, List<SampleIncident.Subject>> evidence;

  public ExpectedAffected(SampleData sample, SampleIncident incident, Catalogue catalogue) {
    this.sample = sample;
    this.incident = incident;
    this.catalogue = catalogue;
    this.evidence =
        incident.scope().users().stream()
            .collect(Collectors.groupingBy(SampleIncident.Subject::userId));
  }

  /** Everybody affected, in the order of the sample. */
  public Stream<ExpectedPerson> people() {
    return incident.withdrawn()
        ? Stream.empty()
        : sample.users().map(this::person).flatMap(Optional::stream);
  }

  /**
   * Writes them as JSON lines. The file holds addresses: it belongs beside the data folder, not in
   * it.
   *
   * @return how many lines
   */
  public long write(Path file) {
    long lines = 0;
    try (BufferedWriter out = Files.newBufferedWriter(file);
        Stream<ExpectedPerson> people = people()) {
      for (Iterator<ExpectedPerson> all = people.iterator(); all.hasNext(); lines++) {
        out.write(JSON.writeValueAsString(all.next()));
        out.write('\n');
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
  }

  /** Reads what {@link #write} wrote. Close the stream. */
  public static Stream<ExpectedPerson> read(Path file) {
    try {
      BufferedReader lines = Files.newBufferedReader(file);
      return lines.lines().map(ExpectedAffected::parse).onClose(() -> close(lines));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  private static void close(BufferedReader lines) {
    try {
      lines.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<ExpectedPerson> person(SampleUser user) {
    Set<String> lost = new HashSet<>();
    for (SampleHolding holding : sample.holdings(user)) {
      lost.addAll(exposed(holding));
    }
    evidence.getOrDefault(user.userId(), List.of()).forEach(line -> lost.addAll(line.categories()));
    if (lost.isEmpty() || incident.scope().exceptUsers().contains(user.userId())) {
      return Optional.empty();
    }
    String notice = NoticeIds.noticeId(incident.incidentId(), user.userId(), 1);
    return Optional.of(
        new ExpectedPerson(
            user.userId(),
            user.locale(),
            user.email(),
            user.phone(),
            catalogue.inOrder(lost),
            user.email() != null && SampleContacts.isRefusedEmail(user.email()),
            user.phone() != null && SampleContacts.isRefusedPhone(user.phone()),
            NoticeIds.reference(notice)));
  }

  private Set<String> exposed(SampleHolding holding) {
    SampleIncident.Window window = incident.scope().window();
    Set<String> lost = new HashSet<>();
    for (SampleIncident.Dataset scope : incident.scope().datasets()) {
      if (scope.dataset().equals(holding.dataset())) {
        Predicate<String> named =
            id -> scope.categories().isEmpty() || scope.categories().contains(id);
        holding.intervals().stream()
            .filter(window::meets)
            .flatMap(interval -> interval.categories().stream())
            .filter(named)
            .forEach(lost::add);
      }
    }
    return lost;
  }

  private static ExpectedPerson parse(String line) {
    try {
      return JSON.readValue(line, ExpectedPerson.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not a line of an expected file: " + e.getMessage(), e);
    }
  }
}
