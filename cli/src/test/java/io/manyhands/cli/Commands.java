/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs one command of the command line and keeps what it prints. */
public final class Commands {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Object command;
  private final Runnable stop;
  private CompletableFuture<Integer> exit = CompletableFuture.completedFuture(0);

  public Commands(Object command, Runnable stop) {
    this.command = command;
    this.stop = stop;
  }

  public String out() {
    return out.toString();
  }

  public String err() {
    return err.toString();
  }

  /** Its exit code, when it has ended by itself. */
  public int run(String... words) {
    return Manyhands.execute(
        List.of(command), new PrintWriter(out, true), new PrintWriter(err, true), words);
  }

  /** Runs it beside the test. */
  public void start(String... words) {
    exit =
        CompletableFuture.supplyAsync(
            () -> run(words), task -> new Thread(task, "command").start());
  }

  public void awaitPrinted(String text) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              assertThat(exit.isDone() && !out().contains(text))
                  .as("ended: %s %s", out, err)
                  .isFalse();
              return out().contains(text);
            });
  }

  /** Ends it as a signal does; its exit code. */
  public int stop() throws Exception {
    stop.run();
    return exit.get(1, TimeUnit.MINUTES);
  }
}
