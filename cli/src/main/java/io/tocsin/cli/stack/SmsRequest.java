package io.tocsin.cli.stack;

import java.net.URI;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** Judges the form of a POST to Messages and makes a message of it. */
final class SmsRequest {

  private static final int MAX_BODY = 1_600;
  private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{6,14}");
  private static final Pattern SENDER_NAME =
      Pattern.compile("(?=.*[A-Za-z])[A-Za-z0-9 +\\-_&]{1,11}");
  private static final Pattern SHORT_CODE = Pattern.compile("[0-9]{3,8}");

  private final MagicNumbers magic;

  SmsRequest(MagicNumbers magic) {
    this.magic = magic;
  }

  sealed interface Judgement {
    record Good(SmsMessage message) implements Judgement {}

    record Bad(TwilioFault fault) implements Judgement {}
  }

  Judgement judge(Map<String, String> form, Instant now) {
    var to = form.getOrDefault("To", "");
    var from = form.getOrDefault("From", "");
    var service = form.get("MessagingServiceSid");
    var body = form.getOrDefault("Body", "");
    var callback = form.get("StatusCallback");
    if (to.isEmpty()) {
      return bad(21604, "A 'To' phone number is required.");
    }
    if (from.isEmpty() && service == null) {
      return bad(21603, "A 'From' phone number is required.");
    }
    if (body.isEmpty()) {
      return bad(21602, "Message body is required.");
    }
    if (body.codePointCount(0, body.length()) > MAX_BODY) {
      return bad(21617, "The concatenated message body exceeds the 1600 character limit.");
    }
    if (!E164.matcher(to).matches()) {
      return bad(21211, "The 'To' number is not a valid phone number.");
    }
    if (!from.isEmpty() && !isSender(from)) {
      return bad(21212, "The 'From' number is not a valid phone number, shortcode, or sender ID.");
    }
    if (callback != null && !isHttp(callback)) {
      return bad(21609, "The 'StatusCallback' URL is not a valid URL.");
    }
    var refused = magic.refuseSender(from).or(() -> magic.refuseRecipient(to));
    if (refused.isPresent()) {
      return new Judgement.Bad(refused.get());
    }
    return new Judgement.Good(
        new SmsMessage(newSid(), to, from, service, body, SmsSegments.count(body), callback, now));
  }

  private static Judgement bad(int code, String message) {
    return new Judgement.Bad(TwilioFault.badRequest(code, message));
  }

  private static boolean isSender(String from) {
    return E164.matcher(from).matches()
        || SENDER_NAME.matcher(from).matches()
        || SHORT_CODE.matcher(from).matches();
  }

  private static boolean isHttp(String url) {
    try {
      var uri = URI.create(url);
      return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String newSid() {
    var random = ThreadLocalRandom.current();
    var hex = HexFormat.of();
    return "SM" + hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
  }
}
