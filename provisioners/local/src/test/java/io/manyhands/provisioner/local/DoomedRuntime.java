/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.local;

import io.manyhands.api.worker.WorkerId;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.WorkerProvisioner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A process that starts workers, says so and waits to be killed. */
final class DoomedRuntime {
  private DoomedRuntime() {}

  public static void main(String[] arguments) throws Exception {
    LocalMachine machine = new LocalMachine(Path.of(arguments[0]));
    WorkerProvisioner provisioner = machine.create(Map.of());
    provisioner.start((worker, termination) -> {}).toCompletableFuture().get(60, TimeUnit.SECONDS);
    int workers = Integer.parseInt(arguments[1]);
    for (int i = 0; i < workers; i++) {
      ProvisionRequest request = LocalMachine.request(arguments[2 + i % (arguments.length - 2)]);
      provisioner.request(request).toCompletableFuture().get(60, TimeUnit.SECONDS);
      System.out.println(request.id().value());
    }
    System.out.println("ready");
    int unused = System.in.read();
  }

  /**
   * Runs it until its workers run, of each language in turn, then kills it with SIGKILL; returns
   * the workers' ids.
   */
  static Set<WorkerId> runAndKill(Path root, int workers, String... languages) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                DoomedRuntime.class.getName(),
                root.toString(),
                Integer.toString(workers)));
    command.addAll(List.of(languages));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    Set<WorkerId> started = new HashSet<>();
    try (var output = process.inputReader()) {
      String line = output.readLine();
      for (; line != null && !line.equals("ready"); line = output.readLine()) {
        started.add(new WorkerId(line));
      }
      if (line == null || started.size() != workers) {
        throw new AssertionError("the doomed Runtime started " + started);
      }
      return started;
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
