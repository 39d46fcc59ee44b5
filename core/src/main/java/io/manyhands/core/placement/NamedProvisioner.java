/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.api.ErrorCode;
import io.manyhands.core.concurrent.Futures;
import io.manyhands.spi.provision.WorkerProvisioner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A provisioner and the name that it was configured under. */
public record NamedProvisioner(String name, WorkerProvisioner provisioner) {
  /** The stage of one of its methods; what that throws or leaves out becomes its failure. */
  <T> CompletableFuture<T> guarded(String method, Supplier<CompletionStage<T>> call) {
    try {
      CompletionStage<T> stage = call.get();
      if (stage != null) {
        return stage.toCompletableFuture();
      }
      return Futures.failed(
          ErrorCode.INTERNAL,
          "provisioner " + name + ": " + method + " returned null (expected: a stage)");
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
