/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.trigger;

import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;

/** Takes invocations of one application from a trigger. Thread-safe, never blocks. */
@FunctionalInterface
public interface InvocationSink {
  /**
   * Runs a function. The completion is called exactly once, on an I/O thread or within this call,
   * and must not block.
   *
   * @param delivery what stands behind it: a source that delivers again, or nobody
   * @return takes the call back: it completes as CANCELLED unless it is done
   */
  Handle submit(Invocation invocation, Delivery delivery, Completion completion);

  /** The same for what comes once: nobody delivers it again. */
  default Handle submit(Invocation invocation, Completion completion) {
    return submit(invocation, Delivery.once(), completion);
  }

  /** Is told how an invocation ended. */
  @FunctionalInterface
  interface Completion {
    void onCompleted(InvocationResult result);
  }

  /** A running invocation. */
  @FunctionalInterface
  interface Handle {
    void cancel();
  }
}
