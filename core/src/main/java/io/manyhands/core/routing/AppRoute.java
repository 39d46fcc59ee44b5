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
import io.manyhands.core.limits.CallDoor;
import io.manyhands.core.session.Call;
import io.manyhands.core.session.CallTarget;
import io.manyhands.core.session.Dispatch;
import io.manyhands.spi.policy.LoadBalancer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One application's way to its workers: admission, queue and dispatch. Thread-safe; takes no lock
 * while a slot is free.
 */
public final class AppRoute {
  private static final int PICKS = 4;
  private static final long ADMITTED = (1L << 32) + 1;

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

  /**
   * Where calls wait.
   *
   * @param waiting for a free slot
   * @param retrying for their next attempt
   * @param lanes for their turn among those of their ordering key
   */
  record Queues(WaitingCalls waiting, BoundedQueue<RoutedCall> retrying, OrderedLanes lanes) {
    /** With the same bounds each. */
    static Queues bounded(int calls, long bytes) {
      return new Queues(
          new WaitingCalls(calls, bytes),
          new BoundedQueue<>(calls, bytes),
          new OrderedLanes(calls, bytes));
    }
  }

  private final ApplicationId id;
  private final Demand demand;
  private final LoadBalancer.Picker picker;
  private final WaitingCalls waiting;

  /** Calls admitted ever, from bit 32 on, and those of them that are not completed, below. */
  private final AtomicLong calls = new AtomicLong();

  private final AtomicBoolean pressed = new AtomicBoolean();
  private final BoundedQueue<RoutedCall> retrying;
  private final OrderedLanes lanes;
  private final CallDoor door;
  private volatile int maximumWorkers = Integer.MAX_VALUE;
  private volatile Admission admission;
  private volatile @Nullable RevisionRoute current;
  private volatile @Nullable CompletableFuture<Void> idle;

  AppRoute(
      ApplicationId id,
      Demand demand,
      LoadBalancer.Picker picker,
      Queues queues,
      CallDoor door,
      Duration timeout) {
    this.id = id;
    this.demand = demand;
    this.picker = picker;
    this.waiting = queues.waiting();
    this.retrying = queues.retrying();
    this.lanes = queues.lanes();
    this.door = door;
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
    lanes.waiting().forEach(call -> call.fail(code, reason));
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
    if (outstanding() == 0) {
      done.complete(null);
    }
    return done;
  }

  public ApplicationId id() {
    return id;
  }

  public int queued() {
    return waiting.size();
  }

  /** Of those that wait, the ones that any worker could take. */
  public int waiting() {
    return waiting.forAny();
  }

  /** Calls that wait until another one of their ordering key is over: they need no worker now. */
  int behind() {
    return lanes.waitingCalls();
  }

  /** Calls admitted and not completed. */
  public int outstanding() {
    return (int) calls.get();
  }

  /** Calls admitted ever, modulo 2^32; another number than before says that some came. */
  public int admitted() {
    return (int) (calls.get() >>> 32);
  }

  /** What serves its calls, while it takes them. */
  public Optional<RevisionRoute> serving() {
    return admission.gate() == Gate.OPEN ? Optional.ofNullable(current) : Optional.empty();
  }

  /** Tells again when calls find no free slot. */
  public void relax() {
    pressed.set(false);
  }

  /** What its calls have to pass before anything else. */
  CallDoor door() {
    return door;
  }

  void maximumWorkers(int workers) {
    maximumWorkers = workers;
  }

  Optional<Duration> timeout() {
    return admission.timeout();
  }

  void onAdmitted() {
    calls.addAndGet(ADMITTED);
  }

