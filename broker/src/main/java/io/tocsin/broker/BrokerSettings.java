package io.tocsin.broker;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a {@link Broker} keeps its data and listens.
 *
 * @param dataDir the only log directory; created and formatted on first start, taken over
 *     afterwards
 * @param port the client listener's port on 127.0.0.1; 0 means any free one
 * @param overrides broker properties that replace the defaults of {@link BrokerProperties}
 */
public record BrokerSettings(Path dataDir, int port, Map<String, String> overrides) {

  public BrokerSettings {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("broker port must be between 0 and 65535, was " + port);
    }
    dataDir = dataDir.toAbsolutePath().normalize();
    overrides = Map.copyOf(overrides);
  }

  /** Settings for a broker with its data in {@code dataDir}, on any free port. */
  public static BrokerSettings in(Path dataDir) {
    return new BrokerSettings(dataDir, 0, Map.of());
  }

  /** The same settings on another port. */
  public BrokerSettings withPort(int port) {
    return new BrokerSettings(dataDir, port, overrides);
  }

  /** The same settings with one more broker property. */
  public BrokerSettings with(String property, String value) {
    var more = new LinkedHashMap<>(overrides);
    more.put(property, value);
    return new BrokerSettings(dataDir, port, more);
  }
}
