/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.Payload;
import io.manyhands.spi.store.ScheduleStore;
import io.manyhands.spi.time.Scheduler;
import io.manyhands.spi.time.TimeSeams;
import io.manyhands.spi.trigger.InvocationSink;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One function's timer. It never overlaps itself; what it missed, however often, is made up for by
 * one run that is past due. Wakes at least once a minute, so that a clock that jumps is noticed.
 * Its lock is held for state alone, never while it calls others.
 */
final class TimerLoop {
  private static final Logger LOG = LoggerFactory.getLogger(TimerLoop.class);
  private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);

  /**
   * A schedule that comes more often is not worth a write each time, nor a run for what was missed.
   */
  private static final Duration MONITORED = Duration.ofMinutes(1);

  /** What it is to do. */
  record Plan(
      ApplicationId application,
      String function,
      Schedule schedule,
      boolean runOnStartup,
      boolean useMonitor) {}

  private final Plan plan;
  private final InvocationSink sink;
  private final ScheduleStore store;
  private final TimeSeams time;
  private final Executor blocking;

  private boolean began;
  private boolean ended;
  private boolean running;
  private Scheduler.@Nullable Cancellable timer;
  private @Nullable Instant last;
  private @Nullable Instant next;
  private @Nullable CompletableFuture<Void> idle;

  TimerLoop(
      Plan plan, InvocationSink sink, ScheduleStore store, TimeSeams time, Executor blocking) {
    this.plan = plan;
    this.sink = sink;
    this.store = store;
    this.time = time;
    this.blocking = blocking;
  }

  void begin() {
    synchronized (this) {
      if (began || ended) {
        return;
      }
      began = true;
    }
    blocking.execute(this::recall);
  }

  /** No further run; completes when the current one is answered. */
  synchronized CompletableFuture<Void> end() {
    ended = true;
    if (timer != null) {
      timer.cancel();
    }
    if (!running) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> done = idle == null ? new CompletableFuture<>() : idle;
    idle = done;
    return done;
  }

  private void recall() {
    Optional<ScheduleStore.ScheduleStatus> known =
        monitored() ? store.read(plan.application(), plan.function()) : Optional.empty();
    Instant now = time.clock().instant();
    boolean pastDue = known.map(status -> status.next().isBefore(now)).orElse(false);
    synchronized (this) {
      last = known.map(ScheduleStore.ScheduleStatus::last).orElse(null);
    }
    if (pastDue || plan.runOnStartup()) {
      fire(pastDue);
    } else {
      sleepUntil(
          known.map(ScheduleStore.ScheduleStatus::next).or(() -> plan.schedule().after(now)));
    }
  }

  private boolean monitored() {
    if (!plan.useMonitor()) {
      return false;
    }
    Instant now = time.clock().instant();
    Optional<Instant> first = plan.schedule().after(now);
    Optional<Instant> second = first.flatMap(plan.schedule()::after);
    return first.isPresent()
        && second.isPresent()
        && Duration.between(first.get(), second.get()).compareTo(MONITORED) >= 0;
  }

  private synchronized void sleepUntil(Optional<Instant> moment) {
    if (ended || moment.isEmpty()) {
      return;
    }
    next = moment.get();
    Duration left = Duration.between(time.clock().instant(), moment.get());
    Duration sleep = left.compareTo(LONGEST_SLEEP) > 0 ? LONGEST_SLEEP : left;
    timer = time.scheduler().schedule(this::wake, sleep.isNegative() ? Duration.ZERO : sleep);
  }

  private void wake() {
    Instant due;
    synchronized (this) {
      due = next;
    }
    if (due == null) {
      return;
    }
    Instant now = time.clock().instant();
    if (now.isBefore(due)) {
      // A clock set back by more than a period would keep the timer silent for as long: ask the
      // schedule anew.
      Optional<Instant> fromNow = plan.schedule().after(now);
      sleepUntil(fromNow.filter(moment -> moment.isBefore(due)).or(() -> Optional.of(due)));
      return;
    }
    boolean late = Duration.between(due, now).compareTo(LONGEST_SLEEP) > 0;
    fire(late);
  }

  private void fire(boolean pastDue) {
    Instant now = time.clock().instant();
    Optional<Instant> following = plan.schedule().after(now);
    Instant before;
    synchronized (this) {
      if (ended || running) {
        return;
      }
      running = true;
      before = last == null ? now : last;
      last = now;
    }
    Payload payload = new Payload.Json(json(before, now, following.orElse(now), pastDue));
    sink.submit(
        Invocation.of(plan.application(), plan.function(), payload),
        result -> {
          result
              .error()
              .ifPresent(
                  error ->
                      LOG.warn(
                          "timer {}/{}: {}", plan.application(), plan.function(), error.message()));
          blocking.execute(() -> fired(now));
        });
  }

  private void fired(Instant firedAt) {
    Instant now = time.clock().instant();
    Optional<Instant> following = plan.schedule().after(now);
    if (following.isPresent() && monitored()) {
      try {
        store.write(
            plan.application(),
            plan.function(),
            new ScheduleStore.ScheduleStatus(firedAt, following.get()));
      } catch (RuntimeException e) {
        LOG.warn("{}", e.getMessage());
      }
    }
    CompletableFuture<Void> waiting;
    synchronized (this) {
      running = false;
      waiting = idle;
    }
    if (waiting != null) {
      waiting.complete(null);
    }
    sleepUntil(following);
  }

  private static String json(Instant last, Instant updated, Instant next, boolean pastDue) {
    return "{\"Schedule\":{\"AdjustForDST\":true},\"ScheduleStatus\":{\"Last\":\""
        + last
        + "\",\"LastUpdated\":\""
        + updated
        + "\",\"Next\":\""
        + next
        + "\"},\"IsPastDue\":"
        + pastDue
        + "}";
  }
}
