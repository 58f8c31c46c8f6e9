package io.tocsin.cli.operate;

import io.tocsin.avro.Incident;
import io.tocsin.avro.IncidentKind;
import io.tocsin.avro.Scope;
import io.tocsin.cli.Catalogues;
import io.tocsin.notifier.text.TemplateException;
import io.tocsin.schemas.catalogue.Catalogue;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.seal.KeyException;
import io.tocsin.schemas.seal.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigException;

/** Checks what is on this machine: keys, catalogue, templates. */
final class LocalChecks {

  private static final Set<PosixFilePermission> OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final TocsinConfig config;

  LocalChecks(TocsinConfig config) {
    this.config = config;
  }

  List<Finding> run() {
    List<Finding> findings = new ArrayList<>();
    Path folder = Path.of(config.string(CommonKeys.KEYS_DIR));
    Keys keys = Keys.in(folder);
    findings.add(key("key to seal contacts", keys::contactSealer, true));
    findings.add(key("key to seal dead letters", keys::deadLetterSealer, true));
    findings.add(key("key to open contacts", keys::contactOpener, false));
    findings.add(key("key of receipts", keys::receiptPrf, false));
    findings.add(key("key to open dead letters", keys::deadLetterOpener, false));
    findings.addAll(permissions(folder));
    findings.add(catalogue());
    findings.addAll(templates());
    return findings;
  }

  /** A private key belongs on few machines: its absence is a warning. */
  private static Finding key(String subject, Runnable read, boolean needed) {
    try {
      read.run();
      return Finding.ok(subject, "readable");
    } catch (KeyException e) {
      String words = String.valueOf(e.getMessage());
      return needed
          ? Finding.fail(subject, words)
          : Finding.warn(
              subject, words + "; only the notifier, and who mends dead letters, need it");
    }
  }

  private static List<Finding> permissions(Path folder) {
    List<Finding> findings = new ArrayList<>();
    for (String name :
        List.of(
            "contacts.private.json",
            "dead-letters.private.json",
            "fingerprints.json",
            "receipts.json")) {
      Path file = folder.resolve(name);
      try {
        if (Files.exists(file)
            && Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
          findings.add(
              Finding.fail("key files", file + " can be read by others than its owner; chmod 600"));
        }
      } catch (IOException | UnsupportedOperationException e) {
        findings.add(Finding.warn("key files", "the permissions of " + file + " cannot be read"));
      }
    }
    return findings;
  }

  private Finding catalogue() {
    try {
      Catalogue catalogue = Catalogues.of(config);
      String counts =
          catalogue.datasets().size()
              + " datasets, "
              + catalogue.categories().size()
              + " categories";
      return config.optional(CommonKeys.CATALOGUE_FILE).isPresent()
          ? Finding.ok("catalogue", counts)
          : Finding.warn(
              "catalogue", "the built-in sample: " + counts + "; name your own in catalogue.file");
    } catch (IllegalArgumentException e) {
      return Finding.fail("catalogue", String.valueOf(e.getMessage()));
    }
  }

  private List<Finding> templates() {
    List<Finding> findings = new ArrayList<>();
    try {
      for (IncidentKind kind : IncidentKind.values()) {
        NoticeWords words = NoticeWords.compile(config, incident(kind));
        if (kind == IncidentKind.DISCLOSURE) {
          findings.add(
              Finding.ok(
                  "templates",
                  words.template().getTemplateId()
                      + " in "
                      + String.join(", ", new TreeSet<>(words.template().getLocales().keySet()))));
        }
      }
    } catch (TemplateException e) {
      e.problems().forEach(problem -> findings.add(Finding.fail("templates", problem.toString())));
    } catch (ConfigException | IllegalArgumentException e) {
      findings.add(Finding.fail("templates", String.valueOf(e.getMessage())));
    }
    return findings;
  }

  private static Incident incident(IncidentKind kind) {
    return Incident.newBuilder()
        .setIncidentId("doctor")
        .setVersion(1)
        .setKind(kind)
        .setScope(Scope.newBuilder().build())
        .setReporter("doctor")
        .setReportedAt(Instant.EPOCH)
        .build();
  }
}
