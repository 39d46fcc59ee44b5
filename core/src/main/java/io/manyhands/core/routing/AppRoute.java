/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.routing;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.core.limits.BoundedQueue;
import io.manyhands.core.placement.Placement;
import io.manyhands.core.session.Call;
import io.manyhands.core.session.Dispatch;
import io.manyhands.core.session.WorkerSession;
import io.manyhands.spi.policy.LoadBalancer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
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
    CLOSED
  }

  /** All that admission looks at, replaced as a whole. */
  private record Admission(
      Gate gate,
      ErrorCode code,
      String reason,
      Map<String, Optional<String>> functions,
      Optional<Duration> timeout) {}

  private final ApplicationId id;
  private final Placement placement;
  private final LoadBalancer.Picker picker;
  private final BoundedQueue<Call> queue;
  private final AtomicInteger outstanding = new AtomicInteger();
  private volatile Admission admission;
  private volatile @Nullable RevisionRoute current;
  private volatile @Nullable CompletableFuture<Void> idle;

  AppRoute(
      ApplicationId id,
      Placement placement,
      LoadBalancer.Picker picker,
      BoundedQueue<Call> queue,
      Duration timeout) {
    this.id = id;
    this.placement = placement;
    this.picker = picker;
    this.queue = queue;
    this.admission =
        new Admission(Gate.HOLDING, ErrorCode.INTERNAL, "", Map.of(), Optional.of(timeout));
  }

  /** Makes the route of a further revision; it takes no calls until {@link #open}. */
  public RevisionRoute revision() {
    return new RevisionRoute(this, placement, picker);
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
   * @param functions problem by key of each function's name; empty where it can be called
   * @param timeout deadline of a call that names none; empty is unlimited
   */
  public void open(
      RevisionRoute revision, Map<String, Optional<String>> functions, Optional<Duration> timeout) {
    current = revision;
    admission = new Admission(Gate.OPEN, ErrorCode.INTERNAL, "", Map.copyOf(functions), timeout);
    pump();
    if (queue.size() > 0) {
      revision.want();
    }
  }

  /** Refuses calls from now on; those that wait are completed with the same. */
  public void close(ErrorCode code, String reason) {
    Admission now = admission;
    admission = new Admission(Gate.CLOSED, code, reason, Map.of(), now.timeout());
    for (Call call : queue.drain()) {
      call.fail(code, reason, "");
    }
  }

  /** Refuses new calls; completes when those admitted before are done. */
  public CompletableFuture<Void> drain() {
    Admission now = admission;
    admission =
        new Admission(
            Gate.CLOSED,
            ErrorCode.APP_STOPPED,
            "application " + id + " is stopping",
            Map.of(),
            now.timeout());
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
    if (now.gate() == Gate.CLOSED) {
      call.fail(now.code(), now.reason(), "");
      return;
    }
    if (now.gate() == Gate.OPEN && !isCallable(now, call)) {
      return;
    }
    if (now.gate() == Gate.OPEN && queue.size() == 0 && tryDispatch(call)) {
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
    if (call.isDone() || admission.gate() == Gate.CLOSED) {
      if (queue.remove(call)) {
        Admission later = admission;
        call.fail(later.code(), later.reason(), "");
      }
      return;
    }
    pump();
    RevisionRoute revision = current;
    if (queue.size() > 0 && revision != null && !revision.hasWorkers()) {
      revision.want();
    }
  }

  /** The call is done before it was sent. */
  void forget(Call call) {
    queue.remove(call);
  }

  void onWorkersChanged(RevisionRoute revision) {
    if (revision == current) {
      pump();
      if (queue.size() > 0 && !revision.hasWorkers()) {
        revision.want();
      }
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

  private void pump() {
    while (queue.size() > 0) {
      Admission now = admission;
      if (now.gate() == Gate.HOLDING) {
        return;
      }
      RevisionRoute revision = current;
      if (revision == null || revision.workers().pick() == null) {
        return;
      }
      Call call = queue.poll();
      if (call == null) {
        return;
      }
      if (call.isDone() || (now.gate() == Gate.OPEN && !isCallable(now, call))) {
        continue;
      }
      if (!tryDispatch(call)) {
        queue.putBack(call, call.size());
        // Whoever freed a slot in between saw a queue without this call: look again, or its wake-up
        // is lost.
        if (call.isDone()) {
          queue.remove(call);
        }
        RevisionRoute again = current;
        if (again == null || again.workers().pick() == null) {
          return;
        }
      }
    }
  }

  private boolean tryDispatch(Call call) {
    RevisionRoute revision = current;
    if (revision == null) {
      return false;
    }
    for (int attempt = 0; attempt < PICKS; attempt++) {
      WorkerSession picked = revision.workers().pick();
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
    Optional<String> problem = now.functions().get(call.functionKey());
    if (problem != null && problem.isEmpty()) {
      return true;
    }
    String name = id + "/" + call.invocation().function();
    if (problem == null) {
      call.fail(
          ErrorCode.FUNCTION_NOT_FOUND,
          "function "
              + name
              + ": not found (known: "
              + String.join(", ", now.functions().keySet())
              + ")",
          "");
    } else {
      call.fail(ErrorCode.APP_FAILED, "function " + name + ": " + problem.get(), "");
    }
    return false;
  }
}
