/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.local;

import io.manyhands.spi.provision.WorkerProvisioner;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that starts workers, says so and waits to be killed. */
final class DoomedRuntime {
  private DoomedRuntime() {}

  public static void main(String[] arguments) throws Exception {
    LocalMachine machine = new LocalMachine(Path.of(arguments[0]));
    WorkerProvisioner provisioner = machine.create(Map.of());
    provisioner.start((worker, termination) -> {}).toCompletableFuture().get(60, TimeUnit.SECONDS);
    for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
      provisioner
          .request(LocalMachine.request(arguments[1]))
          .toCompletableFuture()
          .get(60, TimeUnit.SECONDS);
    }
    System.out.println("ready");
    int unused = System.in.read();
  }

  /** Runs it until its workers run, then kills it with SIGKILL. */
  static void runAndKill(Path root, String language, int workers) throws Exception {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx64m",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    DoomedRuntime.class.getName(),
                    root.toString(),
                    language,
                    Integer.toString(workers)))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var output = process.inputReader()) {
      String line = output.readLine();
      if (!"ready".equals(line)) {
        throw new AssertionError("the doomed Runtime said " + line);
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
