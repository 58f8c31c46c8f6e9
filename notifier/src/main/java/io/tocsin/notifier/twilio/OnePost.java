package io.tocsin.notifier.twilio;

import com.twilio.http.NetworkHttpClient;
import com.twilio.http.Request;
import com.twilio.http.Response;
import io.tocsin.notifier.attempt.Outcome;
import io.tocsin.notifier.attempt.StartGate;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Twilio's HTTP client, held to one request.
 *
 * <p>The library's own {@code reliableRequest} repeats a POST after any 5xx, and the HTTP client
 * beneath it after a 429 or 503; Twilio says that a repeated POST can deliver twice. It also keeps
 * the address of the API and its time-outs to itself, and does not tell whether a request was
 * written before it failed.
 */
final class OnePost extends NetworkHttpClient implements AutoCloseable {

  private static final ScopedValue<Call> CALL = ScopedValue.newInstance();
  private static final TimeValue CHECK_IDLE_CONNECTIONS_AFTER = TimeValue.ofMilliseconds(250);

  private final URI baseUrl;
  private final long callMillis;
  private final ScheduledThreadPoolExecutor timer;
  private volatile @Nullable Moved lastMoved;

  OnePost(TwilioSettings settings, int connections) {
    super(builder(settings, connections));
    this.baseUrl = settings.baseUrl();
    this.callMillis = settings.callTimeout().toMillis();
    this.timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("twilio-timeouts").factory());
    timer.setRemoveOnCancelPolicy(true);
  }

  /** What becomes of one request. */
  static final class Call {

    private final StartGate gate;
    private @Nullable Outcome refusal;
    private boolean written;
    private int status;
    private @Nullable ExecRuntime connection;
    private boolean cut;
    private Header[] headers = {};

    Call(StartGate gate) {
      this.gate = gate;
    }

    /** Why the gate kept the request back, if it did. */
    Optional<Outcome> refusal() {
      return Optional.ofNullable(refusal);
    }

    /** Whether a byte of it may have gone out. */
    boolean written() {
      return written;
    }

    /** The HTTP status, or 0 without an answer. */
    int status() {
      return status;
    }

    /** Notes what carries the request. */
    private synchronized void over(ExecRuntime runtime) throws IOException {
      if (cut) {
        throw new IOException("the time is up");
      }
      connection = runtime;
    }

    /** Breaks the connection under the request, from any thread. */
    private synchronized void cut() {
      cut = true;
      if (connection != null) {
        connection.discardEndpoint();
      }
    }

    Optional<String> header(String name) {
      for (Header header : headers) {
        if (header.getName().equalsIgnoreCase(name)) {
          return Optional.ofNullable(header.getValue());
        }
      }
      return Optional.empty();
    }
  }

  /** Runs something that makes requests, noting in {@code call} what becomes of the last one. */
  static <T> T during(Call call, ScopedValue.CallableOp<T, RuntimeException> requests) {
    return ScopedValue.where(CALL, call).call(requests);
  }

  @Override
  public Response reliableRequest(Request request) {
    Call call = CALL.get();
    call.written = false;
    call.status = 0;
    call.connection = null;
    call.cut = false;
    Future<?> cutting = timer.schedule(call::cut, callMillis, TimeUnit.MILLISECONDS);
    Response response;
    try {
      response = makeRequest(new Redirected(request, address(request)));
    } finally {
      cutting.cancel(false);
    }
    call.status = response.getStatusCode();
    if (response.getHeaders() != null) {
      call.headers = response.getHeaders();
    }
    return response;
  }

  @Override
  public Response reliableRequest(
      Request request, int[] retryCodes, int retries, long delayMillis) {
    return reliableRequest(request);
  }

  /** Every message is posted to the same address, which is worked out once. */
  private URL address(Request request) {
    Moved last = lastMoved;
    boolean plain = request.getQueryParams().isEmpty();
    if (plain && last != null && last.from().equals(request.getUrl())) {
      return last.to();
    }
    try {
      URL address = URI.create(baseUrl + request.constructURL().getFile()).toURL();
      if (plain) {
        lastMoved = new Moved(request.getUrl(), address);
      }
      return address;
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("twilio.base.url makes no address", e);
    }
  }

  private record Moved(String from, URL to) {}

  @Override
  public void close() throws IOException {
    timer.shutdownNow();
    client.close();
  }

  private static HttpClientBuilder builder(TwilioSettings settings, int connections) {
    Timeout read = Timeout.of(settings.readTimeout());
    Timeout connect = Timeout.of(settings.connectTimeout());
    PoolingHttpClientConnectionManager pool =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setMaxConnTotal(connections)
            .setMaxConnPerRoute(connections)
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(connect)
                    .setSocketTimeout(read)
                    .setValidateAfterInactivity(CHECK_IDLE_CONNECTIONS_AFTER)
                    .build())
            .build();
    RequestConfig timeouts =
        RequestConfig.custom()
            .setConnectionRequestTimeout(connect)
            .setResponseTimeout(read)
            .setConnectionKeepAlive(TimeValue.of(30, TimeUnit.SECONDS))
            .build();
    return HttpClientBuilder.create()
        .setConnectionManager(pool)
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableContentCompression()
        .disableAuthCaching()
        .disableConnectionState()
        .addExecInterceptorFirst(
            "timeouts",
            (request, scope, chain) -> {
              scope.clientContext.setRequestConfig(timeouts);
              CALL.get().over(scope.execRuntime);
              return chain.proceed(request, scope);
            })
        .addExecInterceptorBefore(
            ChainElement.MAIN_TRANSPORT.name(),
            "start-gate",
            (request, scope, chain) -> {
              Call call = CALL.get();
              Optional<Outcome> refusal = call.gate.refusal();
              if (refusal.isPresent()) {
                call.refusal = refusal.get();
                throw new IOException("the attempt must not start");
              }
              call.written = true;
              return chain.proceed(request, scope);
            });
  }

  /** The same request at another address. */
  private static final class Redirected extends Request {

    private final URL address;

    Redirected(Request original, URL address) {
      super(original.getMethod(), original.getUrl());
      this.address = address;
      setContentType(original.getContentType());
      if (original.getAuthStrategy() != null) {
        setAuth(original.getAuthStrategy());
      } else if (original.getUsername() != null) {
        setAuth(original.getUsername(), original.getPassword());
      }
      copy(original.getPostParams(), this::addPostParam);
      copy(original.getHeaderParams(), this::addHeaderParam);
      setUserAgentExtensions(original.getUserAgentExtensions());
    }

    @Override
    public URL constructURL() {
      return address;
    }

    private static void copy(Map<String, List<String>> from, BiConsumer<String, String> to) {
      from.forEach((name, values) -> values.forEach(value -> to.accept(name, value)));
    }
  }
}
