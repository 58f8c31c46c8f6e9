package io.tocsin.cli.operate;

import io.tocsin.avro.Incident;
import io.tocsin.avro.IncidentKind;
import io.tocsin.avro.Scope;
import io.tocsin.cli.Catalogues;
import io.tocsin.notifier.smtp.DkimSettings;
import io.tocsin.notifier.smtp.SmtpSettings;
import io.tocsin.notifier.text.TemplateException;
import io.tocsin.notifier.twilio.TwilioSettings;
import io.tocsin.schemas.catalogue.Catalogue;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.seal.KeyException;
import io.tocsin.schemas.seal.Keys;
import io.tocsin.streams.dispatcher.DispatcherSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;

/** Checks what is on this machine: keys, catalogue, templates, settings that belong together. */
final class LocalChecks {

  private static final Set<PosixFilePermission> OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private static final String CALL_TIMES = "call times";

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
    findings.add(callTimes());
    return findings;
  }

  /** The dispatcher calls an attempt UNKNOWN once its own time is over. */
  private Finding callTimes() {
    long longest = config.number(DispatcherSettings.CALL_MAX);
    List<String> over =
        Stream.of(SmtpSettings.CALL_TIMEOUT, TwilioSettings.CALL_TIMEOUT)
            .filter(key -> config.number(key) > longest)
            .toList();
    return over.isEmpty()
        ? Finding.ok(CALL_TIMES, "within " + DispatcherSettings.CALL_MAX)
        : Finding.warn(
            CALL_TIMES,
            String.join(" and ", over)
                + " over "
                + DispatcherSettings.CALL_MAX
                + " ("
                + longest
                + "): the dispatcher would call attempts UNKNOWN that are still under way; lower"
                + " the former or raise the latter");
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

  private List<Finding> permissions(Path folder) {
    List<Finding> findings = new ArrayList<>();
    List<Path> files =
        Stream.concat(
                Stream.of(
                        "contacts.private.json",
                        "dead-letters.private.json",
                        "fingerprints.json",
                        "receipts.json")
                    .map(folder::resolve),
                config.optional(DkimSettings.KEY_FILE).map(Path::of).stream())
            .toList();
    for (Path file : files) {
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
