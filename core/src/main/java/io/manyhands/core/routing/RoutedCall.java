/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.routing;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.app.RetryPolicy;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationId;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.TraceContext;
import io.manyhands.core.limits.CallScope;
import io.manyhands.core.limits.Refusal;
import io.manyhands.core.session.Call;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.trigger.Delivery;
import io.manyhands.spi.trigger.InvocationSink;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One invocation from its acceptance to the one completion that its caller gets, through as many
 * attempts as its function's retry policy asks for. Thread-safe.
 *
 * <p>The function's timeout counts for each attempt; the caller's own, and the time within which a
 * source wants its acknowledgement, count from acceptance and span all of them. An attempt that
 * overran is not run again, as it may still be running.
 */
final class RoutedCall implements InvocationSink.Handle, InvocationSink.Completion {
  private final RequestRouter router;
  private final AppRoute route;
  private final Invocation invocation;
  private final Delivery delivery;
  private final InvocationSink.Completion completion;
  private final TraceContext trace;
  private final long acceptedNanos;
  private final long size;

  /** Both written before the first attempt. */
  private @Nullable CallScope scope;

  private boolean entered;

  /** The lanes in which it stands, if any. */
  private final AtomicReference<@Nullable OrderedLanes> lane = new AtomicReference<>();

  private volatile @Nullable Call attempt;
  private volatile boolean cancelled;
  private volatile boolean delivered;

  /** Within which that attempt must be answered, from its begin. */
  private volatile Optional<Duration> limit = Optional.empty();

  /** Touched by one attempt after the other; published by {@link #waiting}. */
  private @Nullable RetryRun run;

  private volatile RetryRun.@Nullable Wait waiting;

  RoutedCall(
      RequestRouter router,
      AppRoute route,
      Invocation invocation,
      Delivery delivery,
      InvocationSink.Completion completion,
      TraceContext trace) {
    this.router = router;
    this.route = route;
    this.invocation = invocation;
    this.delivery = delivery;
    this.completion = completion;
    this.trace = trace;
    this.size = invocation.size();
    this.acceptedNanos = router.time().ticker().nanos();
  }

  void begin(InvocationId id) {
    scope = route.door().function(Call.key(invocation.function()));
    Refusal refusal = route.door().tryEnter(scope, size, acceptedNanos);
    if (refusal == null) {
      entered = true;
      attempt(id, null);
      return;
    }
    Call call = new Call(id, invocation, trace, router.time().ticker(), this, true, null);
    attempt = call;
    call.fail(
        new InvocationResult.Failure(refusal.code(), refusal.reason(), "", refusal.retryAfter()));
  }

  private void attempt(InvocationId id, HostMessage.@Nullable Retry retry) {
    Optional<Duration> timeout = timeout();
    Call call =
        new Call(
            id, invocation, trace, router.time().ticker(), this, delivery.brokerRetries(), retry);
    limit = timeout;
    attempt = call;
    if (call.isOrdered() && retry == null) {
      route.submitInOrder(this, call);
    } else {
      route.submit(call);
    }
    if (timeout.isPresent() && !call.isDone()) {
      Duration within = timeout.get();
      call.armDeadline(router.time().scheduler().schedule(() -> overran(call, within), within));
    }
    if (cancelled) {
      cancel(call);
    }
  }

  private Optional<Duration> timeout() {
    Optional<Duration> callers = callersTimeout();
    if (run != null && callers.isPresent()) {
      callers = Optional.of(callers.get().minus(since(acceptedNanos)));
    }
    // A caller's own timeout stands in the place of the function's.
    return invocation.timeout().isPresent() ? callers : shorter(route.timeout(), callers);
  }

  private Duration since(long nanos) {
    return Duration.ofNanos(router.time().ticker().nanos() - nanos);
  }

  private Optional<Duration> callersTimeout() {
    return shorter(invocation.timeout(), delivery.acknowledgeWithin());
  }

  private static Optional<Duration> shorter(Optional<Duration> one, Optional<Duration> other) {
    return one.isEmpty() || (other.isPresent() && other.get().compareTo(one.get()) < 0)
        ? other
        : one;
  }

  /** An attempt has ended. */
  @Override
  public void onCompleted(InvocationResult result) {
    if (result.error().isEmpty() || delivery.brokerRetries() || !runAgain(result)) {
      deliver(result);
    }
  }

  private void deliver(InvocationResult result) {
    RetryRun made = run;
    InvocationResult whole = made == null ? result : made.whole(result);
    router.count(whole);
    if (entered) {
      // Before its caller hears of it, who may call again at once.
      route.door().leave(scope, size);
    }
    try {
      completion.onCompleted(whole);
    } finally {
      delivered = true;
      leaveLane();
      route.onCompleted();
    }
  }

  // ---- its place among calls of its ordering key

  String orderingKey() {
    return invocation.orderingKey().orElseThrow();
  }

  long size() {
    return size;
  }

  /** True where it was made in the course of the other, as far as its trace tells. */
  boolean isOfTraceOf(RoutedCall other) {
    return invocation.trace().isPresent() && trace.traceId().equals(other.trace.traceId());
  }

