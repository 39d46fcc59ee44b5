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
import org.jspecify.annotations.Nullable;

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

  @Nullable Call find(String invocationId) {
    return calls.get(invocationId);
  }

  /** Takes out a call that was sent here and frees its slot; null where there is none. */
  @Nullable Call removeSent(String invocationId) {
    Call call = calls.get(invocationId);
    return call != null && call.isSent() && remove(call) ? call : null;
  }

  /** Takes the call out and frees its slot; false where somebody else did. */
  boolean remove(Call call) {
    boolean removed = calls.remove(call.id().value(), call);
    if (removed) {
      gate.release();
      call.left();
    }
    return removed;
  }

  /**
   * True where the call may run here. One that nobody waits for any more and that was not sent yet
   * is taken out, and never will be.
   */
  boolean isRunning(Call call) {
    calls.computeIfPresent(
        call.id().value(),
        (id, present) -> {
          if (present != call || !call.isDone() || !call.revoke()) {
            return present;
          }
          gate.release();
          return null;
        });
    return call.isSent() && calls.get(call.id().value()) == call;
  }

  /** True where a caller still waits for one of them. */
  boolean hasPending() {
    return calls.values().stream().anyMatch(call -> !call.isDone());
  }

  /** True where an entry is of that trace. */
  boolean hasTrace(String traceId) {
    for (Call call : calls.values()) {
      if (call.trace().isOfTrace(traceId)) {
        return true;
      }
    }
    return false;
  }

  /** Traces of all entries. */
  SortedSet<String> traces() {
    SortedSet<String> traces = new TreeSet<>();
    calls.values().forEach(call -> traces.add(call.traceId()));
    return traces;
  }

  /** Ids of all entries, in order. */
  SortedSet<String> ids() {
    return new TreeSet<>(calls.keySet());
  }

  /**
   * Takes those out whose ids are chosen, and returns the sent ones; the gate is closed by then. A
   * call that was not sent is revoked and taken out in one step: once its dispatcher misses it
   * here, nobody touches it any more, and it may go elsewhere.
   */
  List<Call> sweep(Predicate<String> chosen) {
    List<Call> sent = new ArrayList<>();
    for (String id : ids()) {
      if (chosen.test(id)) {
        calls.computeIfPresent(
            id,
            (key, call) -> {
              if (!call.revoke()) {
                sent.add(call);
              }
              gate.release();
              return null;
            });
      }
    }
    sent.forEach(Call::left);
    return sent;
  }
}
