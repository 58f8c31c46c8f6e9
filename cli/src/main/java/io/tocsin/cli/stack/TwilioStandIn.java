package io.tocsin.cli.stack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server on 127.0.0.1 that speaks the Messages part of Twilio's 2010-04-01 API for one account,
 * sends nothing, and keeps every message in a JSON-lines file ({@link SmsLog}).
 *
 * <p>A message is in the file before its POST is answered 201. Statuses move on by themselves and
 * are called back, signed ({@link CallbackSender}); numbers that fail are those of {@link
 * MagicNumbers}. All state survives a restart and a kill. Numbers stand in the file and nowhere
 * else: not in the log.
 */
public final class TwilioStandIn implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(TwilioStandIn.class);
  private static final int BACKLOG = 1_024;
  private static final int MAX_FORM_BYTES = 64 * 1024;

  static {
    // Without it every answer waits for the other side's delayed acknowledgement: 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final Clock clock = Clock.systemUTC();
  private final byte[] authorization;
  private final TwilioJson json;
  private final MagicNumbers magic = new MagicNumbers();
  private final SmsRequest requests = new SmsRequest(magic);
  private final SmsStore store;
  private final CallbackSender callbacks;
  private final SmsProgress progress;
  private final HttpServer server;

  private TwilioStandIn(TwilioSettings settings) throws IOException {
    var credentials = settings.accountSid() + ":" + settings.authToken();
    authorization =
        ("Basic "
                + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
            .getBytes(StandardCharsets.US_ASCII);
    json = new TwilioJson(settings.accountSid());
    server = bind(settings.port());
    try {
      store = new SmsStore(settings.log(), clock);
    } catch (IOException | RuntimeException e) {
      server.stop(0);
      throw e;
    }
    callbacks =
        new CallbackSender(settings.authToken(), settings.maxCallbacks(), CallbackSender.PAUSES);
    progress = new SmsProgress(settings, store, callbacks);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
  }

  private static HttpServer bind(int port) throws IOException {
    var address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    try {
      return HttpServer.create(address, BACKLOG);
    } catch (IOException e) {
      throw new IOException("port " + port + " of 127.0.0.1 is taken", e);
    }
  }

  /**
   * Reads the file, takes up what was under way and starts listening.
   *
   * @throws IOException if the file cannot be used or the port is taken
   */
  public static TwilioStandIn start(TwilioSettings settings) throws IOException {
    var standIn = new TwilioStandIn(settings);
    standIn.progress.resume();
    standIn.server.start();
    log.atInfo().addKeyValue("port", standIn.port()).log("Twilio stand-in started");
    return standIn;
  }

  /** The port listened on. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** What a client puts in the place of {@code https://api.twilio.com}. */
  public String baseUrl() {
    return "http://127.0.0.1:" + port();
  }

  /** Messages kept since the file was begun. */
  public int messages() {
    return store.list(null).size();
  }

  /** Stops answering and calling back; what was under way goes on at the next start. */
  @Override
  public void close() throws IOException {
    server.stop(0);
    progress.close();
    store.close();
    log.atInfo().addKeyValue("callbacksGivenUp", callbacks.givenUp()).log("Twilio stand-in ended");
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      if (path.startsWith("/health/")) {
        exchange.sendResponseHeaders(200, -1);
        return;
      }
      answer(exchange, path);
    }
  }

  private void answer(HttpExchange exchange, String path) throws IOException {
    var given = exchange.getRequestHeaders().getFirst("Authorization");
    if (given == null
        || !MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), authorization)) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"Twilio API\"");
      refuse(exchange, TwilioFault.AUTHENTICATE);
      return;
    }
    var method = exchange.getRequestMethod();
    var one = json.messagesPath() + "/";
    if (path.equals(json.messagesPath() + ".json")) {
      switch (method) {
        case "POST" -> create(exchange);
        case "GET" -> list(exchange);
        default -> refuse(exchange, TwilioFault.NOT_ALLOWED);
      }
    } else if (path.startsWith(one) && path.endsWith(".json")) {
      if (method.equals("GET")) {
        fetch(exchange, path.substring(one.length(), path.length() - ".json".length()));
      } else {
        refuse(exchange, TwilioFault.NOT_ALLOWED);
      }
    } else {
      refuse(exchange, TwilioFault.NOT_FOUND);
    }
  }

  private void create(HttpExchange exchange) throws IOException {
    var body = exchange.getRequestBody().readNBytes(MAX_FORM_BYTES);
    Map<String, String> form;
    try {
      form = form(new String(body, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      refuse(exchange, TwilioFault.badRequest(20001, "The form is malformed"));
      return;
    }
    switch (requests.judge(form, clock.instant())) {
      case SmsRequest.Judgement.Bad(var fault) -> refuse(exchange, fault);
      case SmsRequest.Judgement.Good(var message) -> {
        var entry = store.accept(message);
        var state = entry.state();
        progress.follow(entry, message);
        if (magic.losesAnswer(message.to())) {
          refuse(exchange, TwilioFault.INTERNAL);
        } else {
          send(exchange, 201, json.message(message, state));
        }
      }
    }
  }

  private void list(HttpExchange exchange) throws IOException {
    SmsQuery query;
    try {
      query = new SmsQuery(form(exchange.getRequestURI().getRawQuery()));
    } catch (IllegalArgumentException e) {
      refuse(exchange, TwilioFault.badRequest(20001, "A query parameter is malformed"));
      return;
    }
    send(exchange, 200, json.page(query, query.run(store)));
  }

  private void fetch(HttpExchange exchange, String sid) throws IOException {
    var entry = store.find(sid);
    if (entry.isEmpty()) {
      refuse(exchange, TwilioFault.NOT_FOUND);
      return;
    }
    send(exchange, 200, json.message(store.read(entry.get()), entry.get().state()));
  }

  private static void refuse(HttpExchange exchange, TwilioFault fault) throws IOException {
    send(exchange, fault.httpStatus(), TwilioJson.fault(fault));
  }

  private static void send(HttpExchange exchange, int status, ObjectNode json) throws IOException {
    var bytes = json.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json;charset=utf-8");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static Map<String, String> form(@Nullable String encoded) {
    var form = new LinkedHashMap<String, String>();
    if (encoded == null) {
      return form;
    }
    for (var pair : encoded.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        form.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
      }
    }
    return form;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
