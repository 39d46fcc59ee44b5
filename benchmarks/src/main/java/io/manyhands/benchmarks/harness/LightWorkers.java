/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.harness;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process of light workers: gRPC clients, each with its own TCP connection, that answer without
 * running code. It ends with this process, however that ends.
 */
public final class LightWorkers implements AutoCloseable {
  private final Process process;
  private final PrintStream input;

  private LightWorkers(Process process) {
    this.process = process;
    this.input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  /**
   * Starts the process.
   *
   * @param heapMegabytes 64 is plenty for one worker
   */
  public static LightWorkers start(String host, int port, int heapMegabytes) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx" + heapMegabytes + "m",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                LightWorkerMain.class.getName(),
                host,
                Integer.toString(port)));
    return new LightWorkers(
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /** Makes one more worker dial in. */
  public void connect(String workerId) {
    input.println(workerId);
  }

  public long pid() {
    return process.pid();
  }

  /** Ends all of them and waits for the process. */
  @Override
  public void close() {
    input.close();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
