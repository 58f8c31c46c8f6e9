package io.tocsin.streams.dispatcher;

import java.time.Duration;

/**
 * How long what is waited for.
 *
 * @param commandTtl how long after it is issued an attempt may start
 * @param callMax the longest an attempt takes once started
 * @param clockSkew how far the clocks of two processes may differ
 * @param silence how long after it is issued an attempt nobody reports on becomes UNKNOWN
 * @param reissueFirst pause before an attempt that was not tried is issued again
 * @param reissueMax longest such pause; it doubles with every channel fault in a row
 * @param retryFirst pause after the first refusal for now
 * @param retryMax longest such pause; it doubles with every refusal
 * @param deadline how long after the first attempt the last retry may be
 * @param askFirst pause before a provider that could not say is asked again
 * @param askMax longest such pause; it doubles with every answer
 * @param reconcileWindow how long after an attempt "not found" may still be wrong
 * @param reconcileMax how long a provider is asked before the attempt is repeated
 * @param returnedPause pause before a message that came back for now is sent again
 * @param returnedMax how often a message may come back before its channel is given up
 * @param receiptWindow how long an SMS may stay without a receipt before it is UNCONFIRMED
 */
public record SendPolicy(
    Duration commandTtl,
    Duration callMax,
    Duration clockSkew,
    Duration silence,
    Duration reissueFirst,
    Duration reissueMax,
    Duration retryFirst,
    Duration retryMax,
    Duration deadline,
    Duration askFirst,
    Duration askMax,
    Duration reconcileWindow,
    Duration reconcileMax,
    Duration returnedPause,
    int returnedMax,
    Duration receiptWindow) {

  public SendPolicy {
    requirePositive(commandTtl, DispatcherSettings.COMMAND_TTL);
    requirePositive(callMax, DispatcherSettings.CALL_MAX);
    requireOrder(
        reissueFirst, DispatcherSettings.REISSUE, reissueMax, DispatcherSettings.REISSUE_MAX);
    requireOrder(
        retryFirst, DispatcherSettings.RETRY_FIRST, retryMax, DispatcherSettings.RETRY_MAX);
    requireOrder(askFirst, DispatcherSettings.ASK_FIRST, askMax, DispatcherSettings.ASK_MAX);
  }

  /** From when on an attempt that may start until {@code notAfter} cannot be under way any more. */
  long overAt(long notAfter) {
    return notAfter + callMax.toMillis() + clockSkew.toMillis();
  }

  private static void requirePositive(Duration value, String key) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(key + " must be over 0, was " + value.toMillis());
    }
  }

  private static void requireOrder(Duration first, String firstKey, Duration max, String maxKey) {
    requirePositive(first, firstKey);
    if (max.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          maxKey + " must not be under " + firstKey + ", was " + max.toMillis());
    }
  }
}