  void onCompleted() {
    if ((int) calls.decrementAndGet() == 0) {
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
    place(now, call, false);
  }

  /** The same for a call with an ordering key, which may have to wait for its turn. */
  void submitInOrder(RoutedCall whole, Call call) {
    Admission now = admission;
    if (refuses(now)) {
      call.fail(now.code(), now.reason(), "");
      return;
    }
    if (now.gate() == Gate.OPEN && !isCallable(now, call)) {
      return;
    }
    switch (whole.enter(lanes)) {
      case FIRST -> place(now, call, false);
      case WAITS -> {
        call.markWaiting();
        Admission later = admission;
        if (later.gate() == Gate.CLOSED) {
          call.fail(later.code(), later.reason(), "");
        }
      }
      case CALLEE ->
          call.fail(
              ErrorCode.LIMIT_EXCEEDED,
              "application "
                  + id
                  + ": a call of the same trace and ordering key is on its way, and may wait for"
                  + " this one",
              "");
      case REFUSED ->
          call.fail(
              ErrorCode.QUEUE_FULL,
              "application "
                  + id
                  + ": "
                  + lanes.maximumCalls()
                  + " calls, or as many bytes as may, wait already for others of their ordering"
                  + " keys",
              "");
    }
  }

  /** The turn of a call with an ordering key has come; it was admitted before. */
  void onTurn(Call call) {
    Admission now = admission;
    if (now.gate() == Gate.CLOSED) {
      call.fail(now.code(), now.reason(), "");
    } else if (now.gate() != Gate.OPEN || isCallable(now, call)) {
      place(now, call, true);
    }
  }

  /**
   * Dispatches or queues.
   *
   * @param admitted a drain still gives it its turn
   */
  private void place(Admission now, Call call, boolean admitted) {
    if (now.gate() != Gate.HOLDING && queued() == 0 && tryDispatch(call)) {
      if (call.isDone()) {
        // It may have held a slot for a moment, and another call may wait because of that.
        pump();
      }
      return;
    }
    call.markWaiting();
    boolean isCallee = isCallee(call);
    if (isCallee && isStuck(call)) {
      call.fail(
          ErrorCode.LIMIT_EXCEEDED,
          "application "
              + id
              + ": every slot of its "
              + maximumWorkers
              + " workers is held by a call that waits for a call like this one",
          "");
      return;
    }
    if (!(isCallee ? waiting.offerFirst(call) : waiting.offer(call))) {
      call.fail(ErrorCode.QUEUE_FULL, "application " + id + ": " + waiting.describe(call), "");
      return;
    }
    // Look once more: a slot, a close or the deadline may have come between.
    Admission later = admission;
    if (call.isDone() || (admitted ? later.gate() == Gate.CLOSED : refuses(later))) {
      if (waiting.remove(call)) {
        call.fail(later.code(), later.reason(), "");
      }
      return;
    }
    pump();
  }

  /** True where a call of the same trace holds a slot, and perhaps waits for this one. */
  private boolean isCallee(Call call) {
    RevisionRoute revision = current;
    return call.invocation().trace().isPresent()
        && !call.isOrdered()
        && revision != null
        && revision.workers().hasTrace(call.traceId());
  }

  /**
   * True where every slot that is held, of as many workers as there may be, is held by a call that
   * has a callee in the queue, this one included: none would ever be free.
   */
  private boolean isStuck(Call callee) {
    RevisionRoute revision = current;
    if (revision == null || revision.workers().size() < maximumWorkers) {
      return false;
    }
    Set<String> awaited = waiting.traces();
    awaited.add(callee.traceId());
    return awaited.containsAll(revision.workers().traces());
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
    waiting.remove(call);
  }

  private void failAllWaiting(ErrorCode code, String reason) {
    waiting.drain().forEach(call -> call.fail(code, reason, ""));
  }

  void onWorkersChanged(RevisionRoute revision) {
    if (revision == current) {
      pump();
    }
  }

  void onUnavailable(RevisionRoute revision, ManyhandsException why) {
    if (revision == current) {
      String reason = String.valueOf(why.getMessage());
      if (!revision.hasWorkers()) {
        // First those whose turn would come as others fail, and would wait once more.
        lanes.waiting().forEach(call -> call.fail(why.code(), reason));
      }
      failAllWaiting(why.code(), reason);
    }
  }

  void onSlotFree() {
    if (queued() > 0) {
      pump();
    }
  }

  /**
   * Sends what waits while there is room. A call that was polled and found no room after all is put
   * back, and everything is looked at again from the start: a slot, a close or the loss of the last
   * worker that came meanwhile saw a queue without it.
   */
  private void pump() {
    while (queued() > 0) {
      Admission now = admission;
      if (now.gate() == Gate.CLOSED) {
        failAllWaiting(now.code(), now.reason());
        continue;
      }
      RevisionRoute revision = current;
      if (revision == null) {
        return;
      }
      WorkerSet workers = revision.workers();
      if (now.gate() == Gate.HOLDING || workers.pick() == null) {
        if (!revision.hasWorkers()) {
          revision.want();
        }
        if (now.gate() == Gate.OPEN && !pressed.get() && pressed.compareAndSet(false, true)) {
          demand.onNoSlot(this);
        }
        return;
      }
      Call call = waiting.poll(workers);
      if (call == null) {
        // Either another thread was faster, or those that wait do so for workers that are full.
        return;
      }
      if (call.isDone()
          || (now.gate() == Gate.OPEN && !isCallable(now, call))
          || tryDispatch(call)) {
        continue;
      }
      waiting.putBack(call);
      if (call.isDone()) {
        waiting.remove(call);
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
      WorkerSet workers = revision.workers();
      CallTarget picked = call.isOrdered() ? workers.pinned(call) : workers.pick();
      if (picked == null || (call.isOrdered() && picked.freeSlots() <= 0)) {
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
