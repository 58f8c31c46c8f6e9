package io.tocsin.streams.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.avro.Channel;
import io.tocsin.avro.DecisionKind;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.avro.DeliveryState;
import io.tocsin.avro.DispatchControl;
import io.tocsin.avro.IncidentProgress;
import io.tocsin.avro.IncidentStatus;
import io.tocsin.avro.Notice;
import io.tocsin.avro.SendCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DispatcherTopologyTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final String ONE = "INC-1";
  private static final String TWO = "INC-2";

  @TempDir private Path folder;
  private DispatcherDriver driver;

  @BeforeEach
  void start() throws IOException {
    driver = new DispatcherDriver(folder, Map.of());
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Test
  void shouldWaitForTheMarkersOfAllShardsAndOfEvidence() {
    // Given
    driver.user("u-1", Samples.both("a")).control(Samples.accepted(ONE, 1, 2, true, 1));
    driver.control(Samples.approved(ONE, 1));
    driver.affected("u-1", Samples.affected(ONE, 1, "registration", "email"));

    // When
    driver.affected(ONE, Samples.marker(ONE, 1, "0")).affected(ONE, Samples.marker(ONE, 1, "1"));
    List<String> early = driver.tick().addressed();
    driver.affected("u-1", Samples.affected(ONE, 1, "feedback", "name"));
    driver.affected(ONE, Samples.marker(ONE, 1, "evidence")).tick();

    // Then: one notice that names all, in the catalogue's order.
    assertThat(early).isEmpty();
    assertThat(driver.commands).hasSize(2);
    assertThat(driver.commands)
        .allSatisfy(
            command -> assertThat(command.getCategories()).containsExactly("name", "email"));
  }

  @Test
  void shouldCountWhoIsAffectedBeforeAnybodyApproves() {
    // Given
    driver
        .user("u-1", Samples.user("ru", Samples.contact(Channel.EMAIL, "a")))
        .user("u-2", Samples.user("kk"));

    // When
    driver.identified(ONE, 1, "u-1", "u-2", "u-3").tick();

    // Then
    IncidentProgress progress = driver.progress(ONE);
    assertThat(progress.getIdentifiedVersion()).isEqualTo(1);
    assertThat(progress.getAffected()).isEqualTo(3);
    assertThat(progress.getLocales()).isEqualTo(Map.of("ru", 1L, "kk", 1L, "und", 1L));
    assertThat(progress.getNotices()).isZero();
    assertThat(driver.commands).isEmpty();
  }

  @Test
  void shouldReleaseOnceIdentifiedWhenApprovedBefore() {
    // Given
    driver.user("u-1", Samples.both("a")).control(Samples.accepted(ONE, 1, 1, true, 0));
    driver.control(Samples.approved(ONE, 1)).tick();
    driver.affected("u-1", Samples.affected(ONE, 1, "registration", "email")).tick();
    assertThat(driver.commands).isEmpty();

    // When
    driver.affected(ONE, Samples.marker(ONE, 1, "0")).tick();

    // Then
    assertThat(driver.commands)
        .extracting(SendCommand::getChannel)
        .containsExactlyInAnyOrder(Channel.EMAIL, Channel.SMS);
    assertThat(driver.commands.getFirst().getTemplateVersion()).isEqualTo("t1");
  }

  @Test
  void shouldNotTakeAnApprovalOfAnotherScope() {
    // Given
    driver.user("u-1", Samples.both("a")).identified(ONE, 1, "u-1");

    // When
    driver.control(new DispatchControl(Samples.approval(ONE, 1).setScopeHash("another").build()));
    driver.tick();

    // Then
    assertThat(driver.commands).isEmpty();
    assertThat(driver.progress(ONE).getApprovedVersion()).isZero();
  }

  @Test
  void shouldShowHowManyPeopleAreStillOwedAnExplanation() {
    // Given
    driver.user("u-1", Samples.both("a")).user("u-2", Samples.both("b"));
    driver.pass(SECOND);
    double before = driver.gauge("tocsin.completeness.gap");

    // When
    driver.identified(ONE, 1, "u-1", "u-2").control(Samples.approved(ONE, 1)).pass(SECOND);
    double under = driver.gauge("tocsin.completeness.gap");
    double oldest = driver.gauge("tocsin.oldest.unresolved.seconds");
    driver.answer(DeliveryEventKind.ACCEPTED);
    driver.pass(SECOND);

    // Then
    assertThat(before).isZero();
    assertThat(under).isEqualTo(2);
    assertThat(oldest).isPositive();
    assertThat(driver.gauge("tocsin.completeness.gap")).isZero();
    assertThat(driver.gauge("tocsin.oldest.unresolved.seconds")).isZero();
  }

  @Test
  void shouldEndWithEverybodyExplained() {
    // Given
    driver.user("u-1", Samples.both("a")).user("u-2", Samples.both("b"));

    // When
    driver.identified(ONE, 1, "u-1", "u-2").control(Samples.approved(ONE, 1));
    driver.answer(DeliveryEventKind.ACCEPTED);

    // Then
    IncidentProgress progress = driver.progress(ONE);
    assertThat(progress.getExplained()).isEqualTo(progress.getAffected()).isEqualTo(2);
    assertThat(progress.getChannels())
        .allSatisfy(channel -> assertThat(channel.getStates()).isEqualTo(Map.of("ACCEPTED", 2L)));
    assertThat(progress.getLastAcceptedAt()).isPresent();
    assertThat(driver.of("u-1").map(Notice::getTransition))
        .containsExactly("planned", "issued", "issued", "accepted", "accepted");
  }

  @Test
  void shouldStopAtAHoldAndGoOnAfterwards() {
    // Given: more people than a window holds.
    String[] people = people(200);
    driver.identified(ONE, 1, people).control(Samples.approved(ONE, 1)).tick();
    int before = driver.commands.size();

    // When
    driver.control(Samples.decided(ONE, 1, DecisionKind.HOLD));
    driver.answer(DeliveryEventKind.ACCEPTED);
    IncidentProgress held = driver.progress(ONE);
    driver.control(Samples.decided(ONE, 1, DecisionKind.RESUME));
    driver.answer(DeliveryEventKind.ACCEPTED);

    // Then: nobody twice, nobody missed.
    assertThat(before).isEqualTo(128);
    assertThat(held.getHeld()).isTrue();
    assertThat(held.getExplained()).isEqualTo(64);
    assertThat(driver.progress(ONE).getExplained()).isEqualTo(200);
    assertThat(issued()).hasSize(400).doesNotHaveDuplicates();
  }

  @Test
  void shouldTellOnlyTheNewlyAffectedOfAWiderVersionAndOnlyAfterItsOwnApproval() {
    // Given
    for (String user : List.of("u-1", "u-2", "u-3")) {
      driver.user(user, Samples.both(user));
    }
    driver.identified(ONE, 1, "u-1", "u-2").control(Samples.approved(ONE, 1));
    driver.answer(DeliveryEventKind.ACCEPTED);

    // When: u-1 as before, u-2 in another category, u-3 for the first time.
    driver.control(Samples.accepted(ONE, 2, 1, true, 0));
    driver.affected("u-1", Samples.affected(ONE, 2, "registration", "email"));
    driver.affected("u-2", Samples.affected(ONE, 2, "registration", "email", "phone"));
    driver.affected("u-3", Samples.affected(ONE, 2, "registration", "email"));
    driver.affected(ONE, Samples.marker(ONE, 2, "0")).tick();
    List<String> unapproved = driver.addressed();
    IncidentProgress between = driver.progress(ONE);
    driver.control(Samples.approved(ONE, 2)).tick();

    // Then
    assertThat(unapproved).isEmpty();
    assertThat(between.getAffected()).isEqualTo(3);
    assertThat(between.getExplained()).isEqualTo(1);
    assertThat(driver.addressed()).containsExactly("u-2", "u-3");
    assertThat(driver.last("u-2").getEdition()).isEqualTo(2);
    assertThat(driver.last("u-2").getCategories()).containsExactly("email", "phone");
    assertThat(driver.last("u-3").getEdition()).isEqualTo(1);
    driver.answer(DeliveryEventKind.ACCEPTED);
    assertThat(driver.progress(ONE).getExplained()).isEqualTo(3);
  }

  @Test
  void shouldFreezeAtOnceAndCancelWhoeverTheNewVersionDoesNotTouch() {
    // Given
    driver.identified(ONE, 1, people(100)).control(Samples.approved(ONE, 1)).tick();
    List<SendCommand> out = List.copyOf(driver.commands);
    driver.commands.clear();

    // When: the rest waits, is counted out, and what was refused for now is not tried again.
    driver.control(Samples.accepted(ONE, 2, 1, true, 0));
    out.forEach(each -> driver.answer(each, DeliveryEventKind.REJECTED_TRANSIENT));
    driver.affected("u-100", Samples.affected(ONE, 2, "registration", "email"));
    driver.affected(ONE, Samples.marker(ONE, 2, "0")).pass(Duration.ofMinutes(10));
    List<String> frozen = driver.addressed();
    driver.control(Samples.approved(ONE, 2)).answer(DeliveryEventKind.ACCEPTED);

    // Then
    assertThat(frozen).isEmpty();
    IncidentProgress progress = driver.progress(ONE);
    assertThat(progress.getAffected()).isEqualTo(1);
    assertThat(progress.getExplained()).isEqualTo(1);
    long stopped =
        progress.getChannels().stream()
            .mapToLong(each -> each.getStates().getOrDefault("CANCELLED", 0L))
            .sum();
    assertThat(stopped).isEqualTo(126);
  }

  @Test
  void shouldCancelEverythingUnsentWhenWithdrawn() {
    // Given
    driver.user("u-1", Samples.both("a")).identified(ONE, 1, "u-1");
    driver.control(Samples.approved(ONE, 1)).tick();
    driver.commands.forEach(each -> driver.answer(each, DeliveryEventKind.REJECTED_TRANSIENT));

    // When
    driver.control(Samples.accepted(ONE, 2, 1, true, 0, IncidentStatus.WITHDRAWN)).tick();

    // Then
    assertThat(driver.last("u-1").getDeliveries())
        .allSatisfy(each -> {
          assertThat(each.getState()).isEqualTo(DeliveryState.CANCELLED);
          assertThat(each.getReason()).contains("scope");
        });
    assertThat(driver.progress(ONE).getAffected()).isZero();
  }

  @Test
  void shouldTellWhoeverIsAffectedByBothIncidentsOfBoth() {
    // Given
    driver.user("u-1", Samples.both("a")).user("u-2", Samples.both("b"));

    // When
    driver.identified(ONE, 1, "u-1", "u-2").identified(TWO, 1, "u-2");
    driver.control(Samples.approved(ONE, 1)).control(Samples.approved(TWO, 1));
    driver.answer(DeliveryEventKind.ACCEPTED);

    // Then
    assertThat(driver.of("u-2").map(Notice::getIncidentId).distinct())
        .containsExactlyInAnyOrder(ONE, TWO);
    assertThat(driver.of("u-1").map(Notice::getIncidentId).distinct()).containsExactly(ONE);
    assertThat(driver.progress(TWO).getExplained()).isEqualTo(1);
  }

  @Test
  void shouldNotLetTenPeopleWaitBehindThousands() {
    // Given: the first incident fills the window.
    driver.identified(ONE, 1, people(1_000)).control(Samples.approved(ONE, 1)).tick();

    // When
    String[] ten = IntStream.range(2_000, 2_010).mapToObj(i -> "u-" + i).toArray(String[]::new);
    for (String user : ten) {
      driver.user(user, Samples.both(user));
    }
    driver.identified(TWO, 1, ten).control(Samples.approved(TWO, 1)).tick();
    List<SendCommand> outstanding = List.copyOf(driver.commands);
    driver.commands.clear();
    outstanding.stream().limit(64).forEach(each -> driver.answer(each, DeliveryEventKind.ACCEPTED));
    driver.tick();

    // Then
    assertThat(driver.addressed()).contains(ten);
  }

  @Test
  void shouldNotLetAnSmsOutageSlowEmail() {
    // Given
    driver.identified(ONE, 1, people(300)).control(Samples.approved(ONE, 1));

    // When: only e-mails are answered.
    for (int i = 0; i < 20; i++) {
      driver.tick();
      List<SendCommand> emails =
          driver.commands.stream().filter(each -> each.getChannel() == Channel.EMAIL).toList();
      driver.commands.removeAll(emails);
      emails.forEach(each -> driver.answer(each, DeliveryEventKind.ACCEPTED));
    }
    driver.tick();

    // Then
    assertThat(driver.commands).hasSize(64);
    assertThat(states(Channel.EMAIL)).isEqualTo(Map.of("ACCEPTED", 300L));
  }

  @Test
  void shouldListAnUnknownUserAndTellHerOnceSheIsKnown() {
    // Given
    driver.identified(ONE, 1, "u-1").control(Samples.approved(ONE, 1)).tick();
    Notice listed = driver.last("u-1");

    // When
    driver.user("u-1", Samples.both("a"));
    driver.answer(DeliveryEventKind.ACCEPTED);

    // Then
    assertThat(listed.getSubstitute()).contains("unknown-user");
    assertThat(driver.last("u-1").getSubstitute()).isEmpty();
    assertThat(driver.last("u-1").getLocale()).isEqualTo("en");
    assertThat(issued()).hasSize(2);
    assertThat(driver.progress(ONE).getLocales()).isEqualTo(Map.of("en", 1L));
    assertThat(driver.progress(ONE).getSubstitutes()).isZero();
  }

  @Test
  void shouldListAUserWithoutAnyChannel() {
    // Given
    driver.user("u-1", Samples.user("ru"));

    // When
    driver.identified(ONE, 1, "u-1").control(Samples.approved(ONE, 1)).tick();

    // Then
    assertThat(driver.last("u-1").getSubstitute()).contains("no-channel");
    assertThat(driver.progress(ONE).getSubstitutes()).isEqualTo(1);
    assertThat(driver.progress(ONE).getExplained()).isEqualTo(1);
  }

  @Test
  void shouldReopenWhoeverNoChannelReachedWhenANewContactArrives() {
    // Given
    driver.user("u-1", Samples.both("a")).identified(ONE, 1, "u-1");
    driver.control(Samples.approved(ONE, 1)).answer(DeliveryEventKind.REJECTED_PERMANENT);
    Notice listed = driver.last("u-1");

    // When: the same again, then another address.
    driver.user("u-1", Samples.both("a")).tick();
    List<String> again = driver.addressed();
    driver
        .user(
            "u-1",
            Samples.user(
                "en", Samples.contact(Channel.EMAIL, "b"), Samples.contact(Channel.SMS, "a")))
        .tick();

    // Then
    assertThat(listed.getSubstitute()).contains("unreachable");
    assertThat(again).isEmpty();
    assertThat(driver.commands).hasSize(1);
    assertThat(driver.commands.getFirst().getChannel()).isEqualTo(Channel.EMAIL);
    assertThat(driver.commands.getFirst().getAttempt()).isEqualTo(2);
  }

  @Test
  void shouldSendNothingMoreToAnErasedPerson() {
    // Given
    driver.user("u-1", Samples.both("a")).identified(ONE, 1, "u-1");
    driver.control(Samples.approved(ONE, 1)).tick();
    driver.commands.forEach(each -> driver.answer(each, DeliveryEventKind.REJECTED_TRANSIENT));
    driver.commands.clear();

    // When
    driver.user("u-1", Samples.erased()).pass(Duration.ofMinutes(10));

    // Then
    assertThat(driver.commands).isEmpty();
    assertThat(driver.last("u-1").getSubstitute()).contains("erased");
  }

  @Test
  void shouldTakeAUsersTombstoneForAnUnknownUser() {
    // Given
    driver.user("u-1", Samples.both("a")).identified(ONE, 1, "u-1");

    // When
    driver.gone("u-1").control(Samples.approved(ONE, 1)).tick();

    // Then
    assertThat(driver.last("u-1").getSubstitute()).contains("unknown-user");
  }

  @Test
  void shouldHoldByItselfAfterTheCanary() {
    // Given
    driver.identified(ONE, 1, people(20));

    // When
    driver.control(Samples.canary(ONE, 1, 5)).answer(DeliveryEventKind.ACCEPTED);
    IncidentProgress canary = driver.progress(ONE);
    driver.control(Samples.decided(ONE, 1, DecisionKind.RESUME));
    driver.answer(DeliveryEventKind.ACCEPTED);

    // Then
    assertThat(canary.getHeld()).isTrue();
    assertThat(canary.getExplained()).isEqualTo(5);
    assertThat(driver.progress(ONE).getExplained()).isEqualTo(20);
    assertThat(driver.progress(ONE).getHeld()).isFalse();
    assertThat(issued()).hasSize(40).doesNotHaveDuplicates();
  }

  @Test
  void shouldReleaseALateHoldingUnderTheSameApproval() {
    // Given
    driver.user("u-1", Samples.both("a")).user("u-2", Samples.both("b"));
    driver.identified(ONE, 1, "u-1").control(Samples.approved(ONE, 1));
    driver.answer(DeliveryEventKind.ACCEPTED);

    // When: a new person, and more about one already told.
    driver.affected("u-2", Samples.affected(ONE, 1, "feedback", "name"));
    driver.affected("u-1", Samples.affected(ONE, 1, "feedback", "name"));
    driver.answer(DeliveryEventKind.ACCEPTED);

    // Then
    assertThat(driver.last("u-2").getEdition()).isEqualTo(1);
    assertThat(driver.last("u-1").getEdition()).isEqualTo(2);
    assertThat(driver.last("u-1").getCategories()).containsExactly("name", "email");
    assertThat(driver.progress(ONE).getExplained()).isEqualTo(2);
  }

  @Test
  void shouldPassASilentShardOnlyByDecision() {
    // Given
    driver.user("u-1", Samples.both("a")).control(Samples.accepted(ONE, 1, 2, true, 0));
    driver.affected("u-1", Samples.affected(ONE, 1, "registration", "email"));
    driver.affected(ONE, Samples.marker(ONE, 1, "0")).control(Samples.approved(ONE, 1));
    driver.tick();
    assertThat(driver.commands).isEmpty();

    // When
    driver.control(Samples.decided(ONE, 1, DecisionKind.RELEASE_PARTIAL)).tick();

    // Then
    assertThat(driver.commands).hasSize(2);
  }

  @Test
  void shouldCancelWhatHasNotStarted() {
    // Given
    driver.identified(ONE, 1, people(100)).control(Samples.approved(ONE, 1)).tick();

    // When
    driver.control(Samples.decided(ONE, 1, DecisionKind.CANCEL)).tick();
    Map<String, Long> during = states(Channel.SMS);
    driver.answer(DeliveryEventKind.ACCEPTED);

    // Then
    assertThat(during).isEqualTo(Map.of("SENDING", 64L, "CANCELLED", 36L));
    assertThat(states(Channel.SMS)).isEqualTo(Map.of("ACCEPTED", 64L, "CANCELLED", 36L));
    assertThat(driver.progress(ONE).getCancelled()).isTrue();
    assertThat(driver.progress(ONE).getExplained()).isEqualTo(100);
  }

  @Test
  void shouldRecordThatNoNoticeIsNeededAndWhy() {
    // Given
    driver.user("u-1", Samples.both("a")).identified(ONE, 1, "u-1", "u-2");

    // When
    driver
        .control(
            new DispatchControl(
                Samples.decision(ONE, 1, DecisionKind.NO_NOTICE_NEEDED)
                    .setReasonCode("public-before")
                    .build()))
        .tick();

    // Then
    assertThat(driver.last("u-1").getDeliveries())
        .allSatisfy(each -> {
          assertThat(each.getState()).isEqualTo(DeliveryState.NOT_NEEDED);
          assertThat(each.getReason()).contains("public-before");
        });
    assertThat(driver.progress(ONE).getExplained()).isEqualTo(2);
    assertThat(driver.progress(ONE).getSubstitutes()).isZero();
  }

  @Test
  void shouldFindTheNoticeOfAReceiptThatNamesOnlyTheDelivery() {
    // Given
    driver.user("u-1", Samples.user("en", Samples.contact(Channel.SMS, "a")));
    driver.identified(ONE, 1, "u-1").control(Samples.approved(ONE, 1)).tick();
    SendCommand command = driver.commands.getFirst();

    // When
    driver
        .event(
            command.getDeliveryId(),
            Samples.receipt(command, DeliveryEventKind.RECEIPT_DELIVERED, driver.now()))
        .tick();

    // Then
    assertThat(states(Channel.SMS)).isEqualTo(Map.of("DELIVERED", 1L));
  }

  @Test
  void shouldSetAReceiptOfNoDeliveryAside() {
    // When
    driver.event(
        "x",
        Samples.event(
                DeliveryEventKind.RECEIPT_DELIVERED,
                "00000000000000000000000000000000-s",
                1,
                -1,
                driver.now())
            .build());
    driver.event(
        "x",
        Samples.event(DeliveryEventKind.RECEIPT_DELIVERED, "nonsense-s", 1, -1, driver.now())
            .build());

    // Then
    assertThat(driver.deadLetters()).hasSize(2).allMatch(each -> each.getCode().equals("invalid"));
  }

  @Test
  void shouldCallAnSmsWithoutAReceiptUnconfirmed() {
    // Given
    driver.user("u-1", Samples.user("en", Samples.contact(Channel.SMS, "a")));
    driver.identified(ONE, 1, "u-1").control(Samples.approved(ONE, 1));
    driver.answer(DeliveryEventKind.ACCEPTED);

    // When
    driver.pass(Duration.ofHours(73));

    // Then
    assertThat(states(Channel.SMS)).isEqualTo(Map.of("UNCONFIRMED", 1L));
  }

  @Test
  void shouldReportOftenEnoughButNotTooOften() {
    // When
    driver.identified(ONE, 1, people(300)).control(Samples.approved(ONE, 1));
    driver.answer(DeliveryEventKind.ACCEPTED).pass(Duration.ofSeconds(5));

    // Then
    List<Long> times = driver.reports.stream().map(each -> each.getAt().toEpochMilli()).toList();
    for (int i = 1; i < times.size(); i++) {
      assertThat(times.get(i) - times.get(i - 1)).isGreaterThanOrEqualTo(250);
    }
    assertThat(driver.reports.getLast().getExplained()).isEqualTo(300);
  }

  private Map<String, Long> states(Channel channel) {
    return driver.progress(ONE).getChannels().stream()
        .filter(each -> each.getChannel() == channel)
        .findFirst()
        .orElseThrow()
        .getStates();
  }

  /** Deliveries issued so far. */
  private List<String> issued() {
    return driver.notices.stream()
        .filter(notice -> notice.getTransition().equals("issued"))
        .map(notice -> notice.getNoticeId() + notice.getTransitionChannel())
        .toList();
  }

  private String[] people(int count) {
    String[] people =
        IntStream.rangeClosed(1, count).mapToObj(i -> "u-" + i).toArray(String[]::new);
    for (String user : people) {
      driver.user(user, Samples.both(user));
    }
    return people;
  }
}
