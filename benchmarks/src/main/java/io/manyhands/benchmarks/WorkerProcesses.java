/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts a light worker in a process of its own and ends it. */
final class WorkerProcesses {
  private WorkerProcesses() {}

  static Process start(String host, int port, String workerId) {
    try {
      return new ProcessBuilder(
              List.of(
                  ProcessHandle.current().info().command().orElse("java"),
                  "-Xmx128m",
                  "-XX:+UseSerialGC",
                  "-cp",
                  System.getProperty("java.class.path"),
                  LightWorker.class.getName(),
                  host,
                  Integer.toString(port),
                  workerId))
          .inheritIO()
          .start();
    } catch (IOException e) {
      throw new IllegalStateException("cannot start a worker process", e);
    }
  }

  static void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
