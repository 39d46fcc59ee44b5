/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/**
 * What all workers of an agent share.
 *
 * @param loop on which everything happens
 * @param blocking for what may block, one at a time
 * @param launcher starts processes
 * @param channels to the Runtimes
 * @param expected ids under which workers are about to dial in; on the loop
 * @param port where workers dial in
 * @param policy what is the same for each worker
 */
record AgentContext(
    EventLoop loop,
    Executor blocking,
    WorkerLauncher launcher,
    RuntimeChannels channels,
    Map<String, BiConsumer<String, WorkerStream>> expected,
    int port,
    Policy policy) {

  /**
   * How workers are treated.
   *
   * @param labels told to the Runtime
   * @param patience for how long a worker is kept without a Runtime
   * @param firstAnswer for how long a Runtime that was dialled may be silent
   * @param hungAfter for how long a worker may leave the agent's questions unanswered
   * @param keptBytes bound of the answers that are kept for a resume
   */
  record Policy(
      Map<String, String> labels,
      Duration patience,
      Duration firstAnswer,
      Duration hungAfter,
      long keptBytes) {
    Policy {
      labels = Map.copyOf(labels);
    }
  }
}
