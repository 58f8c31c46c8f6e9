package io.tocsin.cli;

import io.tocsin.notifier.text.TemplateException;
import io.tocsin.schemas.seal.KeyException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Tells a failure in one sentence an operator can act on. */
final class Sentences {

  private static final String OUR_PACKAGES = "io.tocsin.";

  private Sentences() {}

  /** The exit code a failure ends the process with. */
  static int exitCode(Throwable failure) {
    return switch (unwrapped(failure)) {
      case CommandException command -> command.exitCode();
      case ConfigException ignored -> ExitCodes.USAGE;
      default -> ExitCodes.FAILED;
    };
  }

  /** The failure in one sentence, without a stack trace. */
  static String of(Throwable failure) {
    Throwable cause = unwrapped(failure);
    String message = firstLine(cause);
    return switch (cause) {
      case CommandException command -> command.sentence();
      case ConfigException ignored -> message;
      case KeyException ignored -> message;
      case TemplateException ignored -> message;
      case NoSuchFileException ignored -> "There is no file " + message;
      case AccessDeniedException ignored -> "No permission for " + message;
      case FileAlreadyExistsException ignored -> "There is already a file " + message;
      case AuthenticationException ignored ->
          "Kafka refused the credentials: "
              + message
              + " (see the kafka.sasl and kafka.ssl settings)";
      case AuthorizationException ignored -> "Kafka does not permit it: " + message;
      case UnknownTopicOrPartitionException ignored ->
          "A topic is missing; create all with `tocsin topics apply`";
      case TimeoutException ignored ->
          "Kafka did not answer in time: " + message + " (see kafka.bootstrap.servers)";
      case ConnectException ignored -> "No connection: " + message;
      case IllegalArgumentException ignored -> message;
      case IllegalStateException ignored -> message;
      case IOException ignored -> message;
      default -> isOurs(cause) ? message : cause.getClass().getSimpleName() + ": " + message;
    };
  }

  /** Our own exceptions carry sentences made for operators. */
  private static boolean isOurs(Throwable cause) {
    return cause.getClass().getName().startsWith(OUR_PACKAGES);
  }

  private static String firstLine(Throwable cause) {
    String message = cause.getMessage();
    return message == null || message.isBlank()
        ? cause.getClass().getSimpleName()
        : message.strip().lines().findFirst().orElse("");
  }

  private static Throwable unwrapped(Throwable failure) {
    Throwable cause = failure.getCause();
    boolean wrapper =
        failure instanceof ExecutionException
            || failure instanceof CompletionException
            || failure instanceof UncheckedIOException;
    return wrapper && cause != null ? unwrapped(cause) : failure;
  }
}
