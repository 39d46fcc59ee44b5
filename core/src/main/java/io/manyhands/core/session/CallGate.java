/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The one atomic gate before a worker's slots: open or closed, and how many are taken. Opened and
 * closed by the session's transition alone. Thread-safe, no lock.
 */
final class CallGate {
  private static final long OPEN = 1L << 62;

  /** OPEN bit and count in one word, so that no reservation can slip past a close. */
  private final AtomicLong word = new AtomicLong();

  boolean tryReserve(int slots) {
    while (true) {
      long seen = word.get();
      if ((seen & OPEN) == 0 || (seen & ~OPEN) >= slots) {
        return false;
      }
      if (word.compareAndSet(seen, seen + 1)) {
        return true;
      }
    }
  }

  void release() {
    word.decrementAndGet();
  }

  void open() {
    word.getAndUpdate(seen -> seen | OPEN);
  }

  void close() {
    word.getAndUpdate(seen -> seen & ~OPEN);
  }

  boolean isOpen() {
    return (word.get() & OPEN) != 0;
  }

  int taken() {
    return (int) (word.get() & ~OPEN);
  }
}
