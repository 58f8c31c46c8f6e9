package io.tocsin.cli.operate;

import io.tocsin.notifier.smtp.SmtpSettings;
import io.tocsin.notifier.twilio.TwilioSettings;
import io.tocsin.schemas.config.TocsinConfig;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.config.ConfigException;

/**
 * Checks the SMTP server, by EHLO and login, and Twilio, by looking at the account. Nothing is
 * sent.
 */
final class ProviderChecks {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final TocsinConfig config;

  ProviderChecks(TocsinConfig config) {
    this.config = config;
  }

  List<Finding> run() {
    List<Finding> findings = new ArrayList<>();
    try {
      findings.addAll(smtp(SmtpSettings.from(config)));
    } catch (ConfigException e) {
      findings.add(Finding.fail("smtp", String.valueOf(e.getMessage())));
    }
    try {
      findings.addAll(twilio(TwilioSettings.from(config)));
    } catch (ConfigException e) {
      findings.add(Finding.fail("twilio", String.valueOf(e.getMessage())));
    }
    return findings;
  }

  private static List<Finding> smtp(SmtpSettings settings) {
    String where = settings.host() + ":" + settings.port();
    List<Finding> findings = new ArrayList<>();
    try (Transport transport = Session.getInstance(properties(settings)).getTransport("smtp")) {
      transport.connect(
          settings.host(),
          settings.port(),
          settings.login().map(SmtpSettings.Login::username).orElse(null),
          settings.login().map(SmtpSettings.Login::password).orElse(null));
      findings.add(Finding.ok("smtp", "greeted by " + where));
    } catch (AuthenticationFailedException e) {
      findings.add(
          Finding.fail("smtp", where + " refused the login; see smtp.username and smtp.password"));
    } catch (MessagingException e) {
      // The server's own words may be anything; the kind of failure says enough.
      Throwable cause = e.getCause() == null ? e : e.getCause();
      findings.add(
          Finding.fail(
              "smtp",
              "no conversation with "
                  + where
                  + " ("
                  + cause.getClass().getSimpleName()
                  + "); see smtp.host, smtp.port, smtp.starttls and smtp.tls.ca.file"));
    }
    if (settings.from().value().endsWith("localhost.localdomain")) {
      findings.add(
          Finding.warn(
              "smtp",
              "smtp.from is still its default; nobody can answer, and servers may refuse it"));
    }
    return findings;
  }

  private static Properties properties(SmtpSettings settings) {
    Properties properties = new Properties();
    String patience = Long.toString(PATIENCE.toMillis());
    properties.put("mail.smtp.connectiontimeout", patience);
    properties.put("mail.smtp.timeout", patience);
    properties.put("mail.smtp.ssl.checkserveridentity", "true");
    settings
        .tlsSockets()
        .ifPresent(sockets -> properties.put("mail.smtp.ssl.socketFactory", sockets));
    properties.put("mail.smtp.auth", Boolean.toString(settings.login().isPresent()));
    properties.put(
        "mail.smtp.starttls.enable",
        Boolean.toString(settings.startTls() != SmtpSettings.StartTls.OFF));
    properties.put(
        "mail.smtp.starttls.required",
        Boolean.toString(settings.startTls() == SmtpSettings.StartTls.REQUIRED));
    if (!settings.helo().isEmpty()) {
      properties.put("mail.smtp.localhost", settings.helo());
    }
    return properties;
  }

  private static List<Finding> twilio(TwilioSettings settings) {
    List<Finding> findings = new ArrayList<>();
    String where = settings.baseUrl().toString();
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      int status =
          client.send(account(settings), HttpResponse.BodyHandlers.discarding()).statusCode();
      findings.add(answer(status, where));
    } catch (IOException e) {
      findings.add(
          Finding.warn(
              "twilio",
              "could not be reached at "
                  + where
                  + " ("
                  + e.getClass().getSimpleName()
                  + "): not checked"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      findings.add(Finding.warn("twilio", "interrupted: not checked"));
    }
    if (settings.callbackUrl().isEmpty()) {
      findings.add(
          Finding.warn(
              "twilio", TwilioSettings.CALLBACK_URL + " is not set: SMS stay without receipts"));
    }
    return findings;
  }

  private static Finding answer(int status, String where) {
    return switch (status) {
      case 200 -> Finding.ok("twilio", "the account is known at " + where);
      case 401, 403 ->
          Finding.fail(
              "twilio",
              where
                  + " refused the credentials; see "
                  + TwilioSettings.ACCOUNT_SID
                  + " and "
                  + TwilioSettings.AUTH_TOKEN);
      default ->
          Finding.warn("twilio", where + " answers, with HTTP " + status + " for the account");
    };
  }

  private static HttpRequest account(TwilioSettings settings) {
    String credentials = settings.accountSid() + ":" + settings.authToken();
    return HttpRequest.newBuilder(
            URI.create(
                settings.baseUrl() + "/2010-04-01/Accounts/" + settings.accountSid() + ".json"))
        .timeout(PATIENCE)
        .header(
            "Authorization",
            "Basic "
                + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
        .GET()
        .build();
  }
}
