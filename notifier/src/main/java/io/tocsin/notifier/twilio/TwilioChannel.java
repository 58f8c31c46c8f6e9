package io.tocsin.notifier.twilio;

import com.twilio.base.Page;
import com.twilio.exception.ApiException;
import com.twilio.exception.TwilioException;
import com.twilio.http.Request;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.rest.api.v2010.account.MessageCreator;
import com.twilio.rest.api.v2010.account.MessageReader;
import com.twilio.type.PhoneNumber;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.avro.SendCommand;
import io.tocsin.notifier.attempt.Outcome;
import io.tocsin.notifier.attempt.ProviderChannel;
import io.tocsin.notifier.attempt.Reasons;
import io.tocsin.notifier.attempt.StartGate;
import io.tocsin.notifier.receipts.ReceiptTokens;
import io.tocsin.notifier.receipts.TwilioCallbacks;
import io.tocsin.notifier.text.Recipient;
import io.tocsin.notifier.text.RenderedSms;
import io.tocsin.notifier.text.Renderer;
import io.tocsin.schemas.contact.Contact;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * SMS.
 *
 * <p>An answer other than a plain yes or no is UNKNOWN: a 5xx, a time-out, a connection that broke
 * once the request was on its way, a yes that cannot be read. Twilio has no idempotency key, so
 * such an attempt is looked for, by recipient and the reference in the body, before anything is
 * sent again.
 */
public final class TwilioChannel implements ProviderChannel {

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int REQUEST_TIMEOUT = 408;
  private static final long PAGE_SIZE = 200;
  private static final int MAX_PAGES = 10;

  /** How much earlier than its command Twilio may think a message was created: clocks differ. */
  private static final Duration CLOCK_MARGIN = Duration.ofMinutes(1);

  private final TwilioSettings settings;
  private final ReceiptTokens tokens;
  private final InstantSource clock;
  private final OnePost http;
  private final TwilioRestClient client;

  /**
   * A channel; it connects when it first sends.
   *
   * @param connections how many attempts there can be at a time
   */
  public TwilioChannel(
      TwilioSettings settings, int connections, ReceiptTokens tokens, InstantSource clock) {
    this.settings = settings;
    this.tokens = tokens;
    this.clock = clock;
    this.http = new OnePost(settings, connections);
    this.client = new SilentClient(settings, http);
  }

  @Override
  public String provider() {
    return "twilio";
  }

  @Override
  public Prepared prepare(SendCommand command, Contact contact, Renderer texts) {
    RenderedSms sms =
        texts.sms(
            new Recipient(
                command.getReference(),
                command.getLocale(),
                command.getCategories(),
                command.getEdition()));
    PhoneNumber to = new PhoneNumber(contact.value());
    MessageCreator creator =
        settings
            .messagingServiceSid()
            .map(service -> Message.creator(to, service, sms.body()))
            .orElseGet(() ->
                Message.creator(to, new PhoneNumber(settings.from().orElseThrow()), sms.body()));
    settings
        .callbackUrl()
        .ifPresent(base ->
            creator.setStatusCallback(
                URI.create(
                    base
                        + TwilioCallbacks.PATH
                        + tokens.issue(
                            command.getUsersPartition(),
                            command.getDeliveryId(),
                            command.getAttempt()))));
    return new Prepared() {
      @Override
      public String renderedHash() {
        return sms.hash();
      }

      @Override
      public Outcome send(StartGate gate) {
        return post(creator, new OnePost.Call(gate));
      }
    };
  }

  private Outcome post(MessageCreator creator, OnePost.Call call) {
    try {
      Message message = OnePost.during(call, () -> creator.create(client));
      return message.getSid() == null
          ? Outcome.unknown(Reasons.NO_ANSWER).withCode("http-" + call.status())
          : Outcome.accepted(message.getSid(), null);
    } catch (TwilioException e) {
      return call.refusal().orElseGet(() -> failure(e, call));
    }
  }

