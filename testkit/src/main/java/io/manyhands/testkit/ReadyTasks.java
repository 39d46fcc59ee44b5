/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that may run now: in their order, or, as a pool of threads may take them, in one that a
 * seed decides.
 */
final class ReadyTasks {
  private final @Nullable SplittableRandom order;
  private final List<Runnable> tasks = new ArrayList<>();
  private int first;

  ReadyTasks(@Nullable SplittableRandom order) {
    this.order = order;
  }

  void add(Runnable task) {
    tasks.add(task);
  }

  boolean isEmpty() {
    return first == tasks.size();
  }

  /** Takes one out; there must be one. */
  Runnable next() {
    int last = tasks.size() - 1;
    if (order != null) {
      int index = order.nextInt(last + 1);
      Runnable chosen = tasks.get(index);
      tasks.set(index, tasks.get(last));
      tasks.remove(last);
      return chosen;
    }
    Runnable oldest = tasks.get(first++);
    if (first > last) {
      tasks.clear();
      first = 0;
    }
    return oldest;
  }
}
