/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.routing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * An application's calls that have an ordering key, one lane a key: the first of a lane is on its
 * way, the others wait until it is over. A lane ends with its last call. Thread-safe; calls of
 * different keys hardly meet.
 */
final class OrderedLanes {
  private final ConcurrentHashMap<String, Lane> lanes = new ConcurrentHashMap<>();
  private final int maximumCalls;
  private final long maximumBytes;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  /** What became of a call that entered. */
  enum Entry {
    /** It goes now. */
    FIRST,
    WAITS,
    /** The first of its lane is of the same trace, and perhaps waits for it. */
    CALLEE,
    /** Too many wait. */
    REFUSED
  }

  /** Changed within {@code lanes.compute} of its key alone. */
  private static final class Lane {
    private final Deque<RoutedCall> waiting = new ArrayDeque<>();
    private RoutedCall first;

    /** Calls that are over and after which the lane has not moved on yet. */
    private final AtomicInteger over = new AtomicInteger();

    Lane(RoutedCall first) {
      this.first = first;
    }
  }

  OrderedLanes(int maximumCalls, long maximumBytes) {
    this.maximumCalls = maximumCalls;
    this.maximumBytes = maximumBytes;
  }

  Entry enter(RoutedCall call) {
    Entry[] entry = {Entry.WAITS};
    lanes.compute(
        call.orderingKey(),
        (key, lane) -> {
          if (lane == null) {
            entry[0] = Entry.FIRST;
            return new Lane(call);
          }
          if (call.isOfTraceOf(lane.first)) {
            entry[0] = Entry.CALLEE;
          } else if (reserve(call.size())) {
            lane.waiting.addLast(call);
          } else {
            entry[0] = Entry.REFUSED;
          }
          return lane;
        });
    return entry[0];
  }

  private boolean reserve(long size) {
    if (calls.incrementAndGet() > maximumCalls) {
      calls.decrementAndGet();
      return false;
    }
    if (bytes.addAndGet(size) > maximumBytes && calls.get() > 1) {
      release(size);
      return false;
    }
    return true;
  }

  private void release(long size) {
    calls.decrementAndGet();
    bytes.addAndGet(-size);
  }

  /** The call, which entered, is over, and no worker runs it any more; the next one goes. */
  void leave(RoutedCall call) {
    Lane[] first = new Lane[1];
    lanes.computeIfPresent(
        call.orderingKey(),
        (key, lane) -> {
          if (lane.first == call) {
            first[0] = lane;
          } else if (lane.waiting.remove(call)) {
            release(call.size());
          }
          return lane;
        });
    Lane lane = first[0];
    // A call whose turn comes may be over at once, within its turn: no recursion, however many.
    if (lane != null && lane.over.getAndIncrement() == 0) {
      do {
        RoutedCall next = next(call.orderingKey());
        if (next != null) {
          next.onTurn();
        }
      } while (lane.over.decrementAndGet() > 0);
    }
  }

  private @Nullable RoutedCall next(String orderingKey) {
    RoutedCall[] next = new RoutedCall[1];
    lanes.computeIfPresent(
        orderingKey,
        (key, lane) -> {
          RoutedCall waiting = lane.waiting.pollFirst();
          if (waiting == null) {
            return null;
          }
          release(waiting.size());
          lane.first = waiting;
          next[0] = waiting;
          return lane;
        });
    return next[0];
  }

  /** Those whose turn has not come. */
  List<RoutedCall> waiting() {
    List<RoutedCall> all = new ArrayList<>();
    for (String key : lanes.keySet()) {
      lanes.computeIfPresent(
          key,
          (same, lane) -> {
            all.addAll(lane.waiting);
            return lane;
          });
    }
    return all;
  }

  /** Lanes with a call on its way. */
  int size() {
    return lanes.size();
  }

  int waitingCalls() {
    return calls.get();
  }

  int maximumCalls() {
    return maximumCalls;
  }
}
