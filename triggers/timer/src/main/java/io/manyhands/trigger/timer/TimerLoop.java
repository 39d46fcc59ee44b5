/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.spi.store.ScheduleStore.ScheduleStatus;
import io.manyhands.spi.time.Scheduler;
import io.manyhands.spi.trigger.InvocationSink;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One function's timer in one revision. It never overlaps itself; what it missed, however often, is
 * made up for by one run that is past due, and so is a run that never reached a worker. A run is
 * remembered when it is over: who dies before runs it again. Wakes at least once a minute, so that
 * a clock that jumps is noticed. Its lock is held for state alone, never while it calls others.
 */
final class TimerLoop {
  private static final Logger LOG = LoggerFactory.getLogger(TimerLoop.class);
  private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);
  private static final Duration AGAIN = Duration.ofSeconds(30);

  /**
   * A schedule that comes more often is not worth a write each time, nor a run for what it missed.
   */
  private static final Duration MONITORED = Duration.ofMinutes(1);

  /** What it is to do. */
  record Plan(
      ApplicationId application,
      String function,
      Schedule schedule,
      boolean runOnStartup,
      boolean useMonitor) {
    @Override
    public String toString() {
      return application + "/" + function;
    }
  }

  private final Plan plan;
  private final InvocationSink sink;
  private final TimerWorld world;
  private final TimerState state;

  private boolean began;
  private boolean ended;
  private boolean running;
  private boolean failedToRun;
  private Scheduler.@Nullable Cancellable timer;
  private @Nullable Instant due;
  private final CompletableFuture<Void> over = new CompletableFuture<>();

  TimerLoop(Plan plan, InvocationSink sink, TimerWorld world) {
    this.plan = plan;
    this.sink = sink;
    this.world = world;
    this.state = world.states().take(plan.application(), plan.function());
  }

  void begin() {
    synchronized (this) {
      if (began || ended) {
        return;
      }
      began = true;
    }
    recallAfterOthers();
  }

  /** No further run; completes when the current one is answered. */
  CompletableFuture<Void> end() {
    boolean done;
    synchronized (this) {
      ended = true;
      done = !running;
      if (timer != null) {
        timer.cancel();
      }
    }
    if (done) {
      finish();
    }
    return over.copy();
  }

  private void finish() {
    if (over.complete(null)) {
      world.states().giveBack(plan.application(), plan.function());
    }
  }

  // ---- the beginning

  /** A run of the revision before may not be remembered yet. */
  private void recallAfterOthers() {
    if (state.begin(this::recallAfterOthers)) {
      world.blocking(this::recall, AGAIN);
    }
  }

  private void recall() {
    Instant now = world.now();
    boolean monitored = isMonitored(now);
    Optional<ScheduleStatus> known =
        monitored
            ? state.status().or(() -> world.read(plan.application(), plan.function()))
            : Optional.empty();
    known.flatMap(ScheduleStatus::last).ifPresent(state::recall);
    Optional<Instant> planned =
        known.map(ScheduleStatus::next).filter(next -> plan.schedule().mayBeDue(next, now));
    boolean missed = planned.map(next -> next.isBefore(now)).orElse(false);
    Optional<Instant> next = planned.or(() -> plan.schedule().next(state.handled(), now));
    synchronized (this) {
      due = next.orElse(null);
      running = !ended && (missed || plan.runOnStartup());
    }
    if (monitored && planned.isEmpty()) {
      // So that the first run, too, is missed where nobody runs when it is due.
      next.ifPresent(this::remember);
    }
    if (isRunning()) {
      submit(now, missed);
    } else {
      state.end();
      sleep();
    }
  }

  private void remember(Instant next) {
    ScheduleStatus status = new ScheduleStatus(Optional.ofNullable(state.last()), next);
    state.remember(status);
    world.write(plan.application(), plan.function(), status);
  }

  private synchronized boolean isRunning() {
    return running;
  }

  private boolean isMonitored(Instant now) {
    return plan.useMonitor()
        && plan.schedule().next(null, now).isPresent()
        && plan.schedule().period(plan.schedule().next(null, now).orElse(now)).compareTo(MONITORED)
            >= 0;
  }

  // ---- waiting

  private synchronized void sleep() {
    Instant moment = due;
    if (ended || moment == null) {
      return;
    }
    Duration left = failedToRun ? AGAIN : Duration.between(world.now(), moment);
    timer = world.later(this::wake, left.compareTo(LONGEST_SLEEP) > 0 ? LONGEST_SLEEP : left);
  }

  private void wake() {
    Instant now = world.now();
    boolean pastDue;
    synchronized (this) {
      if (ended || running) {
        return;
      }
      if (!failedToRun) {
        lookAgain(now);
        if (due == null || now.isBefore(due)) {
          sleep();
          return;
        }
      }
      pastDue =
          failedToRun || (due != null && Duration.between(due, now).compareTo(LONGEST_SLEEP) > 0);
    }
    if (!state.begin(this::wake)) {
      return;
    }
    boolean handled;
    synchronized (this) {
      // The revision before, or the next one, may have been quicker.
      handled = !failedToRun && due != null && isHandled(due);
      running = !ended && !handled;
    }
    if (isRunning()) {
      submit(now, pastDue);
      return;
    }
    state.end();
    if (handled) {
      wake();
    }
  }

  private boolean isHandled(Instant moment) {
    Instant handled = state.handled();
    return handled != null && !moment.isAfter(handled);
  }

  /** Under the lock: a clock that was set back must not silence the timer until it catches up. */
  private void lookAgain(Instant now) {
    Instant handled = state.handled();
    if (handled != null && isSetBack(handled, now)) {
      LOG.info(
          "timer {}: the clock was set back to {}, and its schedule counts from there", plan, now);
      state.startOver();
    }
    Instant planned = due;
    plan.schedule()
        .next(state.handled(), now)
        .filter(next -> planned == null || isHandled(planned) || next.isBefore(planned))
        .ifPresent(next -> due = next);
  }

  /** By more than the schedule's own measure: a smaller step makes nothing come twice. */
  private boolean isSetBack(Instant since, Instant now) {
    Duration back = Duration.between(now, since);
    return back.compareTo(LONGEST_SLEEP) > 0 && back.compareTo(plan.schedule().period(since)) > 0;
  }

  // ---- running

  private void submit(Instant firedAt, boolean pastDue) {
    Instant handling;
    synchronized (this) {
      handling = due == null || due.isAfter(firedAt) ? firedAt : due;
    }
    Instant next = plan.schedule().next(handling, firedAt).orElse(firedAt);
    String json = TimerPayload.json(state.last(), firedAt, next, pastDue);
    sink.submit(
        Invocation.of(plan.application(), plan.function(), new Payload.Json(json)),
        result -> world.blocking(() -> ran(handling, firedAt, result), AGAIN));
  }

  private void ran(Instant handling, Instant firedAt, InvocationResult result) {
    boolean again = result.error().map(error -> error.code().retrySafe()).orElse(false);
    result.error().ifPresent(error -> LOG.warn("timer {}: {}", plan, error.message()));
    Instant now = world.now();
    Optional<Instant> next = plan.schedule().next(handling, now);
    if (!again) {
      state.fired(firedAt, handling);
      if (isMonitored(now)) {
        next.ifPresent(this::remember);
      }
    }
    boolean done;
    synchronized (this) {
      running = false;
      failedToRun = again;
      if (!again) {
        due = next.orElse(null);
      }
      done = ended;
    }
    state.end();
    if (done) {
      finish();
    } else {
      sleep();
    }
  }
}
