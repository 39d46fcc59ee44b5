/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Which requests of an application go on: how many are outstanding, how many of them run at once,
 * where its host.json limits that, and none once it is closed. Thread-safe; takes no lock where
 * nothing is limited.
 */
final class Admission {
  private final int pending;
  private final AtomicInteger outstanding = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private final Deque<Turn> waiting = new ArrayDeque<>();
  private int turns;
  private boolean passing;
  private volatile HostSection limits = HostSection.defaults();
  private volatile boolean closed;

  /** A request that may have to wait for its turn. */
  interface Turn {
    /** Goes on; {@link Admission#done} follows. */
    void run();

    /** Will not have its turn. */
    void refused();
  }

  /**
   * @param pending how many may wait for their turn
   */
  Admission(int pending) {
    this.pending = pending;
  }

  void limits(HostSection section) {
    limits = section;
  }

  /** Counts a request in, until {@link #leave}; false where it would be one too many. */
  boolean enter() {
    int maximum = limits.maximumOutstanding();
    if (outstanding.incrementAndGet() > maximum && maximum > 0) {
      outstanding.decrementAndGet();
      return false;
    }
    return true;
  }

  void leave() {
    outstanding.decrementAndGet();
  }

  /** Lets it run now, or at its turn; false where too many wait. */
  boolean take(Turn turn) {
    int maximum = limits.maximumConcurrent();
    if (maximum > 0) {
      synchronized (waiting) {
        if (turns >= maximum) {
          return waiting.size() < pending && waiting.add(turn);
        }
        turns++;
      }
    }
    start(turn);
    return true;
  }

  /** Takes one back that waits for its turn; false where it has had it. */
  boolean withdraw(Turn turn) {
    synchronized (waiting) {
      return waiting.remove(turn);
    }
  }

  /** One that ran is over: the next one's turn. */
  void done() {
    if (running.decrementAndGet() == 0 && closed) {
      drained.complete(null);
    }
    if (limits.maximumConcurrent() > 0) {
      pass();
    }
  }

  /** No further one runs; completes when those that do are over. */
  CompletableFuture<Void> close() {
    closed = true;
    Deque<Turn> refused;
    synchronized (waiting) {
      refused = new ArrayDeque<>(waiting);
      waiting.clear();
    }
    refused.forEach(Turn::refused);
    if (running.get() == 0) {
      drained.complete(null);
    }
    return drained;
  }

  private void start(Turn turn) {
    running.incrementAndGet();
    // Counted first, then looked: whoever closes sees it, or it sees that it is closed.
    if (closed) {
      turn.refused();
      done();
    } else {
      turn.run();
    }
  }

  /** One thread at a time starts others, so that answers within the call pile up no stack. */
  private void pass() {
    synchronized (waiting) {
      turns--;
      if (passing) {
        return;
      }
      passing = true;
    }
    while (true) {
      Turn next;
      synchronized (waiting) {
        next = turns < limits.maximumConcurrent() ? waiting.poll() : null;
        if (next == null) {
          passing = false;
          return;
        }
        turns++;
      }
      start(next);
    }
  }
}