  private Outcome failure(TwilioException e, OnePost.Call call) {
    int status = call.status();
    if (status == 0) {
      return unanswered(e, call);
    }
    String code = code(e, status);
    if (status == TOO_MANY_REQUESTS) {
      Outcome busy =
          Outcome.of(DeliveryEventKind.REJECTED_TRANSIENT, Reasons.REFUSED).withCode(code);
      return retryAfter(call).map(busy::withRetryAfter).orElse(busy);
    }
    if (status < 400 || status >= 500 || status == REQUEST_TIMEOUT) {
      return Outcome.unknown(Reasons.NO_ANSWER).withCode(code);
    }
    if (code.startsWith("http-")) {
      return Outcome.channelFault(
              status == 401 || status == 403 ? Reasons.AUTHENTICATION : Reasons.REFUSED)
          .withCode(code);
    }
    return settings.codes().outcome(code);
  }

  private static Outcome unanswered(TwilioException e, OnePost.Call call) {
    if (call.written()) {
      return Outcome.unknown(Reasons.NO_ANSWER);
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        return Outcome.channelFault(Reasons.TLS);
      }
    }
    return Outcome.notStarted(Reasons.UNREACHABLE);
  }

  private static String code(TwilioException e, int status) {
    return e instanceof ApiException api && api.getCode() != null
        ? api.getCode().toString()
        : "http-" + status;
  }

  private Optional<Instant> retryAfter(OnePost.Call call) {
    return call.header("Retry-After")
        .filter(seconds -> seconds.matches("[0-9]{1,6}"))
        .map(seconds -> clock.instant().plusSeconds(Long.parseLong(seconds)));
  }

  /**
   * Looks through the messages to this recipient, newest first, for one that shows the reference.
   * Not by date sent: a message that waits in Twilio's queue has none.
   */
  @Override
  public Outcome reconcile(SendCommand command, Contact contact) {
    Instant since = command.getAttemptedAt().map(at -> at.minus(CLOCK_MARGIN)).orElse(Instant.MIN);
    OnePost.Call call = new OnePost.Call(Optional::empty);
    try {
      return OnePost.during(call, () -> search(command.getReference(), contact.value(), since));
    } catch (TwilioException e) {
      return Outcome.of(DeliveryEventKind.UNAVAILABLE, Reasons.NO_ANSWER)
          .withCode(call.status() == 0 ? null : code(e, call.status()));
    }
  }

  private Outcome search(String reference, String to, Instant since) {
    MessageReader reader = Message.reader().setTo(new PhoneNumber(to)).setPageSize(PAGE_SIZE);
    Page<Message> page = reader.firstPage(client);
    for (int pages = 1; ; pages++) {
      boolean older = false;
      for (Message message : page.getRecords()) {
        older = isBefore(message, since);
        if (!older && message.getBody() != null && message.getBody().contains(reference)) {
          return Outcome.of(DeliveryEventKind.FOUND, Reasons.FOUND)
              .withProviderId(message.getSid())
              .withCode(message.getErrorCode() == null ? null : message.getErrorCode().toString());
        }
      }
      if (older || !page.hasNextPage()) {
        return Outcome.of(DeliveryEventKind.NOT_FOUND, Reasons.NOT_FOUND);
      }
      if (pages == MAX_PAGES) {
        return Outcome.of(DeliveryEventKind.UNAVAILABLE, Reasons.TOO_MANY_MESSAGES);
      }
      page = reader.nextPage(page, client);
    }
  }

  /**
   * The library's client, without its debug log of requests: their parameters hold phone numbers.
   */
  private static final class SilentClient extends TwilioRestClient {

    SilentClient(TwilioSettings settings, OnePost http) {
      super(
          new Builder(settings.accountSid(), settings.authToken())
              .accountSid(settings.accountSid())
              .httpClient(http));
    }

    @Override
    public void logRequest(Request request) {
      // Nothing of a request may be logged.
    }
  }

  private static boolean isBefore(Message message, Instant since) {
    java.time.@Nullable ZonedDateTime created = message.getDateCreated();
    return created != null && created.toInstant().isBefore(since);
  }

  @Override
  public void close() {
    try {
      http.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing the connections to Twilio failed", e);
    }
  }
}
