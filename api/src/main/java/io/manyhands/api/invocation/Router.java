/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.invocation;

import java.util.concurrent.CompletableFuture;

/** Calls functions of any application. Thread-safe, never blocks. */
public interface Router {
  /**
   * Calls a function. The future always completes normally, exactly once, with a result that says
   * what became of the call, an unknown application or a full queue included. It completes on the
   * callback executor, or on the I/O thread where {@link
   * io.manyhands.api.RuntimeOptions#directCompletion} is set. Cancelling it gives the call up: it
   * completes as CANCELLED, and the worker is told where it can be.
   */
  CompletableFuture<InvocationResult> invoke(Invocation invocation);
}
