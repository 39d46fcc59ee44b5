/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import io.manyhands.api.worker.WorkerId;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.WorkerProvisioner;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Whether the end of a worker is told before its request was accepted. An end may come while {@code
 * request} still returns; it is held until the stage is there to be looked at, so that no order of
 * threads hides an early one. Thread-safe.
 */
final class AcceptanceWatch {
  private final Map<WorkerId, CompletableFuture<CompletionStage<ProvisionedWorker>>> stages =
      new ConcurrentHashMap<>();
  private final Queue<WorkerId> tooEarly = new ConcurrentLinkedQueue<>();
  private final Thread requester = Thread.currentThread();
  private final Duration patience;

  /** Made by the thread that requests. */
  AcceptanceWatch(Duration patience) {
    this.patience = patience;
  }

  void request(WorkerProvisioner provisioner, ProvisionRequest request) {
    CompletableFuture<CompletionStage<ProvisionedWorker>> stage = new CompletableFuture<>();
    stages.put(request.id(), stage);
    stage.complete(provisioner.request(request));
  }

  void ended(WorkerId worker) {
    CompletableFuture<CompletionStage<ProvisionedWorker>> stage = stages.get(worker);
    if (stage == null) {
      return;
    }
    if (!accepted(stage)) {
      tooEarly.add(worker);
    }
  }

  List<WorkerId> tooEarly() {
    return List.copyOf(tooEarly);
  }

  private boolean accepted(CompletableFuture<CompletionStage<ProvisionedWorker>> stage) {
    if (Thread.currentThread().equals(requester) && !stage.isDone()) {
      // Told from within request: nobody can have seen it accepted.
      return false;
    }
    try {
      return stage.get(patience.toNanos(), TimeUnit.NANOSECONDS).toCompletableFuture().isDone();
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
