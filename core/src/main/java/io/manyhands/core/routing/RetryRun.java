/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.routing;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.app.RetryPolicy;
import io.manyhands.api.invocation.InvocationId;
import io.manyhands.api.invocation.InvocationPhases;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.spi.time.Scheduler;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.StatusInfo;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of a call that is run again. Its attempts come one after the other, so that only
 * what ends a wait between two of them meets other threads.
 */
final class RetryRun {
  /** Ids of further attempts that are kept. */
  private static final int IDS = 100;

  private static final int LONGEST_TEXT = 16_384;

  private final InvocationId id;
  private final long acceptedNanos;
  private final Deque<InvocationId> later = new ArrayDeque<>();
  private int retries;
  private long attemptNanos;

  /** Between two attempts; whoever takes it goes on, and nobody else. */
  static final class Wait {
    private final InvocationResult last;
    private final AtomicBoolean taken = new AtomicBoolean();
    private volatile Scheduler.@Nullable Cancellable timer;

    Wait(InvocationResult last) {
      this.last = last;
    }

    /** The failure that it follows. */
    InvocationResult last() {
      return last;
    }

    void arm(Scheduler.Cancellable armed) {
      timer = armed;
      if (taken.get()) {
        armed.cancel();
      }
    }

    boolean take() {
      if (!taken.compareAndSet(false, true)) {
        return false;
      }
      Scheduler.Cancellable armed = timer;
      if (armed != null) {
        armed.cancel();
      }
      return true;
    }
  }

  /**
   * @param id of the first attempt and of the whole
   */
  RetryRun(InvocationId id, long acceptedNanos) {
    this.id = id;
    this.acceptedNanos = acceptedNanos;
    this.attemptNanos = acceptedNanos;
  }

  int retries() {
    return retries;
  }

  /** Begins a further attempt. */
  HostMessage.Retry next(
      InvocationId attempt, RetryPolicy policy, InvocationResult last, long nowNanos) {
    retries++;
    attemptNanos = nowNanos;
    if (later.size() == IDS) {
      later.removeFirst();
    }
    later.addLast(attempt);
    return new HostMessage.Retry(
        retries, policy.maximumRetries(), last.error().map(RetryRun::error));
  }

  /** The result of all of it, from that of its last attempt. */
  InvocationResult whole(InvocationResult last) {
    InvocationPhases phases = last.phases();
    return new InvocationResult(
        id,
        last.error(),
        last.returnValue(),
        last.outputs(),
        last.worker(),
        new InvocationPhases(
            phases.coldStart(),
            phases.queuedNanos(),
            phases.specializedNanos(),
            phases.sentNanos(),
            phases.doneNanos(),
            attemptNanos - acceptedNanos),
        retries + 1,
        List.copyOf(later));
  }

  /** The same where it was given up between two attempts. */
  InvocationResult cancelled(InvocationResult last, String message) {
    return whole(
        InvocationResult.ofOneAttempt(
            last.id(),
            Optional.of(new InvocationResult.Failure(ErrorCode.CANCELLED, message, "")),
            Payload.empty(),
            Map.of(),
            last.worker(),
            last.phases()));
  }

  private static StatusInfo.WorkerError error(InvocationResult.Failure failure) {
    return new StatusInfo.WorkerError(
        cut(failure.message()),
        "",
        "",
        cut(failure.details()),
        failure.code() == ErrorCode.FUNCTION_FAILED);
  }

  private static String cut(String text) {
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
  }
}
