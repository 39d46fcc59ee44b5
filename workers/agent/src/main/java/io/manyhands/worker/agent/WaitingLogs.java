/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import java.util.Optional;

/**
 * Counts the log entries that wait for the Runtime. Those beyond the bounds are dropped, of which
 * one line tells. Confined to the loop.
 */
final class WaitingLogs {
  static final int MOST = 1000;
  static final long MOST_BYTES = 1 << 20;

  private int waiting;
  private long bytes;
  private long dropped;

  /** False where there is no room for it. */
  boolean admit(Envelope entry) {
    if (waiting >= MOST || bytes + entry.length() > MOST_BYTES) {
      dropped++;
      return false;
    }
    waiting++;
    bytes += entry.length();
    return true;
  }

  /** It goes out; what is to be said of those that were dropped, once there are no others. */
  Optional<Envelope> sent(Envelope entry) {
    waiting--;
    bytes -= entry.length();
    if (waiting > 0 || dropped == 0) {
      return Optional.empty();
    }
    Envelope notice = Messages.droppedLogs(dropped);
    dropped = 0;
    waiting++;
    bytes += notice.length();
    return Optional.of(notice);
  }
}
