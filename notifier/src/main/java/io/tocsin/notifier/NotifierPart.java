package io.tocsin.notifier;

import com.sun.net.httpserver.HttpHandler;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tocsin.avro.Channel;
import io.tocsin.avro.NoticeTemplate;
import io.tocsin.notifier.bounces.BounceServer;
import io.tocsin.notifier.bounces.BounceSettings;
import io.tocsin.notifier.bounces.Bounces;
import io.tocsin.notifier.receipts.ReceiptTokens;
import io.tocsin.notifier.receipts.TwilioCallbacks;
import io.tocsin.notifier.run.ChannelLoop;
import io.tocsin.notifier.run.ChannelSettings;
import io.tocsin.notifier.run.Channels;
import io.tocsin.notifier.run.KafkaClients;
import io.tocsin.notifier.run.OutcomeWriter;
import io.tocsin.notifier.run.TemplateReader;
import io.tocsin.notifier.smtp.SmtpChannel;
import io.tocsin.notifier.smtp.SmtpSettings;
import io.tocsin.notifier.text.TextKeys;
import io.tocsin.notifier.twilio.TwilioChannel;
import io.tocsin.notifier.twilio.TwilioSettings;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.TocsinConfig;
import io.tocsin.schemas.deadletter.DeadLetters;
import io.tocsin.schemas.part.Part;
import io.tocsin.schemas.seal.ContactOpener;
import io.tocsin.schemas.seal.Keys;
import io.tocsin.schemas.serde.Registry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The notifier: e-mails and SMS out, outcomes and receipts back.
 *
 * <p>It is ready when the templates are read, both loops have joined their groups, and bounces are
 * taken, if they are to be. A provider that is down does not make it unready: its channel is paused
 * ({@code tocsin_notifier_channel_paused}), its commands are answered without using up attempts,
 * and nothing is lost. So it is with a country or domain that refuses us ({@code
 * tocsin_notifier_destinations_paused}).
 */
public final class NotifierPart implements Part {

  private static final Logger log = LoggerFactory.getLogger(NotifierPart.class);

  private final TemplateReader templates;
  private final OutcomeWriter writer;
  private final ChannelLoop email;
  private final ChannelLoop sms;
  private final Optional<BounceServer> bounces;
  private final Deque<AutoCloseable> resources;

  private NotifierPart(
      TemplateReader templates,
      OutcomeWriter writer,
      ChannelLoop email,
      ChannelLoop sms,
      Optional<BounceServer> bounces,
      Deque<AutoCloseable> resources) {
    this.templates = templates;
    this.writer = writer;
    this.email = email;
    this.sms = sms;
    this.bounces = bounces;
    this.resources = resources;
  }

