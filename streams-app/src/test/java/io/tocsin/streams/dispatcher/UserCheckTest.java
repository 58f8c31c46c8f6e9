package io.tocsin.streams.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.avro.Channel;
import io.tocsin.avro.SealedContact;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserCheckTest {

  @Test
  void shouldTakeAUserATombstoneAndAUserWithoutAnyChannel() {
    assertThat(UserCheck.problem("u/1", Samples.both("a"))).isEmpty();
    assertThat(UserCheck.problem("u-1", null)).isEmpty();
    assertThat(UserCheck.problem("u-1", Samples.user("en"))).isEmpty();
  }

  @Test
  void shouldRefuseAKeyThatIsNoId() {
    assertThat(UserCheck.problem(null, Samples.both("a"))).isPresent();
    assertThat(UserCheck.problem(" ", Samples.both("a"))).isPresent();
    assertThat(UserCheck.problem("a\ufffd", Samples.both("a"))).isPresent();
    assertThat(UserCheck.problem("a\0b", Samples.both("a"))).isPresent();
  }

  @Test
  void shouldRefuseTwoContactsOfOneChannelAndOneThatIsNotSealed() {
    // Given
    SealedContact email = Samples.contact(Channel.EMAIL, "a");
    ByteBuffer nothing = ByteBuffer.allocate(0);
    SealedContact clear = new SealedContact(Channel.SMS, nothing, email.getCiphertext(), nothing);

    // Then
    assertThat(UserCheck.problem("u-1", Samples.user("en", email, email)))
        .hasValueSatisfying(reason -> assertThat(reason).startsWith("contacts[1]"));
    assertThat(UserCheck.problem("u-1", Samples.user("en", email, clear)))
        .hasValueSatisfying(reason -> assertThat(reason).startsWith("contacts[1]"));
    assertThat(UserCheck.problem("u-1", Samples.user(" ", email)))
        .hasValueSatisfying(reason -> assertThat(reason).startsWith("locale"));
  }

  @Test
  void shouldSetWhatMakesNoSenseAsideAndGoOn(@TempDir Path folder) throws IOException {
    try (DispatcherDriver driver = new DispatcherDriver(folder, Map.of())) {
      // When
      driver.user(" ", Samples.both("a")).user("u-1", Samples.both("b"));
      driver.identified("INC-1", 1, "u-1").control(Samples.approved("INC-1", 1)).tick();

      // Then
      assertThat(driver.deadLetters())
          .singleElement()
          .satisfies(letter -> assertThat(letter.getTopic()).isEqualTo("tocsin.users"));
      assertThat(driver.commands).hasSize(2);
    }
  }
}
