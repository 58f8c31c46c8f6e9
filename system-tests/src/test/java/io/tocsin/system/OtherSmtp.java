package io.tocsin.system;

import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * An SMTP server that is not Tocsin's: GreenMail, which opens a mailbox for whomever mail comes
 * for.
 */
final class OtherSmtp implements AutoCloseable {

  private final GreenMail server;

  /** Listens on a port of 127.0.0.1. */
  OtherSmtp(int port) {
    server = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    server.start();
  }

  /** Whom mail came for, by the envelopes. */
  List<String> recipients() {
    return server.getUserManager().listUser().stream().map(GreenMailUser::getEmail).toList();
  }

  /** The messages taken; their recipient is left empty. */
  List<ReceivedMail> messages() throws MessagingException, IOException {
    List<ReceivedMail> messages = new ArrayList<>();
    for (MimeMessage message : server.getReceivedMessages()) {
      messages.add(Mailbox.read(message, ""));
    }
    return messages;
  }

  @Override
  public void close() {
    server.stop();
  }
}
