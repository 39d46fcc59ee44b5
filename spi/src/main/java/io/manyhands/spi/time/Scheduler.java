/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.time;

import java.time.Duration;

/**
 * Runs tasks later. Tasks run on the scheduler's one thread and must return at once. Thread-safe.
 */
public interface Scheduler {
  /** Runs the task once, not before the delay has passed; a delay of zero or less runs it soon. */
  Cancellable schedule(Runnable task, Duration delay);

  /** A task that may be taken back. */
  @FunctionalInterface
  interface Cancellable {
    /** True where the task will not run because of this call. */
    boolean cancel();
  }
}
