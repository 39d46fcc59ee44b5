/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * A worker's calls in flight, by invocation id, behind its gate. A call stays, done or not, until
 * its answer or the worker's death: its slot is taken as long as it may run. Thread-safe.
 */
final class InFlightTable {
  private final CallGate gate = new CallGate();
  private final ConcurrentHashMap<String, Call> calls = new ConcurrentHashMap<>();

  CallGate gate() {
    return gate;
  }

  void put(Call call) {
    calls.put(call.id().value(), call);
  }

  /** Takes the call out and frees its slot; null where somebody else did, or nobody knows it. */
  @org.jspecify.annotations.Nullable
  Call remove(String invocationId) {
    Call call = calls.remove(invocationId);
    if (call != null) {
      gate.release();
    }
    return call;
  }

  boolean contains(Call call) {
    return calls.containsKey(call.id().value());
  }

  /** True where a caller still waits for one of them. */
  boolean hasPending() {
    return calls.values().stream().anyMatch(call -> !call.isDone());
  }

  /** Ids of all entries, in order. */
  SortedSet<String> ids() {
    return new TreeSet<>(calls.keySet());
  }

  /** Takes those out whose ids are chosen; the gate is closed by then. */
  List<Call> removeAll(Predicate<String> chosen) {
    List<Call> removed = new ArrayList<>();
    for (String id : ids()) {
      Call call = chosen.test(id) ? remove(id) : null;
      if (call != null) {
        removed.add(call);
      }
    }
    return removed;
  }
}
