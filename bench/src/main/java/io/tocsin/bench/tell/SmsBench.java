package io.tocsin.bench.tell;

import io.tocsin.avro.Channel;
import io.tocsin.bench.BenchStack;
import io.tocsin.bench.Progress;
import io.tocsin.cli.stack.StartedPart;
import io.tocsin.notifier.receipts.TwilioCallbacks;
import io.tocsin.notifier.twilio.TwilioSettings;
import io.tocsin.schemas.config.TocsinConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** SMS: ours and the JDK's HttpClient by turns to one server. */
record SmsBench(
    int messages,
    int sessions,
    int partitions,
    int rounds,
    Map<String, String> settings,
    Path folder,
    Progress progress) {

  private static final String OURS = "ours";
  private static final String HTTP_CLIENT = "httpClient";
  private static final List<String> SERVER_FLAGS = List.of("-Xmx128m");

  /** As long as a receipt's token. */
  private static final String TOKEN = "x".repeat(48);

  Map<String, Object> run() throws Exception {
    try (BenchStack stack =
        TellSettings.stack(
            folder.resolve("stack"),
            partitions,
            settings,
            List.of(NotifierRun.PART, TwilioServerCommand.NAME))) {
      StartedPart _ = stack.startOwn(TwilioServerCommand.NAME, SERVER_FLAGS, Map.of());
      progress.say("broker, registry and server are up");
      TocsinConfig config = stack.cluster().config();
      Notices notices = new Notices(config, stack.keys().contactSealer(), partitions);
      String base = "http://127.0.0.1:" + stack.port(TwilioServerCommand.NAME);
      String callback = "http://127.0.0.1:" + stack.port(NotifierRun.PART);
      Map<String, String> ownSettings =
          new HashMap<>(TellSettings.concurrency(Channel.SMS, sessions));
      ownSettings.put(TwilioSettings.BASE_URL, base);
      ownSettings.put(TwilioSettings.CALLBACK_URL, callback);
      ownSettings.putAll(settings);
      try (NotifierRun ours =
              NotifierRun.start(stack, Channel.SMS, notices, ownSettings, progress);
          HttpClientPeer peer =
              new HttpClientPeer(
                  base,
                  config.string(TwilioSettings.ACCOUNT_SID),
                  config.secret(TwilioSettings.AUTH_TOKEN).orElseThrow(),
                  config.string(TwilioSettings.FROM),
                  callback + TwilioCallbacks.PATH + TOKEN,
                  sessions,
                  messages,
                  notices,
                  progress)) {
        Map<String, Rounds.Runner> runners = new LinkedHashMap<>();
        runners.put(OURS, ours::round);
        runners.put(HTTP_CLIENT, (round, count) -> peer.round(count));
        return report(Rounds.run(messages, rounds, messages, runners), ours);
      }
    }
  }

  private Map<String, Object> report(Rounds measured, NotifierRun ours) throws Exception {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("messages", messages);
    report.put("sessions", sessions);
    report.put("partitions", partitions);
    report.put("cores", Runtime.getRuntime().availableProcessors());
    report.put("java", Runtime.version().toString());
    report.put("perSecond", measured.rates());
    report.put("vsHttpClient", measured.ratio(OURS, HTTP_CLIENT));
    report.put("seconds", measured.seconds());
    report.put("peakRssMb", ours.peakMegabytes());
    report.put("totalSeconds", progress.elapsed().toSeconds());
    return report;
  }
}
