package io.tocsin.cli.stack;

import java.util.ArrayList;
import java.util.List;

/**
 * The stack's own servers as parts: the hidden commands of the launcher's main class, each in a
 * process.
 *
 * @param dataDir where they keep their data
 * @param mainClass the launcher's main class, under which the hidden commands are
 */
public record StackParts(DataDir dataDir, String mainClass) {

  static final String AUTH_TOKEN_VARIABLE = "TOCSIN_TWILIO_AUTH_TOKEN";

  private static final String LOGGING =
      "-Dlogback.configurationFile=io/tocsin/cli/stack/logback-stack.xml";

  /** The broker, with a heap of 384 MB at most. */
  public JvmPart broker(int port) {
    return part(
        BrokerCommand.NAME,
        "-Xmx384m",
        List.of("--data", dataDir.kafka().toString(), "--port", Integer.toString(port)),
        new Readiness.Listening(port));
  }

  /** The mail sink, with a heap of 128 MB at most. */
  public JvmPart mailSink(int port) {
    return part(
        MailSinkCommand.NAME,
        "-Xmx128m",
        List.of("--mail", dataDir.mail().toString(), "--port", Integer.toString(port)),
        new Readiness.Listening(port));
  }

  /** The Twilio stand-in, with a heap of 256 MB at most; the token travels in its environment. */
  public JvmPart twilio(int port, String accountSid, String authToken) {
    return part(
            TwilioStandInCommand.NAME,
            "-Xmx256m",
            List.of(
                "--log", dataDir.smsLog().toString(),
                "--port", Integer.toString(port),
                "--account-sid", accountSid),
            new Readiness.Answering(port, "/health/ready"))
        .withEnvironment(AUTH_TOKEN_VARIABLE, authToken);
  }

  private JvmPart part(String command, String heap, List<String> options, Readiness readiness) {
    var arguments = new ArrayList<String>();
    arguments.add(command);
    arguments.addAll(options);
    arguments.add("--watch-stdin");
    return JvmPart.own(dataDir, command, List.of(heap, LOGGING), mainClass, arguments, readiness);
  }
}
