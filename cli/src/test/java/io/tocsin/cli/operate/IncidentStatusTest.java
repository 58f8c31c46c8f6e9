package io.tocsin.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.avro.Channel;
import io.tocsin.avro.ChannelProgress;
import io.tocsin.avro.DatasetScope;
import io.tocsin.avro.IdentificationProgress;
import io.tocsin.avro.Incident;
import io.tocsin.avro.IncidentKind;
import io.tocsin.avro.IncidentProgress;
import io.tocsin.avro.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IncidentStatusTest {

  private static final Instant ACCEPTED = Instant.parse("2026-04-01T12:00:00Z");

  @Test
  void shouldAddUpPartitionsOnceAllHaveReported() {
    // When
    IncidentStatus status =
        status(
            List.of(shard("0", 100, true), shard("1", 50, true)),
            List.of(
                partition(0, 7, 4, true, Map.of("ACCEPTED", 4L, "SENDING", 3L)),
                partition(1, 3, 3, true, Map.of("ACCEPTED", 3L))));

    // Then
    assertThat(status.state()).isEqualTo(IncidentStatus.State.SENDING);
    assertThat(status.identified()).isTrue();
    assertThat(status.affected()).isEqualTo(10);
    assertThat(status.gap()).isEqualTo(3);
    assertThat(status.scanned()).isEqualTo(150);
    assertThat(status.deliveries(Channel.EMAIL, "ACCEPTED")).isEqualTo(7);
    assertThat(status.locales()).isEqualTo(Map.of("kk", 10L));
    assertThat(status.identifySeconds()).contains(2.5);
    assertThat(status.warnings()).isEmpty();
  }

  @Test
  void shouldNotCallItIdentifiedWhileAPartitionIsSilent() {
    // When
    IncidentStatus status =
        status(
            List.of(shard("0", 100, true), shard("1", 50, true)),
            List.of(partition(0, 7, 7, true, Map.of("ACCEPTED", 7L))));

    // Then
    assertThat(status.identified()).isFalse();
    assertThat(status.state()).isEqualTo(IncidentStatus.State.IDENTIFYING);
  }

  @Test
  void shouldCallItCompleteWhenEveryDeliveryIsExplained() {
    // When
    IncidentStatus status =
        status(
            List.of(shard("0", 100, true), shard("1", 50, true)),
            List.of(
                partition(0, 7, 7, true, Map.of("ACCEPTED", 6L, "UNREACHABLE", 1L, "SENDING", 0L)),
                partition(1, 0, 0, true, Map.of())));

    // Then
    assertThat(status.state()).isEqualTo(IncidentStatus.State.COMPLETE);
    assertThat(status.channels().get(Channel.EMAIL)).containsOnlyKeys("ACCEPTED", "UNREACHABLE");
  }

  @Test
  void shouldAwaitApprovalOnceIdentified() {
    // When
    IncidentStatus status =
        status(
            List.of(shard("0", 1, true), shard("1", 1, true)),
            List.of(
                partition(0, 1, 0, false, Map.of("PLANNED", 1L)),
                partition(1, 0, 0, false, Map.of())));

    // Then
    assertThat(status.state()).isEqualTo(IncidentStatus.State.AWAITING_APPROVAL);
  }

  @Test
  void shouldWarnOfADatasetWithoutHoldings() {
    // When
    IncidentStatus status =
        status(
            List.of(shard("0", 0, true), shard("1", 0, true)),
            List.of(partition(0, 0, 0, false, Map.of()), partition(1, 0, 0, false, Map.of())));

    // Then
    assertThat(status.warnings())
        .containsExactly(
            "No holdings of registration are known: nobody can be affected by it; import them with"
                + " `tocsin holdings import`");
  }

  @Test
  void shouldWarnOfASilentShard() {
    // When
    IncidentStatus status =
        IncidentStatus.of(
            incident(),
            ACCEPTED,
            List.of(shard("0", 5, true), shard("1", 5, false)),
            List.of(),
            ACCEPTED.plusSeconds(90));

    // Then
    assertThat(status.warnings())
        .containsExactly("Shard 1 has said nothing for 89 s; is `tocsin identifier` running?");
  }

  private static IncidentStatus status(
      List<IdentificationProgress> shards, List<IncidentProgress> partitions) {
    return IncidentStatus.of(incident(), ACCEPTED, shards, partitions, ACCEPTED.plusSeconds(3));
  }

  private static Incident incident() {
    return Incident.newBuilder()
        .setIncidentId("INC-1")
        .setVersion(1)
        .setKind(IncidentKind.LOSS)
        .setScope(
            Scope.newBuilder()
                .setDatasets(List.of(DatasetScope.newBuilder().setDataset("registration").build()))
                .build())
        .setReporter("siem")
        .setReportedAt(ACCEPTED)
        .build();
  }

  private static IdentificationProgress shard(String shard, long scanned, boolean finished) {
    return IdentificationProgress.newBuilder()
        .setIncidentId("INC-1")
        .setVersion(1)
        .setShard(shard)
        .setShards(2)
        .setScanned(scanned)
        .setAffected(0)
        .setUnreadable(0)
        .setFinished(finished)
        .setAcceptedAt(ACCEPTED)
        .setAt(ACCEPTED.plusSeconds(1))
        .build();
  }

  private static IncidentProgress partition(
      int partition, long affected, long explained, boolean approved, Map<String, Long> states) {
    return IncidentProgress.newBuilder()
        .setIncidentId("INC-1")
        .setPartition(partition)
        .setPartitions(2)
        .setVersion(1)
        .setIdentifiedVersion(1)
        .setApprovedVersion(approved ? 1 : 0)
        .setHeld(false)
        .setCancelled(false)
        .setAffected(affected)
        .setNotices(affected)
        .setExplained(explained)
        .setSubstitutes(0)
        .setChannels(
            List.of(
                ChannelProgress.newBuilder()
                    .setChannel(Channel.EMAIL)
                    .setStates(states)
                    .setPossibleDuplicates(0)
                    .build()))
        .setLocales(Map.of("kk", affected))
        .setIdentifiedAt(ACCEPTED.plusMillis(2_000 + 500L * partition))
        .setAt(ACCEPTED.plusSeconds(3))
        .build();
  }
}
