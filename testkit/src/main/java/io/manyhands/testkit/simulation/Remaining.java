/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import java.util.TreeSet;

/**
 * Which seeds of a range are still to be run, so that a range that was interrupted can go on. Safe
 * from all threads.
 */
final class Remaining {
  private final long end;
  private final TreeSet<Long> ahead = new TreeSet<>();
  private long next;

  Remaining(long first, long seeds) {
    this.next = first;
    this.end = first + seeds;
  }

  synchronized void onDone(long seed) {
    ahead.add(seed);
    while (ahead.remove(next)) {
      next++;
    }
  }

  /** The command that runs the rest; seeds that overtook others are run again. */
  @Override
  public synchronized String toString() {
    return next == end
        ? "every seed was run"
        : "interrupted; to go on: ./simulate --first-seed " + next + " --seeds " + (end - next);
  }
}
