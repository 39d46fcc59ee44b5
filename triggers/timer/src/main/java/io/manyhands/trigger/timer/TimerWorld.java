/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.store.ScheduleStore;
import io.manyhands.spi.time.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all timers share: clock, scheduler, store, and a place to block. Thread-safe. */
final class TimerWorld {
  private static final Logger LOG = LoggerFactory.getLogger(TimerWorld.class);

  private final PluginContext context;
  private final ScheduleStore store;
  private final TimerStates states = new TimerStates();
  private final LongAdder storeFailures;

  TimerWorld(PluginContext context) {
    this.context = context;
    this.store = context.scheduleStore();
    this.storeFailures = context.counter("storeFailures");
    context.gauge("timers", states::size);
  }

  TimerStates states() {
    return states;
  }

  Instant now() {
    return context.time().clock().instant();
  }

  Scheduler.Cancellable later(Runnable task, Duration delay) {
    return context.time().scheduler().schedule(task, delay.isNegative() ? Duration.ZERO : delay);
  }

  /** Runs what may block; where no place is free, later. */
  void blocking(Runnable task, Duration later) {
    try {
      context.blockingExecutor().execute(task);
    } catch (RejectedExecutionException e) {
      Scheduler.Cancellable unused = later(() -> blocking(task, later), later);
    }
  }

  /** What the store knows; empty where it fails. */
  Optional<ScheduleStore.ScheduleStatus> read(ApplicationId application, String function) {
    try {
      return store.read(application, function);
    } catch (RuntimeException e) {
      storeFailures.increment();
      LOG.warn("timer {}/{}: starts without its memory: {}", application, function, e.toString());
      return Optional.empty();
    }
  }

  /** A run that cannot be remembered is made again after a restart. */
  void write(ApplicationId application, String function, ScheduleStore.ScheduleStatus status) {
    try {
      store.write(application, function, status);
    } catch (RuntimeException e) {
      storeFailures.increment();
      LOG.warn("timer {}/{}: its run is not remembered: {}", application, function, e.toString());
    }
  }
}
