package io.tocsin.cli.demo;

import io.tocsin.avro.Channel;
import io.tocsin.cli.Main;
import io.tocsin.cli.stack.DataDir;
import io.tocsin.cli.stack.JvmPart;
import io.tocsin.cli.stack.Ports;
import io.tocsin.cli.stack.Readiness;
import io.tocsin.cli.stack.RegistryPart;
import io.tocsin.cli.stack.StackException;
import io.tocsin.cli.stack.StackParts;
import io.tocsin.notifier.smtp.SmtpSettings;
import io.tocsin.notifier.twilio.TwilioSettings;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.RegistryKeys;
import io.tocsin.schemas.config.TocsinConfig;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Everything about an embedded stack that is settled before it starts.
 *
 * @param files its data folder and what lies beside it
 * @param ports where each process listens
 * @param user what the user has configured
 * @param userFile the user's configuration file, if any
 * @param before what the last start on the folder wrote; empty at the first
 * @param isSecret which keys hold secrets
 */
record StackPlan(
    DemoFiles files,
    Ports ports,
    UserSettings user,
    @Nullable Path userFile,
    Map<String, String> before,
    Predicate<String> isSecret) {

  static final String BROKER = "broker";
  static final String REGISTRY = "registry";
  static final String MAIL_SINK = "mail-sink";
  static final String TWILIO = "twilio-stand-in";
  static final String STREAMS = "streams";
  static final String NOTIFIER = "notifier";

  private static final String LOOPBACK = "127.0.0.1";
  private static final int SID_BYTES = 16;

  /** Where it keeps its data. */
  DataDir data() {
    return files.data();
  }

  /** Whether mails end in the mail sink; the user has named no server. */
  boolean sinksMail() {
    return !user.has(SmtpSettings.HOST);
  }

  /** Whether SMS end in the Twilio stand-in; the user has named no other. */
  boolean standsInForTwilio() {
    return !user.has(TwilioSettings.BASE_URL);
  }

  /** The channels whose messages end in this stack, where they can be counted. */
  Set<Channel> counted() {
    Set<Channel> counted = EnumSet.noneOf(Channel.class);
    if (sinksMail()) {
      counted.add(Channel.EMAIL);
    }
    if (standsInForTwilio()) {
      counted.add(Channel.SMS);
    }
    return counted;
  }

  /** Where a process listens. */
  int port(String part) {
    return ports.of(part);
  }

  /** What the mail sink keeps, if it is this stack's. */
  Optional<Path> mailDir() {
    return sinksMail() ? Optional.of(data().mail()) : Optional.empty();
  }

  /** What the Twilio stand-in keeps, if it is this stack's. */
  Optional<Path> smsLog() {
    return standsInForTwilio() ? Optional.of(data().smsLog()) : Optional.empty();
  }

  /** The stack's own addresses: these the user cannot set, nor can the environment. */
  Map<String, String> own() {
    Map<String, String> own = new TreeMap<>();
    own.put(CommonKeys.BOOTSTRAP_SERVERS, LOOPBACK + ":" + port(BROKER));
    own.put(RegistryKeys.URL, RegistryPart.url(port(REGISTRY)));
    if (sinksMail()) {
      own.put(SmtpSettings.HOST, LOOPBACK);
      own.put(SmtpSettings.PORT, Integer.toString(port(MAIL_SINK)));
    }
    if (standsInForTwilio()) {
      own.put(TwilioSettings.BASE_URL, "http://" + LOOPBACK + ":" + port(TWILIO));
      own.put(TwilioSettings.CALLBACK_URL, "http://" + LOOPBACK + ":" + port(NOTIFIER));
    }
    return own;
  }

  /** The configuration that every part is started with. */
  StackProperties properties() {
    StackProperties properties = new StackProperties(user, userFile, isSecret);
    LaptopSettings.PARTITIONS.forEach(
        (key, value) -> properties.preset(user, key, before.getOrDefault(key, value)));
    if (!user.hasAny("controller.")) {
      LaptopSettings.CONTROLLER.forEach((key, value) -> properties.preset(user, key, value));
    }
    LaptopSettings.PRESETS.forEach((key, value) -> properties.preset(user, key, value));
    properties
        .preset(user, CommonKeys.KEYS_DIR, files.keys())
        .preset(user, LaptopSettings.STATE_DIR, data().state())
        .preset(
            user, TwilioSettings.ACCOUNT_SID, kept(TwilioSettings.ACCOUNT_SID, "AC" + randomHex()))
        .preset(user, TwilioSettings.AUTH_TOKEN, kept(TwilioSettings.AUTH_TOKEN, randomHex()));
    if (!user.has(TwilioSettings.MESSAGING_SERVICE_SID)) {
      properties.preset(user, TwilioSettings.FROM, LaptopSettings.SMS_SENDER);
    }
    own().forEach(properties::set);
    return properties;
  }

  /** The servers that Tocsin talks to. */
  List<JvmPart> servers(TocsinConfig config) throws StackException {
    StackParts own = new StackParts(data(), Main.class.getName());
    List<JvmPart> servers = new ArrayList<>();
    servers.add(own.broker(port(BROKER)));
    servers.add(RegistryPart.of(data(), port(REGISTRY)));
    if (sinksMail()) {
      servers.add(own.mailSink(port(MAIL_SINK)));
    }
    if (standsInForTwilio()) {
      servers.add(
          own.twilio(
              port(TWILIO),
              config.string(TwilioSettings.ACCOUNT_SID),
              config.secret(TwilioSettings.AUTH_TOKEN).orElse("")));
    }
    return servers;
  }

  /** The parts of Tocsin itself. */
  List<JvmPart> parts() {
    return List.of(part(STREAMS), part(NOTIFIER));
  }

  private JvmPart part(String name) {
    List<String> arguments =
        new ArrayList<>(List.of(name, "--watch-stdin", "--config", data().properties().toString()));
    Map<String, String> settings = new TreeMap<>(own());
    settings.put(CommonKeys.HTTP_PORT, Integer.toString(port(name)));
    user.options()
        .forEach((key, value) -> {
          if (isSecret.test(key)) {
            settings.put(key, value);
          }
        });
    settings.forEach((key, value) -> {
      arguments.add("--set");
      arguments.add(key + "=" + value);
    });
    return JvmPart.own(
        data(),
        name,
        List.of(LaptopSettings.HEAP),
        Main.class.getName(),
        arguments,
        new Readiness.Answering(port(name), "/health/ready"));
  }

  /** The stand-in's account stays the same over restarts: receipts under way are signed with it. */
  private String kept(String key, String fresh) {
    String value = before.getOrDefault(key, fresh);
    return value.startsWith("${") ? fresh : value;
  }

  private static String randomHex() {
    byte[] bytes = new byte[SID_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
