package io.tocsin.cli.operate;

import io.tocsin.avro.Incident;
import io.tocsin.cli.ExitCodes;
import io.tocsin.cli.Output;
import io.tocsin.cli.Progress;
import io.tocsin.cli.TocsinCommand;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.notifier.text.LocaleFallback;
import io.tocsin.notifier.text.Recipient;
import io.tocsin.notifier.text.RenderedEmail;
import io.tocsin.notifier.text.RenderedSms;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tocsin incident preview}. */
@Command(
    name = "preview",
    description = {
      "Shows what an approval would send: how many people, in which languages, a sample of both"
          + " messages in each, what an SMS costs, and the version of the words. Sends nothing.",
      "A sample is made of what a real affected person lost, and shows TEST-00000 as its reference."
    })
final class IncidentPreviewCommand extends TocsinCommand {

  @Parameters(paramLabel = "INCIDENT", description = "Id of the incident.")
  private String incidentId = "";

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description =
          "How long to wait until everybody is identified, before showing what is known"
              + " (default: ${DEFAULT-VALUE}).")
  private long waitSeconds;

  @Override
  public Integer call() {
    try (Cluster cluster = Cluster.connect(config());
        StatusReader reader = new StatusReader(cluster, incidentId)) {
      IncidentStatus status = status(reader);
      Incident incident = reader.page().requireAccepted();
      NoticeWords words = NoticeWords.compile(config(), incident);
      Map<String, Long> people = byTemplateLocale(status, words);
      Map<String, Object> shown = new LinkedHashMap<>();
      shown.put("incidentId", incidentId);
      shown.put("version", incident.getVersion());
      shown.put("identified", status.identified());
      shown.put("affected", status.affected());
      shown.put("locales", people);
      shown.put("templateId", words.template().getTemplateId());
      shown.put("templateVersion", words.template().getVersion());
      shown.put("warnings", status.warnings());
      Map<String, Map<String, Object>> samples = new LinkedHashMap<>();
      Samples.of(cluster, incident, words)
          .forEach((locale, recipient) -> samples.put(locale, sample(words, recipient)));
      if (out().format() == Output.Format.JSON) {
        shown.put("samples", samples);
        out().properties(shown);
      } else {
        out().properties(shown);
        samples.forEach(this::print);
      }
      return ExitCodes.OK;
    }
  }

  private IncidentStatus status(StatusReader reader) {
    try (Progress progress = new Progress(err(), "Identifying", "holdings", 0)) {
      return reader.await(
          status -> status.identified() || status.state() == IncidentStatus.State.WITHDRAWN,
          seen -> progress.reach(seen.scanned()),
          Duration.ofSeconds(waitSeconds));
    }
  }

  /** How many people read which language of the template. */
  private static Map<String, Long> byTemplateLocale(IncidentStatus status, NoticeWords words) {
    Map<String, Long> sums = new TreeMap<>();
    status
        .locales()
        .forEach((locale, count) ->
            sums.merge(
                LocaleFallback.resolve(
                    locale,
                    words.template().getLocales().keySet(),
                    words.template().getDefaultLocale()),
                count,
                Long::sum));
    return sums;
  }

  private static Map<String, Object> sample(NoticeWords words, Recipient recipient) {
    RenderedEmail email = words.renderer().email(recipient);
    RenderedSms sms = words.renderer().sms(recipient);
    Map<String, Object> sample = new LinkedHashMap<>();
    sample.put("subject", email.subject());
    sample.put("email", email.text());
    sample.put("sms", sms.body());
    sample.put("smsEncoding", sms.segments().encoding().name());
    sample.put("smsSegments", sms.segments().segments());
    return sample;
  }

  private void print(String locale, Map<String, Object> sample) {
    out().say("");
    out().say("---- " + locale + ": e-mail: " + sample.get("subject"));
    out().say(String.valueOf(sample.get("email")).stripTrailing());
    out()
        .say(
            "---- "
                + locale
                + ": SMS: "
                + sample.get("smsSegments")
                + " segments of "
                + sample.get("smsEncoding"));
    out().say(String.valueOf(sample.get("sms")));
  }
}
