package io.tocsin.notifier.receipts;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.twilio.security.RequestValidator;
import io.micrometer.core.instrument.MeterRegistry;
import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.schemas.id.NoticeIds;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Twilio's status callbacks at {@code /receipts/twilio/<token>}.
 *
 * <ul>
 *   <li>204: the status is written, or is none that matters ({@code queued}, {@code sent}, ...); a
 *       repetition is written again and changes nothing
 *   <li>403: the signature is missing or forged
 *   <li>404: the token is not one of ours
 *   <li>405, 413, 400: not a POST, more than 64 KiB, or not a form
 *   <li>503: Kafka did not acknowledge in time
 * </ul>
 */
public final class TwilioCallbacks implements HttpHandler {

  /** What a callback's path begins with; the token follows. */
  public static final String PATH = "/receipts/twilio/";

  private static final Logger log = LoggerFactory.getLogger(TwilioCallbacks.class);

  private static final int MAX_BODY = 64 * 1024;
  private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(10);
  private static final String SIGNATURE = "X-Twilio-Signature";

  private final String publicUrl;
  private final RequestValidator signatures;
  private final Predicate<String> forNow;
  private final ReceiptTokens tokens;
  private final Receipts receipts;
  private final InstantSource clock;
  private final MeterRegistry metrics;

  /**
   * The endpoint.
   *
   * @param publicUrl this server as Twilio sees it: what Twilio signs
   * @param authToken what Twilio signs with
   * @param forNow whether a message that came back with this code may arrive another time
   */
  public TwilioCallbacks(
      URI publicUrl,
      String authToken,
      Predicate<String> forNow,
      ReceiptTokens tokens,
      Receipts receipts,
      InstantSource clock,
      MeterRegistry metrics) {
    this.publicUrl = publicUrl.toString();
    this.signatures = new RequestValidator(authToken);
    this.forNow = forNow;
    this.tokens = tokens;
    this.receipts = receipts;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      int status = answer(exchange);
      metrics
          .counter(
              "tocsin.notifier.callbacks", "provider", "twilio", "status", Integer.toString(status))
          .increment();
      exchange.sendResponseHeaders(status, -1);
    }
  }

  private int answer(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestMethod().equals("POST")) {
      return 405;
    }
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
    if (body.length > MAX_BODY) {
      return 413;
    }
    Optional<Map<String, String>> form = form(new String(body, StandardCharsets.UTF_8));
    if (form.isEmpty()) {
      return 400;
    }
    URI uri = exchange.getRequestURI();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String signature = exchange.getRequestHeaders().getFirst(SIGNATURE);
    if (signature == null
        || !signatures.validate(publicUrl + uri.getRawPath() + query, form.get(), signature)) {
      log.atWarn().log("A callback with a missing or forged signature was refused");
      return 403;
    }
    Optional<ReceiptTokens.Receipt> token = tokens.read(uri.getRawPath().substring(PATH.length()));
    if (token.isEmpty()) {
      return 404;
    }
    DeliveryEventKind kind =
        kind(form.get().getOrDefault("MessageStatus", form.get().get("SmsStatus")));
    return kind == null ? 204 : write(token.get(), kind, form.get());
  }

  private int write(ReceiptTokens.Receipt token, DeliveryEventKind kind, Map<String, String> form) {
    String code = matching(form.get("ErrorCode"), "[0-9]{1,6}");
    boolean again =
        kind == DeliveryEventKind.RECEIPT_UNDELIVERED && code != null && forNow.test(code);
    DeliveryEvent receipt =
        DeliveryEvent.newBuilder()
            .setKind(kind)
            .setDeliveryId(token.deliveryId())
            .setIncidentId("")
            .setChannel(NoticeIds.channelOf(token.deliveryId()))
            .setAttempt(token.attempt())
            .setIssue(-1)
            .setProvider("twilio")
            .setProviderId(matching(form.get("MessageSid"), "[A-Za-z0-9]{1,64}"))
            .setProviderCode(code)
            .setRetryAfter(again ? clock.instant() : null)
            .setAt(clock.instant())
            .build();
    try {
      receipts
          .write(token.usersPartition(), receipt)
          .toCompletableFuture()
          .get(WRITE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.atError()
          .addKeyValue("deliveryId", token.deliveryId())
          .addKeyValue("error", e.toString())
          .log("A receipt could not be written; the provider was told so");
      return 503;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 503;
    }
    metrics
        .counter("tocsin.notifier.receipts", "provider", "twilio", "kind", kind.name())
        .increment();
    return 204;
  }

  private static @Nullable DeliveryEventKind kind(@Nullable String status) {
    return switch (status) {
      case "delivered", "read" -> DeliveryEventKind.RECEIPT_DELIVERED;
      case "undelivered", "failed" -> DeliveryEventKind.RECEIPT_UNDELIVERED;
      case null, default -> null;
    };
  }

  private static @Nullable String matching(@Nullable String value, String pattern) {
    return value != null && value.matches(pattern) ? value : null;
  }

  /** Reads a form; a repeated name keeps its first value, as Twilio sends none twice. */
  private static Optional<Map<String, String>> form(String body) {
    Map<String, String> form = new HashMap<>();
    try {
      for (String pair : body.split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          form.putIfAbsent(
              URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
              URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
      }
      return Optional.of(form);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
