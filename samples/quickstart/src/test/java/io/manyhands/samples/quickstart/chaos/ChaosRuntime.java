/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link ChaosRuntimeMain} and how to ask and kill it. */
final class ChaosRuntime implements AutoCloseable {
  /** A worker as the Runtime tells of it; the application is - where it has none. */
  record Worker(String application, long process, String state) {}

  private final Process process;
  private final BufferedReader answers;
  private final PrintStream questions;

  private ChaosRuntime(Process process) {
    this.process = process;
    answers = process.inputReader(StandardCharsets.UTF_8);
    questions = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  /** Starts one and waits until it serves. */
  static ChaosRuntime start(Path root, int grpcPort, int httpPort, String workers)
      throws IOException {
    ChaosRuntime runtime =
        new ChaosRuntime(
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    ChaosRuntimeMain.class.getName(),
                    root.toString(),
                    Integer.toString(grpcPort),
                    Integer.toString(httpPort),
                    workers)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    assertThat(runtime.answers.readLine()).isEqualTo("ready");
    return runtime;
  }

  List<Worker> workers() throws IOException {
    questions.println("workers");
    List<Worker> workers = new ArrayList<>();
    for (String line = answer(); !line.equals("."); line = answer()) {
      String[] words = line.split(" ", 3);
      workers.add(new Worker(words[0], Long.parseLong(words[1]), words[2]));
    }
    return workers;
  }

  long counter(String name) throws IOException {
    questions.println("counter " + name);
    return Long.parseLong(answer());
  }

  private String answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("the Runtime is gone");
    }
    return line;
  }

  void kill() throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  /** Ends it as an embedder does. */
  void stop() throws InterruptedException {
    questions.close();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the Runtime ended by itself").isTrue();
    assertThat(process.exitValue()).isZero();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
