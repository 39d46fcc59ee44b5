/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.apps;

import io.manyhands.api.FunctionRuntime;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A Runtime with applications, {@code WORKERS LANGUAGE DIRECTORY FIRST COUNT}: the sample so many
 * times. Tells the address of its HTTP server when they run, and ends with its input.
 */
final class AppsMain {
  private static final long PATIENCE_SECONDS = 120;

  private AppsMain() {}

  public static void main(String[] words) throws Exception {
    Stack stack = new Stack(words[1], Path.of(words[2]));
    int first = Integer.parseInt(words[3]);
    try (FunctionRuntime runtime = AppsRuntime.start(Path.of(words[0]), stack, 0)) {
      for (int index = first; index < first + Integer.parseInt(words[4]); index++) {
        runtime
            .jobHosts()
            .start(stack.application("app" + index))
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
      System.out.println(AppsRuntime.http(runtime));
      int unused = System.in.read();
    }
  }
}
