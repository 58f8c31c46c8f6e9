package io.tocsin.notifier.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.avro.Channel;
import io.tocsin.avro.CommandKind;
import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.DeliveryEventKind;
import io.tocsin.avro.SendCommand;
import io.tocsin.notifier.Fixtures;
import io.tocsin.notifier.text.Recipient;
import io.tocsin.notifier.text.Renderer;
import io.tocsin.schemas.contact.Contact;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttemptsTest {

  private static final Instant NOW = Instant.parse("2026-03-07T08:00:00Z");

  @TempDir private Path folder;
  @TempDir private Path otherFolder;
  private Fixtures fixtures;
  private Optional<Renderer> renderer = Optional.of(Fixtures.renderer());
  private Function<StartGate, Outcome> provider =
      gate -> gate.refusal().orElse(Outcome.accepted("id1", null));
  private int sent;

  @BeforeEach
  void makeKeys() {
    fixtures = new Fixtures(folder);
  }

  @Test
  void shouldReportWhatTheProviderSaid() {
    // When
    DeliveryEvent event = perform(command().setAttempt(3).setIssue(2).build());

    // Then
    assertThat(event.getKind()).isEqualTo(DeliveryEventKind.ACCEPTED);
    assertThat(event.getProvider()).isEqualTo("smtp");
    assertThat(event.getProviderId()).contains("id1");
    assertThat(event.getAttempt()).isEqualTo(3);
    assertThat(event.getIssue()).isEqualTo(2);
    assertThat(event.getRenderedHash()).contains("hash");
    assertThat(event.getIncidentId()).isEqualTo(Fixtures.INCIDENT);
    assertThat(event.getAt()).isEqualTo(NOW);
  }

  @Test
  void shouldPutAPersonWhoseContactCannotBeOpenedOnTheSubstituteList() {
    // Given
    SendCommand foreign = new Fixtures(otherFolder).command(Channel.EMAIL, "u1").build();

    // When
    DeliveryEvent event = perform(foreign);

    // Then
    assertThat(event.getKind()).isEqualTo(DeliveryEventKind.REJECTED_PERMANENT);
    assertThat(event.getReason()).contains(Reasons.UNOPENABLE);
    assertThat(event.getProvider()).isEqualTo("notifier");
    assertThat(sent).isZero();
  }

  @Test
  void shouldPutAPersonForWhomNothingCanBeRenderedOnTheSubstituteList() {
    // When
    DeliveryEvent event = perform(command().setCategories(List.of("no-such-category")).build());

    // Then
    assertThat(event.getKind()).isEqualTo(DeliveryEventKind.REJECTED_PERMANENT);
    assertThat(event.getReason()).contains(Reasons.UNRENDERABLE);
  }

  @Test
  void shouldNotStartWithoutTexts() {
    // Given
    renderer = Optional.empty();

    // When
    DeliveryEvent event = perform(command().build());

    // Then
    assertThat(event.getKind()).isEqualTo(DeliveryEventKind.NOT_STARTED);
    assertThat(event.getReason()).contains(Reasons.UNKNOWN_TEMPLATE);
    assertThat(event.getRetryAfter()).isPresent();
  }

  @Test
  void shouldCallADefectBeforeTheStartNotStartedAndOneAfterUnknown() {
    // Given
    provider =
        gate -> {
          throw new IllegalStateException("to someone@people.example");
        };

    // When
    DeliveryEvent before = perform(command().build());
    provider =
        gate -> {
          gate.refusal();
          throw new IllegalStateException("to someone@people.example");
        };
    DeliveryEvent after = perform(command().build());

    // Then
    assertThat(before.getKind()).isEqualTo(DeliveryEventKind.NOT_STARTED);
    assertThat(after.getKind()).isEqualTo(DeliveryEventKind.UNKNOWN);
    assertThat(before.toString() + after).doesNotContain("people.example");
  }

  @Test
  void shouldLeaveAProviderAloneThatRefusesUs() {
    // Given
    provider =
        gate -> {
          gate.refusal();
          return Outcome.channelFault(Reasons.AUTHENTICATION);
        };
    Attempts attempts = attempts();

    // When
    for (int i = 0; i < 20; i++) {
      attempts.perform("u1", command().build(), Optional::empty);
    }

    // Then
    assertThat(sent).isEqualTo(5);
    DeliveryEvent refused = attempts.perform("u1", command().build(), Optional::empty);
    assertThat(refused.getKind()).isEqualTo(DeliveryEventKind.CHANNEL_FAULT);
    assertThat(refused.getReason()).contains(Reasons.PAUSED);
    assertThat(refused.getRetryAfter()).contains(NOW.plusSeconds(30));
  }

  @Test
  void shouldOnlyAskWhenAskedToReconcile() {
    // When
    DeliveryEvent event = perform(command().setKind(CommandKind.RECONCILE).build());

    // Then
    assertThat(event.getKind()).isEqualTo(DeliveryEventKind.FOUND);
    assertThat(sent).isZero();
  }

  @Test
  void shouldReportADoubtfulAttemptAsUnknown() {
    // When
    DeliveryEvent event = attempts().doubtful(command().build());

    // Then
    assertThat(event.getKind()).isEqualTo(DeliveryEventKind.UNKNOWN);
    assertThat(event.getReason()).contains(Reasons.OWNER_LOST);
    assertThat(sent).isZero();
  }

  private SendCommand.Builder command() {
    return fixtures.command(Channel.EMAIL, "u1");
  }

  private DeliveryEvent perform(SendCommand command) {
    return attempts().perform("u1", command, Optional::empty);
  }

  private Attempts attempts() {
    InstantSource clock = InstantSource.fixed(NOW);
    return new Attempts(
        new Provider(),
        fixtures.keys().contactOpener(),
        (id, version) -> renderer,
        new Breakers("email", 5, Duration.ofSeconds(30), clock),
        clock);
  }

  private final class Provider implements ProviderChannel {

    @Override
    public String provider() {
      return "smtp";
    }

    @Override
    public Prepared prepare(SendCommand command, Contact contact, Renderer texts) {
      texts.email(new Recipient(command.getReference(), "en", command.getCategories(), 1));
      return new Prepared() {
        @Override
        public String renderedHash() {
          return "hash";
        }

        @Override
        public Outcome send(StartGate gate) {
          sent++;
          return provider.apply(gate);
        }
      };
    }

    @Override
    public Outcome reconcile(SendCommand command, Contact contact) {
      return Outcome.of(DeliveryEventKind.FOUND, Reasons.FOUND);
    }

    @Override
    public void close() {}
  }
}
