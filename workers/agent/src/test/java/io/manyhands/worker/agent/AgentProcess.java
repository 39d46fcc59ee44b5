/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** An agent in a process of its own. */
final class AgentProcess implements AutoCloseable {
  private final Process process;
  private final Path output;

  private AgentProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  static AgentProcess start(StockWorker worker, Path own, String id, List<Integer> ports)
      throws IOException {
    Files.createDirectories(own);
    Path ids = own.resolve("ids");
    Files.writeString(ids, id + "\n");
    return start(
        own,
        List.of(
            "--runtime",
            ports.stream().map(port -> "http://127.0.0.1:" + port).collect(Collectors.joining(",")),
            "--workers",
            worker.directory(own).toString(),
            "--worker",
            worker.language(),
            "--worker-ids",
            ids.toString(),
            "--work-dir",
            own.resolve("work").toString()));
  }

  static AgentProcess start(Path own, List<String> words) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                StockWorker.java().toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                AgentMain.class.getName()));
    command.addAll(words);
    Path output = own.resolve("agent.log");
    return new AgentProcess(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start(),
        output);
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  String output() throws IOException {
    return Files.readString(output);
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("the agent has not ended");
    }
    return process.exitValue();
  }

  /** Ends it with its worker. */
  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    children.forEach(ProcessHandle::destroyForcibly);
  }
}
