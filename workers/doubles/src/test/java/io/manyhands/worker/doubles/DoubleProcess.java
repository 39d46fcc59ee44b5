/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.doubles;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A double as a real process. */
final class DoubleProcess implements AutoCloseable {
  private final Process process;

  private DoubleProcess(Process process) {
    this.process = process;
  }

  static DoubleProcess launch(String mode, BareHost host) throws IOException {
    return start(mode, host.arguments(), ProcessBuilder.Redirect.DISCARD);
  }

  static DoubleProcess launch(String mode, List<String> arguments) throws IOException {
    return start(mode, arguments, ProcessBuilder.Redirect.DISCARD);
  }

  /** Its standard output goes to the file. */
  static DoubleProcess launch(String mode, BareHost host, Path output) throws IOException {
    return start(mode, host.arguments(), ProcessBuilder.Redirect.to(output.toFile()));
  }

  private static DoubleProcess start(
      String mode, List<String> arguments, ProcessBuilder.Redirect output) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                DoubleMain.class.getName(),
                mode));
    command.addAll(arguments);
    return new DoubleProcess(
        new ProcessBuilder(command)
            .redirectOutput(output)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start());
  }

  int exit() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("the process lives");
    }
    return process.exitValue();
  }

  boolean endsWithinASecond() throws InterruptedException {
    return process.waitFor(1, TimeUnit.SECONDS);
  }

  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
