/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.agent;

import io.manyhands.benchmarks.harness.LightWorkerMain;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An agent as it is delivered, with its class data archive, and a light worker of its own. */
final class AgentProcess implements Closeable {
  private final Process process;

  private AgentProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts it.
   *
   * @param folder the agent's, with bin and lib
   * @param own an empty directory
   * @param id that the Runtime issued for the worker
   * @param javaOptions beside those of the script
   */
  static AgentProcess start(Path folder, Path own, URI runtime, String id, String javaOptions)
      throws IOException {
    Path program = folder.resolve("bin/manyhands-agent");
    if (!Files.isReadable(program)) {
      throw new IOException(program + " is not there (expected: built by ./bench)");
    }
    Path worker = Files.createDirectories(own.resolve("workers/light"));
    Files.writeString(
        worker.resolve("class-path"), "-cp \"" + System.getProperty("java.class.path") + "\"\n");
    Files.writeString(
        worker.resolve("worker.config.json"),
        """
        {"description": {"language": "light", "extensions": [".x"],
          "defaultExecutablePath": "%s",
          "arguments": ["-Xmx64m", "-XX:+UseSerialGC", "@{workerDirectoryPath}/class-path", "%s"],
          "defaultRuntimeName": "light"}}
        """
            .formatted(java(), LightWorkerMain.class.getName()));
    Path ids = own.resolve("ids");
    Files.writeString(ids, id + "\n");
    return new AgentProcess(
        builder(
                program,
                javaOptions,
                "--runtime",
                "http://" + runtime.getHost() + ":" + runtime.getPort(),
                "--workers",
                own.resolve("workers").toString(),
                "--worker",
                "light",
                "--worker-ids",
                ids.toString(),
                "--work-dir",
                own.resolve("work").toString())
            .start());
  }

  private static ProcessBuilder builder(Path program, String javaOptions, String... words) {
    ProcessBuilder builder = new ProcessBuilder();
    builder.command().add("sh");
    builder.command().add(program.toString());
    builder.command().addAll(List.of(words));
    builder.environment().put("MANYHANDS_AGENT_JAVA", java());
    builder.environment().put("MANYHANDS_AGENT_JAVA_OPTS", javaOptions);
    return builder
        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
        .redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
