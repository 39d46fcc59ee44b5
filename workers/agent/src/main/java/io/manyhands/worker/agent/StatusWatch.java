/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import java.util.concurrent.TimeUnit;

/**
 * When a worker was last heard, and whether a question of the agent's own is open. Confined to the
 * loop.
 */
final class StatusWatch {
  /** After so long without a word a worker is asked. */
  static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final String PREFIX = "manyhands-agent-";

  private long heardNanos = System.nanoTime();
  private long questions;
  private boolean open;

  void heard() {
    heardNanos = System.nanoTime();
    open = false;
  }

  boolean due(long nowNanos) {
    return !open && nowNanos - heardNanos >= QUIET_NANOS;
  }

  /** The request id of a question that is put now. */
  String ask(long nowNanos) {
    open = true;
    return PREFIX + ++questions;
  }

  boolean isOwn(String requestId) {
    return requestId.startsWith(PREFIX);
  }

  /** For how long a question has been open and nothing was heard; 0 where none is. */
  long unansweredNanos(long nowNanos) {
    return open ? nowNanos - heardNanos : 0;
  }
}
