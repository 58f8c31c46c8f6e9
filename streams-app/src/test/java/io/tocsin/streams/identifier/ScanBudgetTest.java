package io.tocsin.streams.identifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ScanBudgetTest {

  @Test
  void shouldEndAfterSoManyRecords() {
    // Given
    ScanBudget budget = new ScanBudget(2, Duration.ofDays(1), () -> 0L);

    // When / Then
    assertThat(budget.take()).isTrue();
    assertThat(budget.take()).isTrue();
    assertThat(budget.take()).isFalse();
    assertThat(budget.isSpent()).isTrue();
  }

  @Test
  void shouldEndAfterSoLongButAllowOneRecord() {
    // Given
    AtomicLong nanos = new AtomicLong();
    ScanBudget budget = new ScanBudget(100, Duration.ofNanos(10), nanos::get);

    // When
    nanos.set(50);

    // Then
    assertThat(budget.take()).isTrue();
    assertThat(budget.take()).isFalse();
  }

  @Test
  void shouldGiveScansEverythingWhileNoInputFlows() {
    // Given
    AtomicLong nanos = new AtomicLong();
    ScanPacer pacer = new ScanPacer(Duration.ofNanos(50), nanos::get);

    // When
    Duration first = pacer.begin("a");
    nanos.addAndGet(50);
    pacer.end("a", Duration.ofNanos(50));

    // Then
    assertThat(first).isEqualTo(Duration.ofNanos(50));
    assertThat(pacer.begin("a")).isEqualTo(Duration.ofNanos(50));
  }

  @Test
  void shouldGiveScansHalfOfWhatTheyLeaveWhileInputFlows() {
    // Given
    AtomicLong nanos = new AtomicLong();
    ScanPacer pacer = new ScanPacer(Duration.ofNanos(50), nanos::get);
    for (String task : new String[] {"a", "b"}) {
      pacer.begin(task);
      pacer.end(task, Duration.ZERO);
    }

    // When
    nanos.addAndGet(20);
    pacer.countInput();
    Duration a = pacer.begin("a");
    nanos.addAndGet(a.toNanos());
    pacer.end("a", a);
    Duration b = pacer.begin("b");

    // Then
    assertThat(a).isEqualTo(Duration.ofNanos(5));
    assertThat(b).isEqualTo(Duration.ofNanos(5));
  }

  @Test
  void shouldShareAmongTheTasksThatScan() {
    // Given
    ScanPacer pacer = new ScanPacer(Duration.ofNanos(60), () -> 0L);
    pacer.begin("a");
    pacer.begin("b");

    // When
    Duration third = pacer.begin("c");
    pacer.leave("b");

    // Then
    assertThat(third).isEqualTo(Duration.ofNanos(20));
    assertThat(pacer.begin("a")).isEqualTo(Duration.ofNanos(30));
  }
}