  /**
   * Starts the notifier. Returns at once; {@link #unready} tells when it works.
   *
   * @param http takes a path and the handler to serve there, such as {@code PartServer::handle};
   *     called before anything is sent
   * @throws org.apache.kafka.common.config.ConfigException if the settings are incomplete or do not
   *     go together
   * @throws io.tocsin.notifier.text.TemplateException if the operator's templates cannot be
   *     rendered
   * @throws io.tocsin.schemas.seal.KeyException if a key is missing
   */
  public static NotifierPart start(
      TocsinConfig config, PrometheusMeterRegistry metrics, BiConsumer<String, HttpHandler> http) {
    TextKeys.templates(config);
    SmtpSettings smtp = SmtpSettings.from(config);
    TwilioSettings twilio = TwilioSettings.from(config);
    Optional<BounceSettings> bounced = BounceSettings.from(config);
    ChannelSettings emailLoop = ChannelSettings.from(config, Channel.EMAIL);
    ChannelSettings smsLoop = ChannelSettings.from(config, Channel.SMS);
    Keys keys = Keys.in(Path.of(config.string(CommonKeys.KEYS_DIR)));
    ContactOpener contacts = keys.contactOpener();
    ReceiptTokens tokens = new ReceiptTokens(keys.receiptPrf());
    Clock clock = Clock.systemUTC();
    DeadLetters deadLetters = new DeadLetters(keys.deadLetterSealer(), "notifier", clock);
    if (twilio.callbackUrl().isEmpty()) {
      log.atWarn()
          .addKeyValue("key", TwilioSettings.CALLBACK_URL)
          .log("Twilio is asked for no status callbacks, so SMS stay without receipts");
    }

    Deque<AutoCloseable> resources = new ArrayDeque<>();
    try {
      KafkaClients kafka = new KafkaClients(clientSettings(config));
      Registry registry = opened(resources, Registry.connect(config.registry()));
      OutcomeWriter writer = opened(resources, new OutcomeWriter(kafka.outcomes(), registry));
      twilio
          .callbackUrl()
          .ifPresent(url ->
              http.accept(
                  TwilioCallbacks.PATH,
                  new TwilioCallbacks(
                      url,
                      twilio.authToken(),
                      twilio.codes()::isForNow,
                      tokens,
                      writer,
                      clock,
                      metrics)));
      TemplateReader templates =
          opened(resources, new TemplateReader(kafka, registry.codec(NoticeTemplate.class)));
      SmtpChannel mail = opened(resources, new SmtpChannel(smtp, tokens, clock));
      TwilioChannel text =
          opened(resources, new TwilioChannel(twilio, smsLoop.slots(), tokens, clock));
      Channels channels =
          new Channels(kafka, registry, writer, templates, contacts, deadLetters, clock, metrics);
      ChannelLoop email = opened(resources, channels.start(emailLoop, mail));
      ChannelLoop sms = opened(resources, channels.start(smsLoop, text));
      Optional<BounceServer> bounces =
          bounced.map(settings ->
              opened(
                  resources,
                  BounceServer.start(
                      settings,
                      tokens,
                      new Bounces(
                          writer, writer, deadLetters, settings.kafkaTime(), clock, metrics))));
      return new NotifierPart(templates, writer, email, sms, bounces, resources);
    } catch (RuntimeException e) {
      closeAll(resources);
      throw e;
    }
  }

  @Override
  public String name() {
    return "notifier";
  }

  @Override
  public Optional<String> unhealthy() {
    return first(
        Stream.of(email.unhealthy(), sms.unhealthy(), templates.unhealthy(), writer.unhealthy()));
  }

  @Override
  public Optional<String> unready() {
    return first(
        Stream.of(
            unhealthy(),
            templates.unready(),
            email.unready(),
            sms.unready(),
            bounces.flatMap(BounceServer::unready)));
  }

  /** Takes no more commands, waits for attempts in flight, commits, and closes connections. */
  @Override
  public void close() {
    // Both loops drain at the same time: a stop takes as long as the slower one.
    Thread other = Thread.ofPlatform().name("notifier-close-sms").start(sms::close);
    email.close();
    try {
      other.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    closeAll(resources);
  }

  private static Map<String, Object> clientSettings(TocsinConfig config) {
    Map<String, Object> settings = new HashMap<>(config.kafka());
    settings.put(
        CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, config.string(CommonKeys.BOOTSTRAP_SERVERS));
    return settings;
  }

  private static Optional<String> first(Stream<Optional<String>> problems) {
    return problems.flatMap(Optional::stream).findFirst();
  }

  private static <T extends AutoCloseable> T opened(Deque<AutoCloseable> resources, T resource) {
    resources.push(resource);
    return resource;
  }

  private static void closeAll(Deque<AutoCloseable> resources) {
    while (!resources.isEmpty()) {
      AutoCloseable resource = resources.pop();
      try {
        resource.close();
      } catch (Exception e) {
        log.atWarn()
            .addKeyValue("resource", resource.getClass().getSimpleName())
            .addKeyValue("error", e.getClass().getSimpleName())
            .log("A resource did not close cleanly");
      }
    }
  }
}
