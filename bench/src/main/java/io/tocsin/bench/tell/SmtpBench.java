package io.tocsin.bench.tell;

import io.tocsin.avro.Channel;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.avro.SendCommand;
import io.tocsin.bench.BenchStack;
import io.tocsin.bench.Progress;
import io.tocsin.notifier.attempt.Outcome;
import io.tocsin.notifier.receipts.ReceiptTokens;
import io.tocsin.notifier.smtp.SmtpChannel;
import io.tocsin.notifier.smtp.SmtpSettings;
import io.tocsin.notifier.text.RenderedEmail;
import io.tocsin.schemas.config.TocsinConfig;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * E-mail: ours, smtp-source and nodemailer by turns into one smtp-sink, with as many connections
 * and messages of the same size.
 */
record SmtpBench(
    int messages,
    int sessions,
    int partitions,
    int rounds,
    Set<String> without,
    Map<String, String> settings,
    Path folder,
    Progress progress) {

  private static final String SMTP_SOURCE = "smtp-source";
  private static final String NODEMAILER = "nodemailer";
  private static final String OURS = "ours";

  /** A body long enough for smtp-source to fill. */
  private static final int PROBE = 1_000;

  Map<String, Object> run() throws Exception {
    PostfixTools tools =
        PostfixTools.find()
            .orElseThrow(() ->
                new IllegalStateException(
                    "smtp-sink and smtp-source are not installed; Debian has them in the package"
                        + " postfix"));
    if (has(NODEMAILER) && !NodemailerPeer.isPossible()) {
      throw new IllegalStateException(
          "node and npm are not installed; or leave them out: --without nodemailer");
    }
    Deque<AutoCloseable> opened = new ArrayDeque<>();
    try {
      return measure(tools, opened);
    } finally {
      for (AutoCloseable each : opened) {
        each.close();
      }
    }
  }

  private Map<String, Object> measure(PostfixTools tools, Deque<AutoCloseable> opened)
      throws Exception {
    BenchStack stack =
        opened(
            opened,
            TellSettings.stack(
                folder.resolve("stack"), partitions, settings, List.of(NotifierRun.PART)));
    SmtpSink sink = opened(opened, SmtpSink.start(tools.sink(), folder.resolve("smtp-sink.txt")));
    progress.say("broker, registry and smtp-sink are up");
    TocsinConfig config = stack.cluster().config();
    Notices notices = new Notices(config, stack.keys().contactSealer(), partitions);
    List<RenderedEmail> words =
        IntStream.range(0, Notices.LOCALES.size())
            .mapToObj(number -> notices.words().renderer().email(notices.recipient(0, number)))
            .toList();

    Map<String, Object> bytes = new LinkedHashMap<>();
    Map<String, Rounds.Runner> runners = new LinkedHashMap<>();
    int size = measureOurs(config, stack, notices);
    bytes.put(OURS, size);
    NotifierRun ours =
        opened(
            opened,
            NotifierRun.start(stack, Channel.EMAIL, notices, notifierSettings(sink), progress));
    runners.put(OURS, ours::round);
    if (has(SMTP_SOURCE)) {
      int length = size - measureSource(tools, PROBE) + PROBE;
      bytes.put("smtpSource", measureSource(tools, length));
      SmtpSourcePeer peer =
          new SmtpSourcePeer(tools.source(), sink.port(), sessions, length, progress);
      runners.put(SMTP_SOURCE, (round, count) -> peer.round(count));
    }
    if (has(NODEMAILER)) {
      bytes.put(NODEMAILER, measureNodemailer(words));
      NodemailerPeer peer =
          opened(
              opened, NodemailerPeer.start(nodemailer(), sink.port(), sessions, words, progress));
      runners.put(NODEMAILER, (round, count) -> peer.round(count));
    }
    Rounds measured = Rounds.run(messages, rounds, messages, runners);
    return report(measured, bytes, ours);
  }

  private Map<String, Object> report(Rounds measured, Map<String, Object> bytes, NotifierRun ours)
      throws Exception {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("messages", messages);
    report.put("sessions", sessions);
    report.put("partitions", partitions);
    report.put("cores", Runtime.getRuntime().availableProcessors());
    report.put("java", Runtime.version().toString());
    report.put("messageBytes", bytes);
    report.put("perSecond", measured.rates());
    if (measured.has(SMTP_SOURCE)) {
      report.put("vsSmtpSource", measured.ratio(OURS, SMTP_SOURCE));
    }
    if (measured.has(NODEMAILER)) {
      report.put("vsNodemailer", measured.ratio(OURS, NODEMAILER));
    }
    report.put("seconds", measured.seconds());
    report.put("peakRssMb", ours.peakMegabytes());
    report.put("totalSeconds", progress.elapsed().toSeconds());
    return report;
  }

  private Map<String, String> notifierSettings(SmtpSink sink) {
    Map<String, String> all = new HashMap<>(TellSettings.concurrency(Channel.EMAIL, sessions));
    all.put(SmtpSettings.HOST, "127.0.0.1");
    all.put(SmtpSettings.PORT, Integer.toString(sink.port()));
    all.putAll(settings);
    return all;
  }

  /** One message of each language, sent as the notifier sends it. */
  private int measureOurs(TocsinConfig config, BenchStack stack, Notices notices) throws Exception {
    try (MessageMeter meter = new MessageMeter();
        SmtpChannel channel =
            new SmtpChannel(
                SmtpSettings.from(config).at("127.0.0.1", meter.port()),
                new ReceiptTokens(stack.keys().receiptPrf()),
                InstantSource.system())) {
      for (int number = 0; number < Notices.LOCALES.size(); number++) {
        SendCommand command = notices.command(Channel.EMAIL, 0, number);
        Outcome outcome =
            channel
                .prepare(
                    command, Notices.contact(Channel.EMAIL, 0, number), notices.words().renderer())
                .send(Optional::empty);
        if (outcome.kind() != DeliveryEventKind.ACCEPTED) {
          throw new IllegalStateException("A message could not be measured: " + outcome);
        }
      }
      return meter.average();
    }
  }

  private int measureSource(PostfixTools tools, int length) throws Exception {
    try (MessageMeter meter = new MessageMeter()) {
      double _ =
          new SmtpSourcePeer(tools.source(), meter.port(), 1, length, Progress.silent()).round(1);
      return meter.average();
    }
  }

  private int measureNodemailer(List<RenderedEmail> words) throws Exception {
    try (MessageMeter meter = new MessageMeter();
        NodemailerPeer peer =
            NodemailerPeer.start(nodemailer(), meter.port(), 1, words, Progress.silent())) {
      double _ = peer.round(words.size());
      return meter.average();
    }
  }

  private Path nodemailer() {
    return folder.resolve(NODEMAILER);
  }

  private boolean has(String peer) {
    return !without.contains(peer);
  }

  private static <T extends AutoCloseable> T opened(Deque<AutoCloseable> all, T one) {
    all.push(one);
    return one;
  }
}
