/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.api.worker.WorkerStack;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Claims of one language that could be met now, in their order. On the placement strand. */
final class Waiting {
  private final TreeMap<WorkerStack, Queue> queues = new TreeMap<>();

  private static final class Queue {
    private final TreeSet<Claim> claims = new TreeSet<>(Claim.ORDER);
    private int firsts;
    private int further;
  }

  void add(Claim claim) {
    Queue queue = queues.computeIfAbsent(claim.application().stack(), stack -> new Queue());
    if (queue.claims.add(claim)) {
      count(queue, claim, 1);
    }
  }

  /** True where it was there. */
  boolean remove(Claim claim) {
    WorkerStack stack = claim.application().stack();
    Queue queue = queues.get(stack);
    if (queue == null || !queue.claims.remove(claim)) {
      return false;
    }
    count(queue, claim, -1);
    if (queue.claims.isEmpty()) {
      queues.remove(stack);
    }
    return true;
  }

  private static void count(Queue queue, Claim claim, int sign) {
    int first = claim.none() ? 1 : 0;
    queue.firsts += sign * first;
    queue.further += sign * (claim.workers() - first);
  }

  Collection<WorkerStack> stacks() {
    return List.copyOf(queues.keySet());
  }

  /** The first in the queue of exactly that stack. */
  @Nullable Claim head(WorkerStack stack) {
    Queue queue = queues.get(stack);
    return queue == null ? null : queue.claims.first();
  }

  /** The first of all whose stack is served by such a worker. */
  Optional<Claim> headServedBy(WorkerStack worker) {
    return queues.entrySet().stream()
        .filter(entry -> entry.getKey().acceptsWorkerOf(worker))
        .map(entry -> entry.getValue().claims.first())
        .min(Claim.ORDER);
  }

  /** Claims of exactly that stack that have no worker at all, in their order. */
  List<Claim> firstsOf(WorkerStack stack) {
    Queue queue = queues.get(stack);
    return queue == null ? List.of() : queue.claims.stream().takeWhile(Claim::none).toList();
  }

  /** First workers that are waited for, by stack. */
  Map<WorkerStack, Integer> firsts() {
    return counts(queue -> queue.firsts);
  }

  /** Further workers that are waited for, by stack. */
  Map<WorkerStack, Integer> further() {
    return counts(queue -> queue.further);
  }

  private Map<WorkerStack, Integer> counts(java.util.function.ToIntFunction<Queue> count) {
    Map<WorkerStack, Integer> counts = new TreeMap<>(Comparator.naturalOrder());
    queues.forEach(
        (stack, queue) -> {
          if (count.applyAsInt(queue) > 0) {
            counts.put(stack, count.applyAsInt(queue));
          }
        });
    return counts;
  }
}
