/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.doubles;

import java.util.Arrays;
import java.util.Optional;

/**
 * {@code DoubleMain <mode> <the host's arguments>}: a process that behaves as the official worker
 * of that mode. Ends by {@link HostStream}, with that worker's exit codes, or never
 * (docs/protocol.md, P-END-4).
 */
public final class DoubleMain {
  private DoubleMain() {}

  public static void main(String[] words) throws InterruptedException {
    if (words.length == 0) {
      System.err.println("no mode given (expected one of: " + WorkerModels.names() + ")");
      Runtime.getRuntime().halt(1);
      return;
    }
    Optional<WorkerModel> model = WorkerModels.find(words[0]);
    if (model.isEmpty()) {
      System.err.println(
          "mode \"" + words[0] + "\" (expected one of: " + WorkerModels.names() + ")");
      Runtime.getRuntime().halt(1);
      return;
    }
    WorkerArguments arguments =
        WorkerArguments.parse(Arrays.asList(words).subList(1, words.length));
    Optional<HostAddress> address = model.get().address(arguments);
    if (address.isEmpty()) {
      System.err.println("worker " + words[0] + ": the arguments lack what this worker reads");
      Runtime.getRuntime().halt(1);
      return;
    }
    new HostStream(model.get(), address.get()).run();
  }
}
