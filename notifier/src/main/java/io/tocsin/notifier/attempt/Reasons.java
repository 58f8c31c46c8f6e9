package io.tocsin.notifier.attempt;

/**
 * Why an outcome is what it is: the fixed phrases of this program. What a provider said in words
 * never becomes one of them, as it may name an address.
 */
public final class Reasons {

  /** The command's {@code notAfter} had passed. */
  public static final String EXPIRED = "expired";

  /** The last acknowledged commit was too long ago: another instance may own the command by now. */
  public static final String LEASE = "lease-expired";

  /** An earlier owner may have started the attempt and left no outcome. */
  public static final String OWNER_LOST = "owner-lost";

  /**
   * The provider has failed through a fault of ours, or not at all; it is left alone for a while.
   */
  public static final String PAUSED = "channel-paused";

  /** The same, but only for the recipient's country or domain. */
  public static final String DESTINATION_PAUSED = "destination-paused";

  /** No connection could be made. */
  public static final String UNREACHABLE = "unreachable";

  /** The connection broke before the message was handed over. */
  public static final String CONNECTION_LOST = "connection-lost";

  /**
   * The connection broke, or nothing was heard in time, after the message was handed over (RFC
   * 1047).
   */
  public static final String NO_ANSWER = "no-answer";

  /** The provider refused our credentials. */
  public static final String AUTHENTICATION = "authentication";

  /** TLS could not be agreed on, or the server's certificate is not trusted. */
  public static final String TLS = "tls";

  /** The provider refused the message by a code. */
  public static final String REFUSED = "refused";

  /** The provider refused by a code that nobody has classified yet. */
  public static final String UNLISTED_CODE = "unlisted-code";

  /** The server does not take internationalised addresses (RFC 6531). */
  public static final String NO_SMTPUTF8 = "no-smtputf8";

  /** The templates topic, read to its end, has no such texts. */
  public static final String UNKNOWN_TEMPLATE = "unknown-template";

  /** The texts cannot be made into a message for this person. */
  public static final String UNRENDERABLE = "unrenderable";

  /** The sealed contact cannot be opened, or is none. */
  public static final String UNOPENABLE = "unopenable";

  /** The provider cannot be asked about messages. */
  public static final String NOTHING_TO_ASK = "nothing-to-ask";

  /** The provider has the message. */
  public static final String FOUND = "found";

  /** The provider does not have the message. */
  public static final String NOT_FOUND = "not-found";

  /** The provider has more messages to this recipient than are looked through. */
  public static final String TOO_MANY_MESSAGES = "too-many-messages";

  /** A defect of this program. */
  public static final String INTERNAL = "internal-error";

  private Reasons() {}
}
