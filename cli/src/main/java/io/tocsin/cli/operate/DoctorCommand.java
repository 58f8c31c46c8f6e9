package io.tocsin.cli.operate;

import io.tocsin.cli.ExitCodes;
import io.tocsin.cli.TocsinCommand;
import io.tocsin.schemas.config.TocsinConfig;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code tocsin doctor}. */
@Command(
    name = "doctor",
    description = {
      "Checks the configuration and everything it names: keys, catalogue, templates, Kafka, topics,"
          + " schemas, the SMTP server, Twilio. Changes and sends nothing.",
      "One line each: ok, warn or fail, and what to do. Exits with 1 if anything fails."
    })
public final class DoctorCommand extends TocsinCommand {

  @Override
  public Integer call() {
    TocsinConfig config = config();
    List<Finding> findings = new ArrayList<>();
    findings.add(
        Finding.ok(
            "configuration",
            root().configFile() == null
                ? "no file named (--config or TOCSIN_CONFIG): defaults and environment only"
                : "read from " + root().configFile()));
    findings.addAll(new LocalChecks(config).run());
    findings.addAll(new ClusterChecks(config).run());
    findings.addAll(new ProviderChecks(config).run());
    out()
        .rows(
            List.of("result", "subject", "finding"),
            findings.stream().map(Finding::row).toList(),
            "Nothing checked.");
    return findings.stream().anyMatch(finding -> finding.level() == Finding.Level.FAIL)
        ? ExitCodes.FAILED
        : ExitCodes.OK;
  }
}
