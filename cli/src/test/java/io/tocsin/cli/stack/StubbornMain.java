package io.tocsin.cli.stack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** A part that listens on a port and outlives its parent and SIGTERM; {@code fail} ends at once. */
final class StubbornMain {

  private StubbornMain() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments[0].equals("fail")) {
      System.err.println("the disk is full");
      System.exit(7);
    }
    if (arguments.length > 1) {
      Runtime.getRuntime().addShutdownHook(new Thread(StubbornMain::hang));
    }
    try (var socket =
        new ServerSocket(Integer.parseInt(arguments[0]), 50, InetAddress.ofLiteral("127.0.0.1"))) {
      while (true) {
        socket.accept().close();
      }
    }
  }

  private static void hang() {
    try {
      Thread.currentThread().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
