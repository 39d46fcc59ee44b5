/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import io.manyhands.spi.store.ScheduleStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What all revisions of a function's timer share: that one runs at a time, and when it last did. So
 * an update never makes a timer fire twice, nor overlap itself. Thread-safe.
 */
final class TimerState {
  private final List<Runnable> waiting = new ArrayList<>();
  private boolean running;
  private @Nullable Instant last;
  private @Nullable Instant handled;
  private ScheduleStore.@Nullable ScheduleStatus status;

  /** True where it may run now, until {@link #end}; otherwise the task is run when it may. */
  synchronized boolean begin(Runnable whenFree) {
    if (running) {
      waiting.add(whenFree);
      return false;
    }
    running = true;
    return true;
  }

  /** The run is over. */
  void end() {
    List<Runnable> free;
    synchronized (this) {
      running = false;
      free = List.copyOf(waiting);
      waiting.clear();
    }
    free.forEach(Runnable::run);
  }

  /** When it fired last; null where it never did. */
  synchronized @Nullable Instant last() {
    return last;
  }

  /** When it was due last and was handled; null where that does not count. */
  synchronized @Nullable Instant handled() {
    return handled;
  }

  synchronized void fired(Instant when, Instant wasDue) {
    last = when;
    handled = wasDue;
  }

  /** What an earlier process remembered. */
  synchronized void recall(Instant when) {
    last = when;
  }

  /** The clock was set back: what was handled by it may come again. */
  synchronized void startOver() {
    handled = null;
  }

  /** What this process knows; empty where it has not fired in it yet. */
  synchronized Optional<ScheduleStore.ScheduleStatus> status() {
    return Optional.ofNullable(status);
  }

  synchronized void remember(ScheduleStore.ScheduleStatus value) {
    status = value;
  }
}
