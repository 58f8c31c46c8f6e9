package io.tocsin.notifier.bounces;

import io.tocsin.notifier.bounces.Report.Meaning;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimePartDataSource;
import jakarta.mail.util.SharedByteArrayInputStream;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads delivery reports: multipart/report (RFC 6522) with message/delivery-status (RFC 3464) or
 * message/global-delivery-status (RFC 6533).
 *
 * <p>Only the message's own parts are looked at, never a message within, and of them only the
 * status fields: no text is decoded, so that its charset does not matter. A bounce must be said in
 * so many words; whatever leaves a doubt is none.
 */
final class ReportReader {

  private static final Session SESSION = Session.getInstance(new Properties());
  private static final Set<String> STATUS_TYPES =
      Set.of("message/delivery-status", "message/global-delivery-status");
  private static final Set<String> REPORT_TYPES =
      Set.of("delivery-status", "global-delivery-status");
  private static final Pattern ACTION = Pattern.compile("^\\s*([A-Za-z]+)");
  private static final Pattern STATUS =
      Pattern.compile("^\\s*([245]\\.[0-9]{1,3}\\.[0-9]{1,3})\\b");

  private ReportReader() {}

  /**
   * What a message says. Never fails: what cannot be read is {@link Meaning#UNREADABLE}.
   *
   * @param nullSender whether it came from the null sender, as no person's message does
   */
  static Report read(byte[] message, boolean nullSender) {
    try {
      MimeMessage mime = new MimeMessage(SESSION, new SharedByteArrayInputStream(message));
      boolean declared = isDeclared(mime);
      if (!declared && !(nullSender && isMixed(mime))) {
        return Report.of(Meaning.OTHER);
      }
      List<BodyPart> parts = statusParts(new MimeMultipart(new MimePartDataSource(mime)));
      return declared || !parts.isEmpty() ? decide(recipients(parts)) : Report.of(Meaning.OTHER);
    } catch (MessagingException | IOException | RuntimeException e) {
      // A parser that stumbles throws whatever it likes; the sending server could not mend it.
      return Report.of(Meaning.UNREADABLE);
    }
  }

  private static boolean isDeclared(MimeMessage message) throws MessagingException {
    if (!type(message).startsWith("multipart/report")) {
      return false;
    }
    String reported = new ContentType(message.getContentType()).getParameter("report-type");
    return reported == null || REPORT_TYPES.contains(reported.strip().toLowerCase(Locale.ROOT));
  }

  /** As OpenSMTPD labels its reports. */
  private static boolean isMixed(MimeMessage message) throws MessagingException {
    return type(message).startsWith("multipart/mixed");
  }

  private static String type(MimeMessage message) throws MessagingException {
    String[] types = message.getHeader("Content-Type");
    return types == null ? "" : types[0].strip().toLowerCase(Locale.ROOT);
  }

  private static List<BodyPart> statusParts(MimeMultipart parts) throws MessagingException {
    List<BodyPart> found = new ArrayList<>();
    for (int i = 0; i < parts.getCount(); i++) {
      if (isStatus(parts.getBodyPart(i))) {
        found.add(parts.getBodyPart(i));
      }
    }
    return found;
  }

  /** The fields of each recipient. */
  private static List<InternetHeaders> recipients(List<BodyPart> parts)
      throws MessagingException, IOException {
    List<InternetHeaders> recipients = new ArrayList<>();
    for (BodyPart part : parts) {
      groups(part).stream()
          .filter(group ->
              values(group, "Action").findAny().isPresent()
                  || values(group, "Final-Recipient").findAny().isPresent())
          .forEach(recipients::add);
    }
    return recipients;
  }

  private static boolean isStatus(Part part) throws MessagingException {
    for (String type : STATUS_TYPES) {
      if (part.isMimeType(type)) {
        return true;
      }
    }
    return false;
  }

  /** Groups of fields with blank lines between; which of them are a recipient's shows inside. */
  private static List<InternetHeaders> groups(BodyPart part)
      throws MessagingException, IOException {
    List<InternetHeaders> groups = new ArrayList<>();
    byte[] fields = part.getInputStream().readAllBytes();
    try (PushbackInputStream in =
        new PushbackInputStream(new SharedByteArrayInputStream(fields), 2)) {
      while (in.available() > 0) {
        groups.add(new InternetHeaders(in));
      }
    }
    return groups;
  }

  private static Report decide(List<InternetHeaders> recipients) {
    List<String> actions = new ArrayList<>();
    List<String> codes = new ArrayList<>();
    for (InternetHeaders recipient : recipients) {
      List<String> said = values(recipient, "Action").map(ReportReader::action).toList();
      if (said.isEmpty()) {
        return Report.of(Meaning.UNREADABLE);
      }
      actions.addAll(said);
      values(recipient, "Status")
          .map(STATUS::matcher)
          .filter(Matcher::find)
          .forEach(status -> codes.add(status.group(1)));
    }
    if (actions.isEmpty() || actions.contains("")) {
      return Report.of(Meaning.UNREADABLE);
    }
    if (actions.contains("delivered")) {
      return Report.of(Meaning.DELIVERED);
    }
    if (!actions.stream().allMatch("failed"::equals)) {
      return Report.of(Meaning.UNDECIDED);
    }
    return codes.stream().anyMatch(code -> code.startsWith("2"))
        ? Report.of(Meaning.UNREADABLE)
        : new Report(
            Meaning.BOUNCED, codes.isEmpty() ? Optional.empty() : Optional.of(codes.getFirst()));
  }

  private static String action(String field) {
    Matcher matcher = ACTION.matcher(field);
    String word = matcher.find() ? matcher.group(1).toLowerCase(Locale.ROOT) : "";
    return switch (word) {
      case "failed", "delayed", "delivered", "relayed", "expanded" -> word;
      default -> "";
    };
  }

  private static Stream<String> values(InternetHeaders fields, String name) {
    String[] values = fields.getHeader(name);
    return values == null ? Stream.empty() : Stream.of(values);
  }
}
