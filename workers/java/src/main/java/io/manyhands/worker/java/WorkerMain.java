/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import java.time.Duration;
import java.util.List;

/**
 * The process: exit code 0 when the host asked for the end or completed a stream of the public
 * protocol, 1 for anything else.
 */
public final class WorkerMain {
  private static final long HOOKS_MILLIS = 2000;
  private static final Duration FIRST_ANSWER = Duration.ofSeconds(10);

  private WorkerMain() {}

  public static void main(String[] words) throws InterruptedException {
    int code = run(List.of(words));
    System.out.flush();
    System.err.flush();
    // An application's shutdown hooks get their time, but nothing of it outlives the stream.
    Thread exit = new Thread(() -> System.exit(code), "exit");
    exit.setDaemon(true);
    exit.start();
    exit.join(HOOKS_MILLIS);
    Runtime.getRuntime().halt(code);
  }

  private static int run(List<String> words) throws InterruptedException {
    WorkerArguments arguments;
    try {
      arguments = WorkerArguments.parse(words);
    } catch (IllegalArgumentException e) {
      System.err.println("manyhands-java worker: " + e.getMessage());
      return 1;
    }
    return new HostConnection(arguments, ProcessEnvironment::replace, FIRST_ANSWER).run();
  }
}
