package io.tocsin.cli.sample;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Invents what Any2text's datasets held of a person, and when. */
final class SampleHoldings {

  /** When the service opened. */
  static final Instant OPENED = Instant.parse("2023-01-01T00:00:00Z");

  /** When the sample was taken; nothing in it is later. */
  static final Instant TAKEN = Instant.parse("2026-10-01T00:00:00Z");

  private static final Duration LOG_KEPT = Duration.ofDays(90);
  private static final Duration FEEDBACK_KEPT = Duration.ofDays(365);

  private final SampleUser user;
  private final Dice dice;
  private final Instant joined;

  SampleHoldings(SampleUser user, Dice dice) {
    this.user = user;
    this.dice = dice;
    // The service grows: the root of an even chance has more people join late than early.
    this.joined = after(OPENED, Math.sqrt(dice.fraction()));
  }

  /** What each dataset held; a person may be in some of them only, or in none. */
  List<SampleHolding> all() {
    List<SampleHolding> holdings = new ArrayList<>(4);
    add(holdings, "registration", dice.chance(0.95) ? registration() : List.of());
    add(holdings, "feedback", dice.chance(0.30) ? feedback() : List.of());
    add(holdings, "purchases", dice.chance(0.40) ? purchases() : List.of());
    add(holdings, "access-log", dice.chance(0.85) ? accessLog() : List.of());
    return holdings;
  }

  /**
   * One stretch; or two when the number was given later, or when the account was closed and opened
   * again.
   */
  private List<SampleInterval> registration() {
    List<String> before = new ArrayList<>(List.of("name"));
    if (user.email() != null) {
      before.add("email");
    }
    boolean withPassword = dice.chance(0.8);
    if (withPassword) {
      before.add("password-hash");
    }
    List<String> full = new ArrayList<>(before);
    if (user.phone() != null) {
      full.add("phone");
    }
    if (user.phone() != null && user.email() != null && dice.chance(0.25)) {
      Instant added = after(joined, dice.fraction());
      return List.of(interval(joined, added, before), interval(added, null, full));
    }
    if (dice.chance(0.15)) {
      Instant closed = earlier(joined.plus(Duration.ofDays(dice.between(30, 900))), TAKEN);
      SampleInterval first = interval(joined, closed, full);
      return closed.isBefore(TAKEN) && dice.chance(0.2)
          ? List.of(first, interval(after(closed, dice.fraction()), null, full))
          : List.of(first);
    }
    return List.of(interval(joined, null, full));
  }

  /** A message or two, each kept for a year. */
  private List<SampleInterval> feedback() {
    List<String> categories = new ArrayList<>(List.of("name", "message-text"));
    categories.add(user.email() != null ? "email" : "phone");
    return kept(dice.between(1, 2), FEEDBACK_KEPT, categories);
  }

  /** From the first purchase on. */
  private List<SampleInterval> purchases() {
    List<String> categories = new ArrayList<>(List.of("purchases"));
    if (dice.chance(0.7)) {
      categories.add("payment-last4");
    }
    return List.of(interval(after(joined, dice.fraction()), null, categories));
  }

  /** A few visits, each kept for ninety days. */
  private List<SampleInterval> accessLog() {
    List<String> categories =
        new ArrayList<>(List.of("ip-address", "access-time", "page-address", "browser"));
    if (dice.chance(0.9)) {
      categories.add("cookies");
    }
    if (dice.chance(0.4)) {
      categories.add("referrer");
    }
    return kept(dice.between(1, 4), LOG_KEPT, categories);
  }

  private List<SampleInterval> kept(int times, Duration howLong, List<String> categories) {
    List<SampleInterval> intervals = new ArrayList<>(times);
    Instant at = joined;
    for (int i = 0; i < times; i++) {
      at = after(at, dice.fraction());
      Instant until = at.plus(howLong);
      intervals.add(interval(at, until.isAfter(TAKEN) ? null : until, categories));
    }
    return intervals;
  }

  private void add(List<SampleHolding> to, String dataset, List<SampleInterval> intervals) {
    if (!intervals.isEmpty()) {
      to.add(new SampleHolding(dataset, user.userId(), intervals));
    }
  }

  /** A whole minute, and at least one minute past the start, so that no stretch is empty. */
  private static Instant after(Instant start, double fraction) {
    long minutes = Duration.between(start, TAKEN).toMinutes();
    return start.plus(Duration.ofMinutes(1 + (long) (fraction * minutes)));
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  private static SampleInterval interval(
      Instant from, @Nullable Instant until, List<String> categories) {
    return new SampleInterval(from, until, List.copyOf(categories));
  }
}
