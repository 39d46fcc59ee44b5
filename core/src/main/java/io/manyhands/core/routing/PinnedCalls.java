/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.routing;

import io.manyhands.core.session.Call;
import io.manyhands.core.session.CallTarget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Calls that wait for a free slot of one worker, that of their ordering key; at most one of a key.
 * Bounded. Only callers that must wait come here. Thread-safe; {@link #size} takes no lock.
 */
final class PinnedCalls {
  private final int maximumCalls;
  private final long maximumBytes;
  private final Map<Call, Long> waiting = new LinkedHashMap<>();
  private final Map<CallTarget, Deque<Call>> byWorker = new HashMap<>();

  /** For which they are sorted by worker. */
  private @Nullable WorkerSet sorted;

  private int turn;
  private long bytes;
  private volatile int size;

  PinnedCalls(int maximumCalls, long maximumBytes) {
    this.maximumCalls = maximumCalls;
    this.maximumBytes = maximumBytes;
  }

  /** False where it would be over a bound; one call is always taken, however large. */
  synchronized boolean offer(Call call) {
    if (waiting.size() >= maximumCalls
        || (!waiting.isEmpty() && bytes + call.size() > maximumBytes)) {
      return false;
    }
    putBack(call);
    return true;
  }

  /** Takes a call that was polled again, whatever the bounds. */
  synchronized void putBack(Call call) {
    waiting.put(call, call.size());
    bytes += call.size();
    size = waiting.size();
    if (sorted != null) {
      sort(call, sorted);
    }
  }

  /** One whose worker in the set has a free slot, from the workers in turn; or null. */
  synchronized @Nullable Call poll(WorkerSet workers) {
    if (workers != sorted) {
      sorted = workers;
      byWorker.clear();
      waiting.keySet().forEach(call -> sort(call, workers));
    }
    for (int tried = 0; tried < workers.size(); tried++) {
      int index = (turn + tried) % workers.size();
      Deque<Call> calls = byWorker.get(workers.target(index));
      if (calls != null && workers.free(index) > 0) {
        turn = index + 1;
        Call call = calls.getFirst();
        remove(call);
        return call;
      }
    }
    return null;
  }

  private void sort(Call call, WorkerSet workers) {
    CallTarget target = workers.pinned(call);
    if (target != null) {
      byWorker.computeIfAbsent(target, worker -> new ArrayDeque<>()).addLast(call);
    }
  }

  synchronized boolean remove(Call call) {
    Long held = waiting.remove(call);
    if (held == null) {
      return false;
    }
    bytes -= held;
    size = waiting.size();
    byWorker.values().removeIf(calls -> calls.remove(call) && calls.isEmpty());
    return true;
  }

  /** Takes all. */
  synchronized List<Call> drain() {
    List<Call> all = new ArrayList<>(waiting.keySet());
    waiting.clear();
    byWorker.clear();
    bytes = 0;
    size = 0;
    return all;
  }

  int size() {
    return size;
  }

  int maximumCalls() {
    return maximumCalls;
  }
}
