/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.ProvisionerListener;
import io.manyhands.spi.provision.StackInfo;
import io.manyhands.spi.provision.WorkerProvisioner;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * The platform as one start of the Runtime has it: once that is killed, nothing that it asked for
 * is answered. On the simulation's thread.
 *
 * @param isOver the Runtime was killed
 */
record PlatformOfOneStart(SimulatedPlatform platform, BooleanSupplier isOver)
    implements WorkerProvisioner {
  @Override
  public List<StackInfo> stacks() {
    return platform.stacks();
  }

  @Override
  public CompletionStage<Void> start(ProvisionerListener listener) {
    return answered(platform.start(listener));
  }

  @Override
  public CompletionStage<ProvisionedWorker> request(ProvisionRequest request) {
    return answered(platform.request(request));
  }

  @Override
  public CompletionStage<Void> release(WorkerId worker, Duration grace) {
    return answered(platform.release(worker, grace));
  }

  @Override
  public ProvisionedWorker onReturned(WorkerId worker, WorkerStack stack) {
    return platform.onReturned(worker, stack);
  }

  @Override
  public CompletionStage<Void> stop(Duration grace) {
    return answered(platform.stop(grace));
  }

  private <T> CompletionStage<T> answered(CompletionStage<T> stage) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    stage.whenComplete(
        (value, error) -> {
          if (isOver.getAsBoolean()) {
            return;
          }
          if (error == null) {
            answer.complete(value);
          } else {
            answer.completeExceptionally(error);
          }
        });
    return answer;
  }
}
