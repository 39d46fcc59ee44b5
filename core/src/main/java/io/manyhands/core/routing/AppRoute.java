/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.routing;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.RetryPolicy;
import io.manyhands.core.limits.BoundedQueue;
import io.manyhands.core.session.Call;
import io.manyhands.core.session.CallTarget;
import io.manyhands.core.session.Dispatch;
import io.manyhands.spi.policy.LoadBalancer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One application's way to its workers: admission, queue and dispatch. Thread-safe; takes no lock
 * while a slot is free.
 */
public final class AppRoute {
  private static final int PICKS = 4;

  /** Whether it takes calls. */
  private enum Gate {
    /** Starting: calls wait. */
    HOLDING,
    OPEN,
    /** No further calls; those that wait still get their turn. */
    DRAINING,
    CLOSED
  }

  /** All that admission looks at, replaced as a whole. */
  private record Admission(
      Gate gate,
      ErrorCode code,
      String reason,
      Map<String, RoutedFunction> functions,
      Optional<Duration> timeout) {}

  private final ApplicationId id;
  private final Consumer<RevisionRoute> demand;
  private final LoadBalancer.Picker picker;
  private final BoundedQueue<Call> queue;
  private final AtomicInteger outstanding = new AtomicInteger();
  private final BoundedQueue<RoutedCall> retrying;
  private volatile Admission admission;
  private volatile @Nullable RevisionRoute current;
  private volatile @Nullable CompletableFuture<Void> idle;

  AppRoute(
      ApplicationId id,
      Consumer<RevisionRoute> demand,
      LoadBalancer.Picker picker,
      BoundedQueue<Call> queue,
      BoundedQueue<RoutedCall> retrying,
      Duration timeout) {
    this.id = id;
    this.demand = demand;
    this.picker = picker;
    this.queue = queue;
    this.retrying = retrying;
    this.admission =
        new Admission(Gate.HOLDING, ErrorCode.INTERNAL, "", Map.of(), Optional.of(timeout));
  }

  /** Makes the route of a further revision; it takes no calls until {@link #open}. */
  public RevisionRoute revision() {
    return new RevisionRoute(this, demand, picker);
  }

  /** Lets calls wait for the first worker of a revision that is being indexed. */
  public void hold(RevisionRoute revision, Optional<Duration> timeout) {
    current = revision;
    Admission now = admission;
    admission = new Admission(Gate.HOLDING, now.code(), "", Map.of(), timeout);
  }

  /**
   * Sends calls to that revision from now on.
   *
   * @param functions by key of each one's name
   * @param timeout deadline of a call that names none; empty is unlimited
   */
  public void open(
      RevisionRoute revision, Map<String, RoutedFunction> functions, Optional<Duration> timeout) {
    current = revision;
    admission = new Admission(Gate.OPEN, ErrorCode.INTERNAL, "", Map.copyOf(functions), timeout);
    pump();
  }

  /** Refuses calls from now on; those that wait are completed with the same. */
  public void close(ErrorCode code, String reason) {
    Admission now = admission;
    admission = new Admission(Gate.CLOSED, code, reason, Map.of(), now.timeout());
    pump();
    retrying.drain().forEach(RoutedCall::giveUpWait);
  }

  /** Refuses new calls; completes when those admitted before are done. */
  public CompletableFuture<Void> drain() {
    Admission now = admission;
    admission =
        new Admission(
            Gate.DRAINING,
            ErrorCode.APP_STOPPED,
            "application " + id + " is stopping",
            now.functions(),
            now.timeout());
    retrying.drain().forEach(RoutedCall::giveUpWait);
    CompletableFuture<Void> done = new CompletableFuture<>();
    idle = done;
    if (outstanding.get() == 0) {
      done.complete(null);
    }
    return done;
  }

  public ApplicationId id() {
    return id;
  }

  public int queued() {
    return queue.size();
  }

  /** Calls admitted and not completed. */
  public int outstanding() {
    return outstanding.get();
  }

  Optional<Duration> timeout() {
    return admission.timeout();
  }

  void onAdmitted() {
    outstanding.incrementAndGet();
  }

  void onCompleted() {
    if (outstanding.decrementAndGet() == 0) {
      CompletableFuture<Void> waiting = idle;
      if (waiting != null) {
        waiting.complete(null);
      }
    }
  }

