/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.invocation;

import java.time.Duration;

/**
 * How long each phase of an invocation took, in its last attempt.
 *
 * @param coldStart why it had to wait, if it had to
 * @param queuedNanos from acceptance, or the attempt's begin, until a worker's slot was taken
 * @param specializedNanos the part of that in which its worker was being specialized
 * @param sentNanos from there until it was handed to the transport
 * @param doneNanos from there until the answer
 * @param earlierNanos earlier attempts and the waits between them, from acceptance until the last
 *     attempt began; 0 where there was one
 */
public record InvocationPhases(
    ColdStart coldStart,
    long queuedNanos,
    long specializedNanos,
    long sentNanos,
    long doneNanos,
    long earlierNanos) {
  /** From acceptance to completion. */
  public long totalNanos() {
    return earlierNanos + queuedNanos + sentNanos + doneNanos;
  }

  /** From acceptance to completion. */
  public Duration total() {
    return Duration.ofNanos(totalNanos());
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
