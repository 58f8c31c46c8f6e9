package io.tocsin.bench.tell;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tocsin.cli.AllKeys;
import io.tocsin.cli.stack.ParentWatch;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.TocsinConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A server that answers every POST as Twilio answers a message it has queued, and does nothing
 * else: what it costs is the same for whoever posts.
 */
@Command(name = TwilioServerCommand.NAME, hidden = true)
public final class TwilioServerCommand implements Callable<Integer> {

  static final String NAME = "twilio-server";

  private static final int BACKLOG = 1_024;
  private static final int CREATED = 201;
  private static final int OK = 200;

  @Option(names = "--config", required = true)
  @SuppressWarnings("NullAway.Init")
  private Path config;

  @Option(names = "--set")
  private Map<String, String> settings = Map.of();

  @Option(names = "--watch-stdin")
  private boolean watchStdin;

  private final AtomicLong messages = new AtomicLong();

  @Override
  public Integer call() throws Exception {
    if (watchStdin) {
      ParentWatch.start();
    }
    // Without it every answer waits for the other side's delayed acknowledgement: 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    TocsinConfig effective = TocsinConfig.load(AllKeys.definition(), config, Map.of(), settings);
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(
                InetAddress.ofLiteral("127.0.0.1"), effective.integer(CommonKeys.HTTP_PORT)),
            BACKLOG);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
    new CountDownLatch(1).await();
    return 0;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] form = exchange.getRequestBody().readAllBytes();
      boolean post = form.length > 0;
      byte[] body = post ? message() : new byte[] {'\n'};
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(post ? CREATED : OK, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private byte[] message() {
    String sid = "SM" + String.format(Locale.ROOT, "%032x", messages.incrementAndGet());
    return """
    {"account_sid":"AC00000000000000000000000000000000","api_version":"2010-04-01",\
    "body":"","date_created":"Fri, 06 Mar 2026 05:00:00 +0000","date_sent":null,\
    "date_updated":"Fri, 06 Mar 2026 05:00:00 +0000","direction":"outbound-api",\
    "error_code":null,"error_message":null,"from":"Any2text","messaging_service_sid":null,\
    "num_media":"0","num_segments":"1","price":null,"price_unit":"USD","sid":"%s",\
    "status":"queued","subresource_uris":{"media":"/Media.json"},"to":"","uri":"/%s.json"}
    """
        .formatted(sid, sid)
        .getBytes(StandardCharsets.UTF_8);
  }
}
