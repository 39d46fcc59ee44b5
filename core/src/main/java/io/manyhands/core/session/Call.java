/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.invocation.ColdStart;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationId;
import io.manyhands.api.invocation.InvocationPhases;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.invocation.TraceContext;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.spi.time.Scheduler;
import io.manyhands.spi.time.Ticker;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.trigger.InvocationSink;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of an invocation on its way through the Runtime. Whoever moves it to done owns its
 * completion; whoever removes it from a worker's table frees the slot: two separate events.
 * Thread-safe.
 */
public final class Call {
  private static final AtomicIntegerFieldUpdater<Call> DONE =
      AtomicIntegerFieldUpdater.newUpdater(Call.class, "done");
  private static final AtomicIntegerFieldUpdater<Call> ATTEMPT =
      AtomicIntegerFieldUpdater.newUpdater(Call.class, "attempt");
  private static final int UNSENT = 0;
  private static final int RESERVED = 1;
  private static final int SENT = 2;

  private final InvocationId id;
  private final Invocation invocation;
  private final String functionKey;
  private final TraceContext trace;
  private final Ticker ticker;
  private final long acceptedNanos;
  private final InvocationSink.Completion completion;
  private final boolean runOnce;
  private final Optional<HostMessage.Retry> retry;

  private volatile int done;

  private volatile int attempt;

  private volatile boolean waited;
  private volatile Scheduler.@Nullable Cancellable deadline;
  private volatile @Nullable CallTarget target;
  // Written before the call is sent, read after its answer: ordered by the worker's table.
  private ColdStart coldStart = ColdStart.NONE;
  private long specializedNanos;
  private volatile long reservedNanos;
  private volatile long sentNanos;

  /** From the reservation of a slot until its entry has left the worker's table. */
  private volatile boolean held;

  private volatile @Nullable Runnable whenLeft;

  /**
   * @param runOnce whatever the function's retry policy says
   * @param retry which attempt it is, where it is not the first
   */
  public Call(
      InvocationId id,
      Invocation invocation,
      TraceContext trace,
      Ticker ticker,
      InvocationSink.Completion completion,
      boolean runOnce,
      HostMessage.@Nullable Retry retry) {
    this.id = id;
    this.invocation = invocation;
    this.functionKey = key(invocation.function());
    this.trace = trace;
    this.ticker = ticker;
    this.acceptedNanos = ticker.nanos();
    this.completion = completion;
    this.runOnce = runOnce;
    this.retry = Optional.ofNullable(retry);
  }

  /** Function names are compared without case. */
  public static String key(String functionName) {
    return functionName.toLowerCase(Locale.ROOT);
  }

  public InvocationId id() {
    return id;
  }

  public Invocation invocation() {
    return invocation;
  }

  public String functionKey() {
    return functionKey;
  }

  /** What it has in common with the call in whose course it was made, if there is one. */
  public String traceId() {
    return trace.traceId();
  }

  /** It runs on the worker of its ordering key. */
  public boolean isOrdered() {
    return invocation.orderingKey().isPresent();
  }

  boolean isRunOnce() {
    return runOnce;
  }

  Optional<HostMessage.Retry> retry() {
    return retry;
  }

  TraceContext trace() {
    return trace;
  }

  public long acceptedNanos() {
    return acceptedNanos;
  }

  public boolean isDone() {
    return done != 0;
  }

  /** Bytes that it holds while it waits. */
  public long size() {
    return invocation.size();
  }

  /** It did not find a free slot at once. */
  public void markWaiting() {
    waited = true;
  }

  boolean waited() {
    return waited;
  }

  /** The worker that it was sent to, or is being sent to. */
  public Optional<CallTarget> target() {
    return Optional.ofNullable(target);
  }

  /** Arms the deadline; at once taken back where the call is done already. */
  public void armDeadline(Scheduler.Cancellable cancellable) {
    deadline = cancellable;
    if (isDone()) {
      cancellable.cancel();
    }
  }

  void reserved(CallTarget by, ColdStart why, long specialized) {
    target = by;
    coldStart = why;
    specializedNanos = specialized;
    reservedNanos = ticker.nanos();
    held = true;
    attempt = RESERVED;
  }

  /** From here on it has possibly run; false where the worker was lost first. */
  boolean beginSend() {
    sentNanos = ticker.nanos();
    return ATTEMPT.compareAndSet(this, RESERVED, SENT);
  }

  /** It has possibly run where it was sent last. */
  boolean isSent() {
    return attempt == SENT;
  }

  /**
   * True where it had not been sent and now will not be by this attempt: its dispatcher picks
   * again.
   */
  boolean revoke() {
    return ATTEMPT.compareAndSet(this, RESERVED, UNSENT);
  }

  /** This attempt is over without being sent; said by its dispatcher. */
  void unsent() {
    attempt = UNSENT;
    target = null;
    left();
  }

  /** Its entry is out of the worker's table. */
  void left() {
    held = false;
    Runnable waiting = whenLeft;
    if (waiting != null) {
      waiting.run();
    }
  }

  /**
   * Said once, of a call that is done: runs the task when no worker runs it any more, at once where
   * that is so already. The task may be run more than once.
   */
  public void whenLeft(Runnable task) {
    whenLeft = task;
    if (!held) {
      task.run();
    }
  }

  /** Completes it as failed; false where it is done already. */
  public boolean fail(ErrorCode code, String message, String details) {
    return fail(new InvocationResult.Failure(code, message, details));
  }

  public boolean fail(InvocationResult.Failure failure) {
    return finish(Optional.of(failure), Payload.empty(), Map.of());
  }

  boolean succeed(Payload returnValue, Map<String, Payload> outputs) {
    return finish(Optional.empty(), returnValue, outputs);
  }

  private boolean finish(
      Optional<InvocationResult.Failure> error, Payload returnValue, Map<String, Payload> outputs) {
    if (!DONE.compareAndSet(this, 0, 1)) {
      return false;
    }
    Scheduler.Cancellable armed = deadline;
    if (armed != null) {
      armed.cancel();
    }
    CallTarget ranOn = target;
    Optional<WorkerId> worker = ranOn == null ? Optional.empty() : Optional.of(ranOn.id());
    completion.onCompleted(
        InvocationResult.ofOneAttempt(id, error, returnValue, outputs, worker, phases()));
    return true;
  }

  private InvocationPhases phases() {
    long now = ticker.nanos();
    long reserved = reservedNanos == 0 ? now : reservedNanos;
    long sent = sentNanos == 0 ? now : sentNanos;
    return new InvocationPhases(
        coldStart,
        reserved - acceptedNanos,
        specializedNanos,
        Math.max(0, sent - reserved),
        Math.max(0, now - sent),
        0);
  }
}