  /** Dispatches, queues or refuses. */
  void submit(Call call) {
    Admission now = admission;
    if (refuses(now)) {
      call.fail(now.code(), now.reason(), "");
      return;
    }
    if (now.gate() == Gate.OPEN && !isCallable(now, call)) {
      return;
    }
    if (now.gate() == Gate.OPEN && queue.size() == 0 && tryDispatch(call)) {
      if (call.isDone()) {
        // It may have held a slot for a moment, and another call may wait because of that.
        pump();
      }
      return;
    }
    call.markWaiting();
    if (!queue.offer(call, call.size())) {
      call.fail(
          ErrorCode.QUEUE_FULL,
          "application "
              + id
              + ": "
              + queue.size()
              + " calls wait already (at most "
              + queue.maximumEntries()
              + ")",
          "");
      return;
    }
    // Look once more: a slot, a close or the deadline may have come between.
    Admission later = admission;
    if (call.isDone() || refuses(later)) {
      if (queue.remove(call)) {
        call.fail(later.code(), later.reason(), "");
      }
      return;
    }
    pump();
  }

  /** When a failed call of the function is run again. */
  Optional<RetryPolicy> retry(String function) {
    RoutedFunction known = admission.functions().get(Call.key(function));
    return known == null ? Optional.empty() : known.retry();
  }

  /** A call waits for its next attempt; false where there will be none, or too many wait. */
  boolean awaitRetry(RoutedCall call, long size) {
    if (!retrying.offer(call, size)) {
      return false;
    }
    if (refuses(admission)) {
      endRetry(call);
      return false;
    }
    return true;
  }

  void endRetry(RoutedCall call) {
    retrying.remove(call);
  }

  /** Calls that wait for their next attempt: they need no worker now. */
  int retrying() {
    return retrying.size();
  }

  /** The call is done before it was sent. */
  void forget(Call call) {
    queue.remove(call);
  }

  void onWorkersChanged(RevisionRoute revision) {
    if (revision == current) {
      pump();
    }
  }

  void onUnavailable(RevisionRoute revision, ManyhandsException why) {
    if (revision == current) {
      for (Call call : queue.drain()) {
        call.fail(why.code(), String.valueOf(why.getMessage()), "");
      }
    }
  }

  void onSlotFree() {
    if (queue.size() > 0) {
      pump();
    }
  }

  /**
   * Sends what waits while there is room. A call that was polled and found no room after all is put
   * back, and everything is looked at again from the start: a slot, a close or the loss of the last
   * worker that came meanwhile saw a queue without it.
   */
  private void pump() {
    while (queue.size() > 0) {
      Admission now = admission;
      if (now.gate() == Gate.CLOSED) {
        for (Call call : queue.drain()) {
          call.fail(now.code(), now.reason(), "");
        }
        continue;
      }
      RevisionRoute revision = current;
      if (revision == null) {
        return;
      }
      if (now.gate() == Gate.HOLDING || revision.workers().pick() == null) {
        if (!revision.hasWorkers()) {
          revision.want();
        }
        return;
      }
      Call call = queue.poll();
      if (call == null
          || call.isDone()
          || (now.gate() == Gate.OPEN && !isCallable(now, call))
          || tryDispatch(call)) {
        continue;
      }
      queue.putBack(call, call.size());
      if (call.isDone()) {
        queue.remove(call);
      }
    }
  }

  private static boolean refuses(Admission admission) {
    return admission.gate() == Gate.CLOSED || admission.gate() == Gate.DRAINING;
  }

  private boolean tryDispatch(Call call) {
    RevisionRoute revision = current;
    if (revision == null) {
      return false;
    }
    for (int attempt = 0; attempt < PICKS; attempt++) {
      CallTarget picked = revision.workers().pick();
      if (picked == null) {
        return false;
      }
      if (picked.dispatch(call) != Dispatch.NO_SLOT) {
        return true;
      }
    }
    return false;
  }

  private boolean isCallable(Admission now, Call call) {
    RoutedFunction function = now.functions().get(call.functionKey());
    if (function != null && function.problem().isEmpty()) {
      return true;
    }
    String name = id + "/" + call.invocation().function();
    if (function == null) {
      call.fail(
          ErrorCode.FUNCTION_NOT_FOUND,
          "function "
              + name
              + ": not found (known: "
              + String.join(", ", now.functions().keySet())
              + ")",
          "");
    } else {
      call.fail(ErrorCode.APP_FAILED, "function " + name + ": " + function.problem().get(), "");
    }
    return false;
  }
}
