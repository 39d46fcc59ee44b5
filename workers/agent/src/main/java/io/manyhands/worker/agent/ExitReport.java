/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import io.manyhands.support.launch.OutputLine;
import io.manyhands.transport.grpc.protocol.link.WorkerExit;
import java.util.Map;

/** How a worker's process ended, as the Runtime is told it. */
final class ExitReport {
  private static final Map<Integer, String> SIGNALS =
      Map.of(
          1, "SIGHUP", 2, "SIGINT", 3, "SIGQUIT", 4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8,
          "SIGFPE", 9, "SIGKILL", 11, "SIGSEGV", 15, "SIGTERM");

  private ExitReport() {}

  /**
   * @param verdict why the agent ended it; empty where it ended by itself
   */
  static WorkerExit of(
      io.manyhands.support.launch.WorkerExit exit, String verdict, boolean outOfMemory) {
    int signal = exit.exitCode() > 128 && exit.exitCode() < 160 ? exit.exitCode() - 128 : 0;
    return WorkerExit.newBuilder()
        .setExitCode(exit.exitCode())
        .setSignal(signal == 0 ? "" : SIGNALS.getOrDefault(signal, "signal " + signal))
        .setOutOfMemory(outOfMemory)
        .setReason(verdict)
        .addAllLastOutput(exit.lastLines().stream().map(OutputLine::text).toList())
        .build();
  }
}
