/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit;

import io.manyhands.spi.time.Scheduler;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Timers by due time, those of one time in the order they were made. Cancelling takes constant
 * time: a cancelled timer stays as a husk until it is due or the husks outnumber the living.
 */
final class TimerQueue {
  private static final int FEW = 64;

  private final PriorityQueue<Timer> queue =
      new PriorityQueue<>(
          Comparator.comparingLong((Timer timer) -> timer.dueNanos)
              .thenComparingLong(timer -> timer.order));
  private long order;
  private int husks;

  /** How many timers of somebody have neither run nor been cancelled. */
  static final class Owner {
    private int pending;

    int pending() {
      return pending;
    }
  }

  Timer add(Runnable task, long dueNanos, Owner owner) {
    Timer timer = new Timer(task, dueNanos, order++, owner);
    owner.pending++;
    queue.add(timer);
    return timer;
  }

  /** The earliest due at or before that time, taken out; null where there is none. */
  @Nullable Timer poll(long untilNanos) {
    for (Timer head = queue.peek();
        head != null && (head.ended || head.dueNanos <= untilNanos);
        head = queue.peek()) {
      queue.remove();
      head.queued = false;
      if (!head.ended) {
        return head;
      }
      husks--;
    }
    return null;
  }

  /** Where the tasks of its living timers come from. */
  List<String> describe(Owner owner) {
    return queue.stream()
        .filter(timer -> timer.owner == owner && !timer.ended)
        .map(timer -> timer.task.toString().replaceAll("(\\$\\$Lambda|@).*", ""))
        .sorted()
        .toList();
  }

  private void husk() {
    husks++;
    if (husks > FEW && husks > queue.size() / 2) {
      List<Timer> living = new ArrayList<>(queue.size() - husks);
      for (Timer timer : queue) {
        if (timer.ended) {
          timer.queued = false;
        } else {
          living.add(timer);
        }
      }
      queue.clear();
      queue.addAll(living);
      husks = 0;
    }
  }

  /** Runs its task once, unless it is cancelled before. */
  final class Timer implements Runnable, Scheduler.Cancellable {
    private final Runnable task;
    private final long dueNanos;
    private final long order;
    private final Owner owner;
    private boolean queued = true;
    private boolean ended;

    private Timer(Runnable task, long dueNanos, long order, Owner owner) {
      this.task = task;
      this.dueNanos = dueNanos;
      this.order = order;
      this.owner = owner;
    }

    long dueNanos() {
      return dueNanos;
    }

    @Override
    public void run() {
      if (end()) {
        task.run();
      }
    }

    @Override
    public boolean cancel() {
      if (!end()) {
        return false;
      }
      if (queued) {
        husk();
      }
      return true;
    }

    private boolean end() {
      if (ended) {
        return false;
      }
      ended = true;
      owner.pending--;
      return true;
    }
  }
}
