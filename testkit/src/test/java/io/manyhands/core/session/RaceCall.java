/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationId;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.invocation.TraceContext;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A real call that counts its completions. */
public final class RaceCall {
  private static final Invocation INVOCATION =
      Invocation.of(RaceWorker.APP, RaceWorker.FUNCTION, Payload.empty());
  private static final TraceContext TRACE = new TraceContext("", "");

  private final Call call;
  private final AtomicInteger completions = new AtomicInteger();
  private volatile @Nullable InvocationResult result;

  public RaceCall(String id) {
    call =
        new Call(
            new InvocationId(id),
            INVOCATION,
            TRACE,
            () -> 0,
            done -> {
              result = done;
              completions.incrementAndGet();
            },
            true,
            null);
  }

  public Call call() {
    return call;
  }

  /** As at its deadline. */
  public void overrun() {
    if (call.fail(ErrorCode.DEADLINE_EXCEEDED, "late", "")) {
      call.target().ifPresent(worker -> worker.onOverran(call));
    }
  }

  public int completions() {
    return completions.get();
  }

  /** How it failed; null where it succeeded or is not done. */
  public @Nullable ErrorCode error() {
    InvocationResult done = result;
    return done == null ? null : done.error().map(InvocationResult.Failure::code).orElse(null);
  }
}
