package io.tocsin.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.system.fault.FaultyTwilio;
import io.tocsin.system.fault.TwilioFault;
import io.tocsin.system.fault.TwilioFault.Answer;
import io.tocsin.system.fault.TwilioScript;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Twilio that takes every message, and answers 500 to a tenth of the POSTs all the same. */
class TwilioFaultsIT {

  private static final int PEOPLE = 300;
  private static final String INCIDENT_ID = "five-hundreds";
  private static final String INCIDENT =
      """
      {"incidentId": "%s", "version": 1, "kind": "disclosure", "reporter": "siem",
       "scope": {"datasets": [{"dataset": "registration"}]}, "detectedAt": "2026-04-02T10:00:00Z"}
      """
          .formatted(INCIDENT_ID);

  @TempDir private Path folder;

  @Test
  void shouldSendEverybodyOneSmsAlthoughATenthIsAnswered500() throws Exception {
    // Given
    FaultyTwilio.Account account =
        new FaultyTwilio.Account("AC0123456789abcdef0123456789abcdef", "a token");
    EveryTenth script = new EveryTenth();
    try (FaultyTwilio twilio = new FaultyTwilio(account, script, FaultyTwilio.Pace.FAST);
        Stack stack = Stack.up(folder.resolve("data"), settings(twilio, account))) {
      Operator operator = new Operator(stack, folder);
      operator.importUsers(
          IntStream.range(0, PEOPLE)
              .mapToObj(i -> "five-%d,en,,+9997%d".formatted(i, 15_100_000 + i))
              .toList());
      operator.importHoldings(
          IntStream.range(0, PEOPLE)
              .mapToObj(i -> "registration,five-" + i + ",2026-01-01T00:00:00Z,,name;email")
              .toList());

      // When
      Standing standing = operator.tell(INCIDENT_ID, INCIDENT);

      // Then
      assertThat(standing.affected()).isEqualTo(PEOPLE);
      assertThat(standing.substitutes()).isZero();
      assertThat(script.posts.get()).isEqualTo(PEOPLE);
      assertThat(script.fiveHundreds.get()).isEqualTo(PEOPLE / 10);
      assertThat(script.taken).hasSize(PEOPLE);
      assertThat(script.taken.values()).allMatch(times -> times == 1);
      assertThat(standing.possibleDuplicates()).isZero();
      List<NoticeRecord.DeliveryRecord> unsettled =
          NoticeRecord.of(stack.reader(), INCIDENT_ID).stream()
              .flatMap(notice -> notice.deliveries().stream())
              .filter(delivery -> delivery.channel().equals("SMS"))
              .filter(delivery -> !List.of("ACCEPTED", "DELIVERED").contains(delivery.state()))
              .toList();
      assertThat(unsettled).isEmpty();
    }
  }

  private static Map<String, String> settings(FaultyTwilio twilio, FaultyTwilio.Account account) {
    Map<String, String> settings = new HashMap<>();
    settings.put("twilio.base.url", twilio.baseUrl());
    settings.put("twilio.account.sid", account.sid());
    settings.put("twilio.auth.token", account.token());
    settings.put("twilio.from", "+15005550006");
    return settings;
  }

  private static final class EveryTenth implements TwilioScript {

    private final AtomicInteger posts = new AtomicInteger();
    private final AtomicInteger fiveHundreds = new AtomicInteger();
    private final Map<String, Integer> taken = new ConcurrentHashMap<>();

    @Override
    public TwilioFault next(String to) {
      if (posts.incrementAndGet() % 10 != 0) {
        return TwilioFault.NONE;
      }
      fiveHundreds.incrementAndGet();
      return TwilioFault.NONE.with(Answer.TAKEN_THEN_500);
    }

    @Override
    public void taken(String to, String body) {
      taken.merge(to, 1, Integer::sum);
    }
  }
}
