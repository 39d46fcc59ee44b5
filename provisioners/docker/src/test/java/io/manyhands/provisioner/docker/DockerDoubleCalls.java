/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.docker;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Counts what is in flight. */
final class DockerDoubleCalls {
  private static final long LONGEST_MEETING_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

  /** Answers one call. */
  interface Call {
    void answer() throws IOException;
  }

  private int now;
  private int most;

  void counted(Call call) throws IOException {
    synchronized (this) {
      now++;
      most = Math.max(most, now);
      notifyAll();
    }
    try {
      call.answer();
    } finally {
      synchronized (this) {
        now--;
      }
    }
  }

  /** Holds a call until so many are in flight, so that too many would be seen; not for long. */
  synchronized void meet(int calls) throws IOException {
    long deadline = System.nanoTime() + LONGEST_MEETING_NANOS;
    try {
      for (long left = LONGEST_MEETING_NANOS;
          now <= calls && left > 0;
          left = deadline - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  synchronized int most() {
    return most;
  }
}
