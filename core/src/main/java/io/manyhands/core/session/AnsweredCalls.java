/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.spi.transport.WorkerConnection;
import org.jspecify.annotations.Nullable;

/**
 * Functions of the calls that were answered last on one stream: workers log beside their answers,
 * and an entry may come after. Touched by the stream's I/O thread alone.
 */
final class AnsweredCalls {
  /** More than any stack has slots by default. */
  private static final int KEPT = 128;

  private final WorkerConnection stream;
  private final @Nullable String[] ids = new @Nullable String[KEPT];
  private final @Nullable String[] functionKeys = new @Nullable String[KEPT];
  private int next;

  AnsweredCalls(WorkerConnection stream) {
    this.stream = stream;
  }

  boolean isOf(WorkerConnection other) {
    return stream == other;
  }

  void add(String invocationId, String functionKey) {
    ids[next] = invocationId;
    functionKeys[next] = functionKey;
    next = (next + 1) % KEPT;
  }

  @Nullable String functionKey(String invocationId) {
    for (int index = 0; index < KEPT; index++) {
      if (invocationId.equals(ids[index])) {
        return functionKeys[index];
      }
    }
    return null;
  }
}
