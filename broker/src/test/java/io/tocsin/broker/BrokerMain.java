package io.tocsin.broker;

import java.nio.file.Path;

/** Runs a broker until its process is killed; prints the bootstrap servers once it is ready. */
final class BrokerMain {

  private BrokerMain() {}

  public static void main(String[] args) throws Exception {
    var settings = BrokerSettings.in(Path.of(args[0])).withPort(Integer.parseInt(args[1]));
    try (var broker = Broker.start(settings)) {
      System.out.println(broker.bootstrapServers());
      broker.awaitStop();
    }
  }
}
