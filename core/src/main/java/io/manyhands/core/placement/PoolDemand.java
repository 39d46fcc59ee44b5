/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.api.worker.WorkerStack;
import java.util.Map;
import java.util.TreeMap;

/** Claims for placeholders, by the stack that was asked for. On the placement strand. */
final class PoolDemand {
  private final Map<WorkerStack, long[]> counts = new TreeMap<>();

  /** A claim found a placeholder. */
  void hit(WorkerStack stack) {
    of(stack)[0]++;
  }

  /** A claim found none at first. */
  void missed(WorkerStack stack) {
    of(stack)[1]++;
  }

  /** Claims that a placeholder of this stack could have served. */
  long claims(WorkerStack worker) {
    return sum(worker, 0);
  }

  /** Those of them that found none. */
  long misses(WorkerStack worker) {
    return sum(worker, 1);
  }

  private long sum(WorkerStack worker, int index) {
    return counts.entrySet().stream()
        .filter(entry -> entry.getKey().acceptsWorkerOf(worker))
        .mapToLong(entry -> entry.getValue()[index])
        .sum();
  }

  private long[] of(WorkerStack stack) {
    return counts.computeIfAbsent(stack, key -> new long[2]);
  }
}
