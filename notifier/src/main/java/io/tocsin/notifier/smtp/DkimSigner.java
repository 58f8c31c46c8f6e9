package io.tocsin.notifier.smtp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.james.jdkim.DKIMSigner;
import org.apache.james.jdkim.api.BodyHasher;
import org.apache.james.jdkim.api.Headers;
import org.apache.james.jdkim.exceptions.PermFailException;

/**
 * Signs messages (RFC 6376), relaxed/relaxed by rsa-sha256. Any number of threads may share it.
 *
 * <p>Headers that a reader goes by are named once more than they occur (section 5.4.2), so that
 * nobody can put a second one, say a Reply-To, on a signed message.
 */
final class DkimSigner {

  /** In lower case, which no locale changes. */
  private static final String SIGNED =
      "from:to:subject:date:message-id:auto-submitted:content-language:x-tocsin-reference"
          + ":mime-version:content-type"
          + ":from:to:cc:subject:date:message-id:reply-to:content-type";

  private static final String CRLF = "\r\n";
  private static final int LINE = 72;

  private final DkimSettings settings;

  DkimSigner(DkimSettings settings) {
    this.settings = settings;
  }

  /**
   * The signature's header, with its final line break; it goes before all others.
   *
   * @param message headers, an empty line, body; line breaks are CRLF
   * @param now when it is signed
   */
  String sign(String message, Instant now) {
    int end = message.indexOf(CRLF + CRLF);
    if (end < 0) {
      throw new IllegalArgumentException("a message has an empty line after its headers");
    }
    String template =
        "v=1; a=rsa-sha256; c=relaxed/relaxed; d="
            + settings.domain()
            + "; s="
            + settings.selector()
            + "; t="
            + now.getEpochSecond()
            + "; h="
            + SIGNED
            + "; bh=; b=";
    DKIMSigner signer = new DKIMSigner(template, settings.key());
    try {
      BodyHasher body = signer.newBodyHasher(signer.newSignatureRecordTemplate(template));
      try (OutputStream out = body.getOutputStream()) {
        out.write(message.substring(end + 2 * CRLF.length()).getBytes(StandardCharsets.UTF_8));
      }
      return folded(signer.sign(RawHeaders.of(message.substring(0, end)), body)) + CRLF;
    } catch (PermFailException | IOException e) {
      throw new IllegalStateException("a message cannot be signed", e);
    }
  }

  /**
   * Breaks lines between tags, where relaxed canonicalisation sees a space either way, and within
   * the signature's own value, which is left out of what is signed (section 3.5).
   */
  private static String folded(String header) {
    StringBuilder folded = new StringBuilder(header.length() + 64);
    for (String tag : header.replaceAll("; +", ";\n").split("\n", -1)) {
      if (!folded.isEmpty()) {
        folded.append(CRLF).append(' ');
      }
      int at = 0;
      while (tag.startsWith("b=") && tag.length() - at > LINE) {
        folded.append(tag, at, at + LINE).append(CRLF).append(' ');
        at += LINE;
      }
      folded.append(tag, at, tag.length());
    }
    return folded.toString();
  }

  /** Headers as they stand in the message, folding included. */
  private record RawHeaders(List<String> fields) implements Headers {

    static RawHeaders of(String head) {
      return new RawHeaders(List.of(head.split("\r\n(?![ \t])")));
    }

    @Override
    public List<String> getFields() {
      return fields;
    }

    @Override
    public List<String> getFields(String name) {
      String start = name + ':';
      return fields.stream()
          .filter(field -> field.regionMatches(true, 0, start, 0, start.length()))
          .toList();
    }
  }
}
