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
 * @param supply how its workers come to serve an application
 * @param initializationTimeout from worker.config.json; empty takes the Runtime's option
 * @param reloadTimeout likewise
 */
public record StackInfo(
    WorkerStack stack,
    Supply supply,
    Optional<Duration> initializationTimeout,
    Optional<Duration> reloadTimeout) {
  /** How workers of a stack come to serve an application. */
  public enum Supply {
    /** Started as placeholders, and made an application's by an environment reload. */
    SPECIALIZED,
    /**
     * Started for one application each, because a running one cannot become an application's: a
     * worker that is linked with its functions, for instance. There are no placeholders of it.
     */
    DEDICATED,
    /**
     * Nobody starts them on request: they dial in as placeholders when somebody else starts them,
     * and are never asked for.
     */
    UNASKED
  }

  public StackInfo {
    Objects.requireNonNull(stack, "stack");
    Objects.requireNonNull(supply, "supply");
    Objects.requireNonNull(initializationTimeout, "initializationTimeout");
    Objects.requireNonNull(reloadTimeout, "reloadTimeout");
  }

  /** A stack whose workers are started as placeholders. */
  public static StackInfo of(WorkerStack stack) {
    return of(stack, Supply.SPECIALIZED);
  }

  public static StackInfo of(WorkerStack stack, Supply supply) {
    return new StackInfo(stack, supply, Optional.empty(), Optional.empty());
  }
}
