package io.tocsin.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ThreadStacksTest {

  @Test
  void shouldKeepOnlyThreadsThatDoThePartsWork() {
    // Given
    String dump =
        """
        Full thread dump OpenJDK 64-Bit Server VM

        "main" #3 prio=5
        \tat io.tocsin.cli.Main.main(Main.java:1)

        "Reference Handler" #15 daemon
        \tat java.lang.ref.Reference.waitForReferencePendingList

        "tocsin-intake-1-StreamThread-1" #441 prio=5
        \tat org.apache.kafka.clients.consumer.KafkaConsumer.committed(KafkaConsumer.java:1340)
        """;

    // When / Then
    assertThat(ThreadStacks.working(dump))
        .hasSize(2)
        .anyMatch(stack -> stack.startsWith("\"main\""))
        .anyMatch(stack -> stack.endsWith("committed(KafkaConsumer.java:1340)"));
  }
}
