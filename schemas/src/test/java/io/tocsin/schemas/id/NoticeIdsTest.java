package io.tocsin.schemas.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.avro.Channel;
import io.tocsin.avro.DatasetScope;
import io.tocsin.avro.Incident;
import io.tocsin.avro.IncidentKind;
import io.tocsin.avro.Scope;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NoticeIdsTest {

  @Test
  void shouldGiveTheSameIdForTheSameDuty() {
    assertThat(NoticeIds.noticeId("INC-1", "u-1", 1))
        .isEqualTo(NoticeIds.noticeId("INC-1", "u-1", 1))
        .matches("[0-9a-f]{32}")
        .isNotEqualTo(NoticeIds.noticeId("INC-1", "u-1", 2))
        .isNotEqualTo(NoticeIds.noticeId("INC-1u", "-1", 1));
  }

  @Test
  void shouldShowAReferenceThatCanBeReadOut() {
    assertThat(NoticeIds.reference("00000000000000000000000000000000")).isEqualTo("00000-00000");
    assertThat(NoticeIds.reference("ffffffffffffffffffffffffffffffff")).isEqualTo("ZZZZZ-ZZZZZ");
    assertThat(NoticeIds.reference(NoticeIds.noticeId("INC-1", "u-1", 1)))
        .matches("[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}");
  }

  @Test
  void shouldFindNoticeAndChannelOfADelivery() {
    // Given
    String notice = NoticeIds.noticeId("INC-1", "u-1", 1);
    for (Channel channel : Channel.values()) {
      // When
      String delivery = NoticeIds.deliveryId(notice, channel);
      // Then
      assertThat(NoticeIds.noticeIdOf(delivery)).isEqualTo(notice);
      assertThat(NoticeIds.channelOf(delivery)).isEqualTo(channel);
    }
    assertThatThrownBy(() -> NoticeIds.channelOf("nonsense"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldReadHoldingKeys() {
    assertThat(HoldingKey.parse("registration/u/1"))
        .contains(new HoldingKey("registration", "u/1"));
    assertThat(HoldingKey.parse("registration/")).isEmpty();
    assertThat(HoldingKey.parse("/u-1")).isEmpty();
    assertThat(HoldingKey.parse("u-1")).isEmpty();
    assertThat(HoldingKey.parse(HoldingKey.barrier("INC-1", 2))).isEmpty();
    assertThat(HoldingKey.isBarrier(HoldingKey.barrier("INC-1", 2))).isTrue();
  }

  @Test
  void shouldHashTheScopeAndNothingElse() {
    // Given
    Incident incident = incident(List.of(dataset("a", "x", "y"), dataset("b")), null);
    // When
    String hash = ScopeHash.of(incident);
    // Then
    assertThat(hash)
        .isEqualTo(ScopeHash.of(incident(List.of(dataset("b"), dataset("a", "y", "x")), null)))
        .isNotEqualTo(ScopeHash.of(incident(List.of(dataset("a", "x"), dataset("b")), null)))
        .isNotEqualTo(
            ScopeHash.of(incident(List.of(dataset("a", "x", "y"), dataset("b")), Instant.EPOCH)));
    assertThat(
            ScopeHash.of(Incident.newBuilder(incident).setVersion(9).setReporter("other").build()))
        .isEqualTo(hash);
  }

  private static DatasetScope dataset(String id, String... categories) {
    return DatasetScope.newBuilder().setDataset(id).setCategories(List.of(categories)).build();
  }

  private static Incident incident(List<DatasetScope> datasets, @Nullable Instant from) {
    return Incident.newBuilder()
        .setIncidentId("INC-1")
        .setVersion(1)
        .setKind(IncidentKind.LOSS)
        .setScope(Scope.newBuilder().setDatasets(datasets).setExposedFrom(from).build())
        .setReporter("siem")
        .setReportedAt(Instant.EPOCH)
        .build();
  }
}
