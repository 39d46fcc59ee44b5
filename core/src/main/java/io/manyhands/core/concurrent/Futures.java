/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.concurrent;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.spi.time.Scheduler;
import io.manyhands.spi.time.TimeSeams;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** What core does with futures again and again. */
public final class Futures {
  private Futures() {}

  public static <T> CompletableFuture<T> failed(ErrorCode code, String message) {
    return CompletableFuture.failedFuture(new ManyhandsException(code, message));
  }

  /** The stage's outcome, or RESOURCE_UNAVAILABLE naming what did not answer in time. */
  public static <T> CompletableFuture<T> within(
      CompletionStage<T> stage, Duration limit, TimeSeams time, String what) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Scheduler.Cancellable timeout =
        time.scheduler()
            .schedule(
                () ->
                    result.completeExceptionally(
                        new ManyhandsException(
                            ErrorCode.RESOURCE_UNAVAILABLE, what + ": not done within " + limit)),
                limit);
    stage.whenComplete((value, error) -> complete(result, value, error));
    result.whenComplete((value, error) -> timeout.cancel());
    return result;
  }

  /** Passes an outcome on. */
  public static <T> void complete(CompletableFuture<T> target, T value, @Nullable Throwable error) {
    if (error == null) {
      target.complete(value);
    } else {
      target.completeExceptionally(unwrap(error));
    }
  }

  /** The library's own exception within; what is foreign becomes INTERNAL with its cause. */
  public static ManyhandsException unwrap(Throwable error) {
    Throwable cause = error;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof ManyhandsException own
        ? own
        : new ManyhandsException(ErrorCode.INTERNAL, "internal error: " + cause, cause);
  }
}
