/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A program of this module in a process of its own, which is told and tells lines. */
public final class ChildJvm implements AutoCloseable {
  private static final String END = "\u0000end";

  private final String name;
  private final Process process;
  private final PrintStream input;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private ChildJvm(String name, Process process) {
    this.name = name;
    this.process = process;
    input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    Thread reader = new Thread(this::read, "lines of " + name);
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts it on the class path of this process; what it writes to its error output is shown. */
  public static ChildJvm start(Class<?> main, List<String> flags, String... words)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(flags);
    // What logback says of itself would stand among the lines.
    command.add("-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener");
    command.addAll(List.of("-XX:-UsePerfData", "-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(List.of(words));
    return new ChildJvm(
        main.getSimpleName(),
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  public long pid() {
    return process.pid();
  }

  public void say(String line) {
    input.println(line);
  }

  /** The next line that it tells; fails where it ends or says nothing for so long. */
  public String line(Duration limit) throws InterruptedException {
    String line = lines.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
    if (line == null || line.equals(END)) {
      lines.add(END);
      throw new IllegalStateException(
          name + (line == null ? " said nothing within " + limit.toSeconds() + " s" : " ended"));
    }
    return line;
  }

  /** Kills it, as a crash would, and waits for its end. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Ends its input, which ends it; kills it with its children where it does not. */
  @Override
  public void close() {
    input.close();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      // Its end, which is told below.
    }
    lines.add(END);
  }
}
