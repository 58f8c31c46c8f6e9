package io.tocsin.notifier.bounces;

import io.tocsin.avro.Channel;
import io.tocsin.notifier.receipts.ReceiptTokens;
import io.tocsin.schemas.id.NoticeIds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.subethamail.smtp.DropConnectionException;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;

/**
 * One mail to a token of ours. A message that is not taken ends the connection: that leaves no
 * half-read message and no half-open transaction behind, and the sender connects anew.
 */
final class BounceTransaction implements MessageHandler {

  private static final int BUFFER = 8 * 1024;

  /** Beyond the limit, so much is read and dropped that the sender gets to read the refusal. */
  private static final int DRAINED = 32;

  private final BounceSettings settings;
  private final ReceiptTokens tokens;
  private final Bounces bounces;
  private ReceiptTokens.@Nullable Receipt token;
  private boolean nullSender;

  BounceTransaction(BounceSettings settings, ReceiptTokens tokens, Bounces bounces) {
    this.settings = settings;
    this.tokens = tokens;
    this.bounces = bounces;
  }

  /** Reports come from the null sender (RFC 3461 section 6.1), but not from every server. */
  @Override
  public void from(String sender) {
    nullSender = sender.isEmpty();
  }

  @Override
  public void recipient(String recipient) throws RejectException {
    token =
        token(recipient)
            .orElseThrow(() -> {
              bounces.count("refused");
              return new RejectException(550, "5.1.1 No such recipient here");
            });
  }

  private Optional<ReceiptTokens.Receipt> token(String recipient) {
    int at = recipient.lastIndexOf('@');
    if (at < 0 || !recipient.substring(at + 1).toLowerCase(Locale.ROOT).equals(settings.domain())) {
      return Optional.empty();
    }
    return tokens
        .read(recipient.substring(0, at))
        .filter(receipt -> NoticeIds.channelOf(receipt.deliveryId()) == Channel.EMAIL);
  }

  @Override
  public String data(InputStream data)
      throws RejectException, DropConnectionException, IOException {
    byte[] message = whole(data);
    if (token == null || !bounces.take(token, message, nullSender)) {
      throw new DropConnectionException(451, "4.3.0 Not taken now; try again later");
    }
    return "2.0.0 Taken";
  }

  private byte[] whole(InputStream data) throws DropConnectionException, IOException {
    long deadline = System.nanoTime() + settings.messageTime().toNanos();
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    byte[] buffer = new byte[BUFFER];
    long length = 0;
    for (int read = data.read(buffer); read >= 0; read = data.read(buffer)) {
      length += read;
      if (length <= settings.maxBytes()) {
        kept.write(buffer, 0, read);
      } else {
        kept.reset();
      }
      if (length > (long) DRAINED * settings.maxBytes()) {
        break;
      }
      if (System.nanoTime() - deadline > 0) {
        throw new DropConnectionException(421, "4.4.2 The message took too long");
      }
    }
    if (length > settings.maxBytes()) {
      bounces.count("oversized");
      throw new DropConnectionException(552, "5.3.4 Message too big");
    }
    return kept.toByteArray();
  }

  @Override
  public void done() {}
}
