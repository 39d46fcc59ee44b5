/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.provision;

import io.manyhands.api.worker.WorkerStack;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A stack that a provisioner delivers.
 *
 * @param stack language and, where known, version
 * @param initializationTimeout from worker.config.json; empty takes the Runtime's option
 * @param reloadTimeout likewise
 */
public record StackInfo(
    WorkerStack stack, Optional<Duration> initializationTimeout, Optional<Duration> reloadTimeout) {
  public StackInfo {
    Objects.requireNonNull(stack, "stack");
    Objects.requireNonNull(initializationTimeout, "initializationTimeout");
    Objects.requireNonNull(reloadTimeout, "reloadTimeout");
  }

  public static StackInfo of(WorkerStack stack) {
    return new StackInfo(stack, Optional.empty(), Optional.empty());
  }
}
