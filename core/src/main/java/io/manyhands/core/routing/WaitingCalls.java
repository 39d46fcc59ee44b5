/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.routing;

import io.manyhands.core.limits.BoundedQueue;
import io.manyhands.core.session.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An application's calls that found no free slot: those that take any worker, and those that wait
 * for the worker of their ordering key. Each kind is bounded. Thread-safe; {@link #size} takes no
 * lock.
 */
final class WaitingCalls {
  private final BoundedQueue<Call> any;
  private final PinnedCalls pinned;
  private final AtomicInteger turns = new AtomicInteger();

  WaitingCalls(int maximumCalls, long maximumBytes) {
    any = new BoundedQueue<>(maximumCalls, maximumBytes);
    pinned = new PinnedCalls(maximumCalls, maximumBytes);
  }

  int size() {
    return any.size() + pinned.size();
  }

  /** Those that any worker could take. */
  int forAny() {
    return any.size();
  }

  /** False where too many wait. */
  boolean offer(Call call) {
    return call.isOrdered() ? pinned.offer(call) : any.offer(call, call.size());
  }

  /** The same before all others, for a call without an ordering key. */
  boolean offerFirst(Call call) {
    return any.offerFirst(call, call.size());
  }

  /** Takes one that was polled again. */
  void putBack(Call call) {
    if (call.isOrdered()) {
      pinned.putBack(call);
    } else {
      any.putBack(call, call.size());
    }
  }

  boolean remove(Call call) {
    return call.isOrdered() ? pinned.remove(call) : any.remove(call);
  }

  /** In turn from those that take any worker and from those whose worker has a free slot. */
  @Nullable Call poll(WorkerSet workers) {
    if (pinned.size() == 0) {
      return any.poll();
    }
    boolean pinnedFirst = (turns.getAndIncrement() & 1) == 0;
    Call call = pinnedFirst ? pinned.poll(workers) : any.poll();
    return call != null ? call : pinnedFirst ? any.poll() : pinned.poll(workers);
  }

  /** Takes all. */
  List<Call> drain() {
    List<Call> all = new ArrayList<>(any.drain());
    all.addAll(pinned.drain());
    return all;
  }

  /** Traces of those that take any worker and may be callees. */
  Set<String> traces() {
    Set<String> traces = new TreeSet<>();
    for (Call call : any.entries()) {
      if (call.invocation().trace().isPresent()) {
        traces.add(call.traceId());
      }
    }
    return traces;
  }

  /** How many of the call's kind wait, and may, for people. */
  String describe(Call call) {
    return call.isOrdered()
        ? pinned.size() + " calls wait already (at most " + pinned.maximumCalls() + ")"
        : any.size() + " calls wait already (at most " + any.maximumEntries() + ")";
  }
}
