package io.tocsin.system.fault;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tocsin.system.fault.TwilioFault.Receipt;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A server on 127.0.0.1 that speaks the Messages part of Twilio's 2010-04-01 API (POST, and GET by
 * To) and does with every POST what a script says.
 *
 * <p>It keeps who was sent what, so that GET finds it.
 */
public final class FaultyTwilio implements AutoCloseable {

  private static final int BACKLOG = 1_024;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter RFC_2822 =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final Account account;
  private final TwilioScript script;
  private final Pace pace;
  private final String authorization;
  private final Clock clock = Clock.systemUTC();
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Map<String, List<Sms>> messages = new ConcurrentHashMap<>();
  private final AtomicLong sids = new AtomicLong();
  private final TwilioReceipts receipts;

  /** Who may send. Its {@link #toString} is redacted. */
  public record Account(String sid, String token) {

    @Override
    public String toString() {
      return "Account[" + sid + "]";
    }
  }

  /**
   * How long the server takes.
   *
   * @param answer before it answers a POST
   * @param receipt from a message to its receipt
   * @param late the same, for {@link Receipt#LATE}
   */
  public record Pace(Duration answer, Duration receipt, Duration late) {

    /** At once, 50 ms and 2 s. */
    public static final Pace FAST =
        new Pace(Duration.ZERO, Duration.ofMillis(50), Duration.ofSeconds(2));
  }

  private record Sms(String sid, String body, Instant at) {}

  /** Listens on a free port. */
  public FaultyTwilio(Account account, TwilioScript script, Pace pace) throws IOException {
    this.account = account;
    this.script = script;
    this.pace = pace;
    this.authorization =
        "Basic "
            + Base64.getEncoder()
                .encodeToString(
                    (account.sid() + ":" + account.token()).getBytes(StandardCharsets.UTF_8));
    this.receipts = new TwilioReceipts(account, pace);
    this.server = new ServerSocket(0, BACKLOG, InetAddress.ofLiteral("127.0.0.1"));
    Thread.ofPlatform().name("faulty-twilio").daemon().start(this::accept);
  }

  /** What {@code twilio.base.url} takes. */
  public String baseUrl() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** What became of the receipts. */
  public TwilioReceipts receipts() {
    return receipts;
  }

  /** Stops listening, closes every connection and calls nothing back any more. */
  @Override
  public void close() throws IOException {
    receipts.close();
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        if (!server.isClosed()) {
          throw new IllegalStateException("the stand-in can accept no more connections", e);
        }
      }
    }
  }

  private void serve(Socket socket) {
    open.add(socket);
    try (socket) {
      HttpConnection connection = new HttpConnection(socket);
      for (var request = connection.read(); request != null; request = connection.read()) {
        if (!handle(connection, request)) {
          return;
        }
      }
    } catch (IOException e) {
      // Whoever called has gone, as killed ones do.
      open.remove(socket);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(socket);
    }
  }

  /** Whether the connection goes on. */
  private boolean handle(HttpConnection connection, HttpConnection.Request request)
      throws IOException, InterruptedException {
    if (!authorization.equals(request.headers().get("authorization"))) {
      fault(connection, 401, 20003);
      return true;
    }
    if (!request.path().equals("/2010-04-01/Accounts/" + account.sid() + "/Messages.json")) {
      fault(connection, 404, 20404);
      return true;
    }
    if (request.method().equals("GET")) {
      list(connection, request.form().getOrDefault("To", ""));
      return true;
    }
    return create(connection, request.form());
  }

  private boolean create(HttpConnection connection, Map<String, String> form)
      throws IOException, InterruptedException {
    String to = form.getOrDefault("To", "");
    TwilioFault fault = script.next(to);
    Thread.sleep(pace.answer());
    Sms sms = null;
    if (fault.answer().takes()) {
      sms =
          new Sms(
              "SM%032x".formatted(sids.incrementAndGet()),
              form.getOrDefault("Body", ""),
              clock.instant());
      messages.computeIfAbsent(to, any -> new CopyOnWriteArrayList<>()).addFirst(sms);
      script.taken(to, sms.body());
      receipts.follow(sms.sid(), form.get("StatusCallback"), fault);
    }
    return switch (fault.answer()) {
      case CREATED -> {
        connection.answer(201, json(to, Objects.requireNonNull(sms)).toString(), Map.of());
        yield true;
      }
      case TAKEN_THEN_500, LOST_THEN_500 -> {
        fault(connection, 500, 20500);
        yield true;
      }
      case TAKEN_THEN_SILENT, SILENT -> {
        connection.awaitGoing();
        yield false;
      }
      case TAKEN_THEN_RESET, RESET -> {
        connection.reset();
        yield false;
      }
      case BUSY -> {
        connection.answer(429, error(429, 20429), Map.of("Retry-After", "1"));
        yield true;
      }
      case REFUSED -> {
        fault(connection, fault.code() == 20003 ? 401 : 400, fault.code());
        yield true;
      }
    };
  }

  private void list(HttpConnection connection, String to) throws IOException {
    ObjectNode page = JSON.createObjectNode();
    ArrayNode found = page.putArray("messages");
    messages.getOrDefault(to, List.of()).forEach(sms -> found.add(json(to, sms)));
    page.put("page", 0);
    page.put("page_size", Math.max(50, found.size()));
    page.put("uri", "/2010-04-01/Accounts/" + account.sid() + "/Messages.json");
    page.putNull("next_page_uri");
    connection.answer(200, page.toString(), Map.of());
  }

  private ObjectNode json(String to, Sms sms) {
    ObjectNode json = JSON.createObjectNode();
    json.put("account_sid", account.sid());
    json.put("sid", sms.sid());
    json.put("to", to);
    json.put("body", sms.body());
    json.put("status", "queued");
    json.put("date_created", RFC_2822.format(sms.at()));
    json.putNull("error_code");
    json.putNull("error_message");
    return json;
  }

  private static void fault(HttpConnection connection, int status, int code) throws IOException {
    connection.answer(status, error(status, code), Map.of());
  }

  private static String error(int status, int code) {
    ObjectNode json = JSON.createObjectNode();
    json.put("code", code);
    json.put("message", "As the script says");
    json.put("more_info", "https://www.twilio.com/docs/errors/" + code);
    json.put("status", status);
    return json.toString();
  }
}
