/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import io.manyhands.support.launch.OutputLine;
import io.manyhands.support.launch.WorkerExit;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Starts workers. Thread-safe; blocks. */
interface WorkerLauncher {
  /**
   * Starts one.
   *
   * @param id under which the worker presents itself to the agent
   * @param port of the agent
   * @param output is told every line that it writes, on a thread of its own
   * @throws io.manyhands.support.launch.LaunchException where it cannot be started; then nothing is
   *     left of it
   */
  Launched launch(WorkerPlan plan, String id, int port, Consumer<OutputLine> output);

  /** A worker that runs. Thread-safe. */
  interface Launched {
    long pid();

    /** What every environment of it keeps, a reload included. */
    Map<String, String> base();

    /** Completes when nothing is left of its processes; never fails. */
    CompletableFuture<WorkerExit> exit();

    /** Whether a connection is one of its processes'; blocks for a look at them. */
    boolean owns(InetSocketAddress remote, InetSocketAddress local);

    /** Asks it to end, and kills what is left after the grace. */
    void terminate(Duration grace);

    void kill();

    /** Removes what it had on disk, once it has ended; blocks. */
    void clear();
  }
}
