/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.invocation;

import java.time.Duration;

/**
 * How long each phase of an invocation took.
 *
 * @param coldStart why it had to wait, if it had to
 * @param queuedNanos from acceptance until a worker's slot was taken
 * @param specializedNanos the part of that in which its worker was being specialized
 * @param sentNanos from there until it was handed to the transport
 * @param doneNanos from there until the answer
 */
public record InvocationPhases(
    ColdStart coldStart, long queuedNanos, long specializedNanos, long sentNanos, long doneNanos) {
  /** From acceptance to completion. */
  public Duration total() {
    return Duration.ofNanos(queuedNanos + sentNanos + doneNanos);
  }

  public Duration queued() {
    return Duration.ofNanos(queuedNanos);
  }

  public Duration specialized() {
    return Duration.ofNanos(specializedNanos);
  }

  /** In the worker and on the way to it and back. */
  public Duration done() {
    return Duration.ofNanos(doneNanos);
  }
}
