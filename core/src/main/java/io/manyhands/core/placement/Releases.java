/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.core.concurrent.Futures;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.spi.time.Scheduler;
import io.manyhands.spi.time.TimeSeams;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Workers whose end was asked of a provisioner. One that fails or never answers is asked again, and
 * keeps nobody waiting: each wait has a bound, and none outlives the provisioners. Thread-safe.
 */
final class Releases {
  private static final Logger LOG = LoggerFactory.getLogger(Releases.class);
  private static final int ATTEMPTS = 5;
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final TimeSeams time;
  private final Executor executor;
  private final Metrics metrics;
  private final AtomicLong numbers = new AtomicLong();
  private final ConcurrentNavigableMap<Long, CompletableFuture<Void>> pending =
      new ConcurrentSkipListMap<>();
  private final ConcurrentNavigableMap<Long, Scheduler.Cancellable> retries =
      new ConcurrentSkipListMap<>();
  private volatile boolean stopped;

  /**
   * @param executor where provisioners are asked again
   */
  Releases(TimeSeams time, Executor executor, Metrics metrics) {
    this.time = time;
    this.executor = executor;
    this.metrics = metrics;
  }

  /**
   * Asks for a worker's end. Completes when the provisioner says so, or gives up after twice the
   * grace; never fails.
   */
  CompletableFuture<Void> release(NamedProvisioner named, WorkerId worker, Duration grace) {
    return release(named, worker, grace, 1);
  }

  private CompletableFuture<Void> release(
      NamedProvisioner named, WorkerId worker, Duration grace, int attempt) {
    long number = numbers.incrementAndGet();
    CompletableFuture<Void> bounded =
        Futures.within(
            named.guarded("release", () -> named.provisioner().release(worker, grace)),
            grace.multipliedBy(2),
            time,
            "worker " + worker + ": its end by provisioner " + named.name());
    pending.put(number, bounded);
    if (stopped) {
      bounded.complete(null);
    }
    return bounded.handle(
        (done, error) -> {
          pending.remove(number);
          if (error != null) {
            failed(named, worker, grace, attempt, Futures.unwrap(error));
          }
          return null;
        });
  }

  private void failed(
      NamedProvisioner named,
      WorkerId worker,
      Duration grace,
      int attempt,
      ManyhandsException why) {
    metrics.counter("placement.release.failed").increment();
    if (stopped) {
      return;
    }
    if (attempt >= ATTEMPTS) {
      LOG.error("worker {} may still run: {}", worker, why.getMessage());
      return;
    }
    LOG.warn("worker {} is released again: {}", worker, why.getMessage());
    long number = numbers.incrementAndGet();
    Scheduler.Cancellable retry =
        time.scheduler()
            .schedule(
                () -> {
                  retries.remove(number);
                  executor.execute(
                      () -> {
                        CompletableFuture<Void> unused = release(named, worker, grace, attempt + 1);
                      });
                },
                why.retryAfter().orElse(PAUSE.multipliedBy(1L << attempt)));
    retries.put(number, retry);
    if (stopped) {
      retry.cancel();
    }
  }

  /** The provisioners end whatever is left: nobody waits for a single worker any more. */
  void stop() {
    stopped = true;
    pending.values().forEach(waiting -> waiting.complete(null));
    retries.values().forEach(Scheduler.Cancellable::cancel);
    retries.clear();
  }
}
