/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.spi.time.Scheduler;
import io.manyhands.spi.time.TimeSeams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Calls of one worker that nobody waits for any more and that still hold their slots. Each has some
 * time left in which to be answered; then it has overrun. On the session's strand.
 */
final class AbandonedCalls {
  private final TimeSeams time;
  private final Executor strand;
  private final Predicate<Call> running;
  private final Consumer<Call> overrun;
  private final Map<Call, Long> dueNanos = new LinkedHashMap<>();
  private Scheduler.@Nullable Cancellable timer;
  private long timerNanos;

  /**
   * @param running true for a call that still holds its slot
   * @param overrun is told of a call that does so when its time is up
   */
  AbandonedCalls(TimeSeams time, Executor strand, Predicate<Call> running, Consumer<Call> overrun) {
    this.time = time;
    this.strand = strand;
    this.running = running;
    this.overrun = overrun;
  }

  void add(Call call, Duration left) {
    long due = time.ticker().nanos() + left.toNanos();
    dueNanos.put(call, due);
    if (timer == null || due - timerNanos < 0) {
      arm(due);
    }
  }

  void stop() {
    dueNanos.clear();
    Scheduler.Cancellable armed = timer;
    timer = null;
    if (armed != null) {
      armed.cancel();
    }
  }

  private void arm(long due) {
    Scheduler.Cancellable armed = timer;
    if (armed != null) {
      armed.cancel();
    }
    timerNanos = due;
    timer =
        time.scheduler()
            .schedule(
                () -> strand.execute(this::look),
                Duration.ofNanos(Math.max(0, due - time.ticker().nanos())));
  }

  private void look() {
    if (timer == null) {
      return;
    }
    timer = null;
    long now = time.ticker().nanos();
    dueNanos.keySet().removeIf(call -> !running.test(call));
    List<Call> over = new ArrayList<>();
    dueNanos.forEach(
        (call, due) -> {
          if (due - now <= 0) {
            over.add(call);
          }
        });
    over.forEach(dueNanos::remove);
    dueNanos.values().stream().min(Long::compare).ifPresent(this::arm);
    over.forEach(overrun);
  }
}
