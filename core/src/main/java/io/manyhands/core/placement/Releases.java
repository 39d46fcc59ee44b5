/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.core.concurrent.Futures;
import io.manyhands.spi.time.TimeSeams;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Workers whose end was asked of a provisioner. A provisioner that fails or never answers keeps
 * nobody waiting: each wait has a bound, and none outlives the provisioners. Thread-safe.
 */
final class Releases {
  private static final Logger LOG = LoggerFactory.getLogger(Releases.class);

  private final TimeSeams time;
  private final AtomicLong numbers = new AtomicLong();
  private final ConcurrentNavigableMap<Long, CompletableFuture<Void>> pending =
      new ConcurrentSkipListMap<>();

  Releases(TimeSeams time) {
    this.time = time;
  }

  /** Completes when the provisioner says so, or gives up after twice the grace; never fails. */
  CompletableFuture<Void> await(
      Supplier<CompletionStage<Void>> release, Duration grace, String what) {
    CompletionStage<Void> asked;
    try {
      asked = release.get();
    } catch (RuntimeException e) {
      asked = CompletableFuture.failedFuture(e);
    }
    long number = numbers.incrementAndGet();
    CompletableFuture<Void> bounded = Futures.within(asked, grace.multipliedBy(2), time, what);
    pending.put(number, bounded);
    return bounded.handle(
        (done, error) -> {
          pending.remove(number);
          if (error != null) {
            LOG.warn("{}", Futures.unwrap(error).getMessage());
          }
          return null;
        });
  }

  /** The provisioners end whatever is left: nobody waits for a single worker any more. */
  void stop() {
    pending.values().forEach(waiting -> waiting.complete(null));
  }
}