  OrderedLanes.Entry enter(OrderedLanes lanes) {
    OrderedLanes.Entry entry = lanes.enter(this);
    if (entry == OrderedLanes.Entry.FIRST || entry == OrderedLanes.Entry.WAITS) {
      lane.set(lanes);
      if (delivered) {
        // It was given up meanwhile, when it was in no lane yet.
        leaveLane();
      }
    }
    return entry;
  }

  void onTurn() {
    Call call = attempt;
    if (call != null && !call.isDone()) {
      route.onTurn(call);
    }
  }

  /** Ends it before its turn. */
  void fail(ErrorCode code, String reason) {
    Call call = attempt;
    if (call != null) {
      call.fail(code, reason, "");
    }
  }

  /** When the last attempt's worker is done with it: the next one must not run beside it. */
  private void leaveLane() {
    Call call = attempt;
    if (call != null && lane.get() != null) {
      call.whenLeft(
          () -> {
            OrderedLanes entered = lane.getAndSet(null);
            if (entered != null) {
              entered.leave(this);
            }
          });
    }
  }

  // ---- between attempts

  /** False where that was the last attempt. */
  private boolean runAgain(InvocationResult failed) {
    Optional<RetryPolicy> declared = route.retry(invocation.function());
    if (declared.isEmpty() || !mayRunAgain(failed.error().orElseThrow().code())) {
      return false;
    }
    RetryPolicy policy = declared.get();
    RetryRun made = run == null ? new RetryRun(failed.id(), acceptedNanos) : run;
    if (policy.maximumRetries() != RetryPolicy.UNLIMITED
        && made.retries() >= policy.maximumRetries()) {
      return false;
    }
    Duration delay = RetryDelays.before(made.retries() + 1, policy, router.time().randomness());
    if (isTooLate(delay)) {
      return false;
    }
    run = made;
    RetryRun.Wait wait = new RetryRun.Wait(failed);
    waiting = wait;
    if (!route.awaitRetry(this, size)) {
      return !wait.take();
    }
    wait.arm(
        router
            .time()
            .scheduler()
            .schedule(() -> router.callbacks().execute(() -> again(wait, policy)), delay));
    if (cancelled) {
      cancelWait();
    }
    return true;
  }

  /**
   * What failed in the function, and what was lost with its worker; of a further attempt also what
   * found neither room nor worker. A first attempt that finds none is its source's to repeat: that
   * is how it learns that there is too much.
   */
  private boolean mayRunAgain(ErrorCode code) {
    return !cancelled
        && (code == ErrorCode.FUNCTION_FAILED
            || code == ErrorCode.WORKER_LOST
            || (run != null
                && (code.group() == ErrorCode.Group.CAPACITY
                    || code == ErrorCode.WORKER_START_FAILED)));
  }

  private boolean isTooLate(Duration delay) {
    Optional<Duration> whole = callersTimeout();
    return whole.isPresent() && since(acceptedNanos).plus(delay).compareTo(whole.get()) >= 0;
  }

  private void again(RetryRun.Wait wait, RetryPolicy policy) {
    RetryRun made = run;
    if (made != null && wait.take()) {
      route.endRetry(this);
      if (isTooLate(Duration.ZERO)) {
        deliver(wait.last());
        return;
      }
      router.countRetry();
      InvocationId id = router.newId();
      attempt(id, made.next(id, policy, wait.last(), router.time().ticker().nanos()));
    }
  }

  /** The application takes no more: a call between two attempts ends with its last failure. */
  void giveUpWait() {
    RetryRun.Wait wait = waiting;
    if (wait != null && wait.take()) {
      route.endRetry(this);
      deliver(wait.last());
    }
  }

  // ---- ends from outside

  @Override
  public void cancel() {
    cancelled = true;
    Call current = attempt;
    if (current != null) {
      cancel(current);
    }
    cancelWait();
  }

  private void cancel(Call call) {
    if (call.fail(ErrorCode.CANCELLED, givenUp(call.id()), "")) {
      route.forget(call);
      call.target()
          .ifPresent(
              worker ->
                  worker.onCallerGone(
                      call, limit.map(whole -> whole.minus(since(call.acceptedNanos())))));
    }
  }

  private void cancelWait() {
    RetryRun.Wait wait = waiting;
    RetryRun made = run;
    if (wait != null && made != null && wait.take()) {
      route.endRetry(this);
      deliver(made.cancelled(wait.last(), givenUp(wait.last().id())));
    }
  }

  private static String givenUp(InvocationId id) {
    return "invocation " + id + ": its caller gave it up";
  }

  private void overran(Call call, Duration within) {
    boolean sent = call.target().isPresent();
    String name = invocation.application() + "/" + invocation.function();
    boolean first =
        sent
            ? call.fail(
                ErrorCode.DEADLINE_EXCEEDED,
                "function " + name + ": no answer within " + within,
                "")
            : call.fail(
                ErrorCode.NO_WORKER,
                "function "
                    + name
                    + (call.isOrdered()
                        ? ": its turn, or a worker, did not come"
                        : ": no worker became free")
                    + " within "
                    + within,
                "");
    if (first) {
      route.forget(call);
      call.target().ifPresent(worker -> worker.onOverran(call));
    }
  }
}
