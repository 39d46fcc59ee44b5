/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import java.util.List;

/**
 * The process: exit code 0 when the host completed the stream or asked for the end, 1 for anything
 * else.
 */
public final class WorkerMain {
  private WorkerMain() {}

  public static void main(String[] words) throws InterruptedException {
    WorkerArguments arguments;
    try {
      arguments = WorkerArguments.parse(List.of(words));
    } catch (IllegalArgumentException e) {
      System.err.println("manyhands-java worker: " + e.getMessage());
      Runtime.getRuntime().halt(1);
      return;
    }
    int code = new HostStream(arguments).run();
    System.out.flush();
    System.err.flush();
    // Functions may have left threads running; nothing of them outlives the stream.
    Runtime.getRuntime().halt(code);
  }
}
