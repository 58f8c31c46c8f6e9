package io.tocsin.cli.stack;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A stack of two parts, to be killed: the mail sink and one that outlives its parent. */
final class ParentMain {

  private ParentMain() {}

  public static void main(String[] arguments) throws Exception {
    var dataDir = new DataDir(Path.of(arguments[0]));
    var supervisor = Supervisor.of(dataDir, part -> {});
    var ports = Ports.settle(Map.of("mail-sink", 0, "stubborn", 0));
    var parts = new StackParts(dataDir, StackTestMain.class.getName());
    supervisor.start(parts.mailSink(ports.of("mail-sink")));
    supervisor.start(
        JvmPart.own(
            dataDir,
            "stubborn",
            List.of(),
            StubbornMain.class.getName(),
            List.of(Integer.toString(ports.of("stubborn"))),
            new Readiness.Listening(ports.of("stubborn"))));
    System.out.println(
        supervisor.pids().get("mail-sink") + " " + supervisor.pids().get("stubborn"));
    Thread.currentThread().join();
  }
}
