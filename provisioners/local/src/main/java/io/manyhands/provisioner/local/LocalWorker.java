/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.local;

import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.support.launch.WorkerProcess;
import io.manyhands.support.platform.CallQueue;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One worker from its request to its end. The two futures are written by whoever brings the event
 * about, {@code accepted} always before {@code ended}; the rest is guarded by this object.
 */
final class LocalWorker {
  private final WorkerId id;
  private final WorkerStack stack;
  private final CompletableFuture<ProvisionedWorker> accepted = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private CallQueue.@Nullable Task task;
  private @Nullable WorkerProcess process;
  private @Nullable Duration unwantedGrace;

  LocalWorker(WorkerId id, WorkerStack stack) {
    this.id = id;
    this.stack = stack;
  }

  WorkerId id() {
    return id;
  }

  WorkerStack stack() {
    return stack;
  }

  CompletableFuture<ProvisionedWorker> accepted() {
    return accepted;
  }

  CompletableFuture<Void> ended() {
    return ended;
  }

  synchronized void task(CallQueue.Task launch) {
    task = launch;
  }

  synchronized CallQueue.@Nullable Task task() {
    return task;
  }

  synchronized @Nullable WorkerProcess process() {
    return process;
  }

  synchronized boolean unwanted() {
    return unwantedGrace != null;
  }

  /** Its process has been started; ends it at once where it is no longer wanted. */
  void started(WorkerProcess newProcess) {
    Duration grace;
    synchronized (this) {
      process = newProcess;
      grace = unwantedGrace;
    }
    if (grace != null) {
      newProcess.terminate(grace);
    }
  }

  /** Asks its process to end, or notes the wish for when it starts. */
  void unwanted(Duration grace) {
    WorkerProcess running;
    synchronized (this) {
      unwantedGrace = grace;
      running = process;
    }
    if (running != null) {
      running.terminate(grace);
    }
  }
}
