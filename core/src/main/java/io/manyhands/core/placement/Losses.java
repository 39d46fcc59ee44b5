/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.core.placement.PlacedWorker.Phase;
import io.manyhands.spi.time.TimeSeams;
import java.util.ArrayList;
import java.util.List;

/**
 * Whose fault a worker's end is: the start's, which closes its provisioner's gate for the language,
 * or the application's, which is left alone for a while; and who is told. On the placement strand.
 */
final class Losses {
  /** Failures in a row after which whoever waits is told. */
  private static final int ATTEMPTS = 3;

  private final PlacementBook book;
  private final Provisioners provisioners;
  private final Settlement settlement;
  private final Settlement.Hands hands;
  private final TimeSeams time;
  private final Metrics metrics;

  Losses(
      PlacementBook book,
      Provisioners provisioners,
      Settlement settlement,
      Settlement.Hands hands,
      TimeSeams time,
      Metrics metrics) {
    this.book = book;
    this.provisioners = provisioners;
    this.settlement = settlement;
    this.hands = hands;
    this.time = time;
    this.metrics = metrics;
  }

  /** A worker answered its initialization. */
  void cameUp(PlacedWorker worker) {
    StartGate gate = worker.gate();
    if (gate != null) {
      gate.settled();
      gate.succeeded();
      LanguagePool pool = pool(worker);
      pool.problem("");
      book.touch(pool);
    }
  }

  /** A worker has ended: takes it out of the book and judges why. */
  void ended(PlacedWorker worker) {
    StartGate gate = worker.gate();
    AppPlacement application = worker.application();
    Phase phase = worker.phase();
    book.remove(worker);
    if (gate != null && !worker.initialized()) {
      gate.settled();
    }
    ManyhandsException why = worker.session().failure().orElse(null);
    if (why == null || phase == Phase.LEAVING || phase == Phase.HELD) {
      return;
    }
    if (!worker.initialized()) {
      metrics.counter("placement.start.failed").increment();
      pool(worker).problem(String.valueOf(why.getMessage()));
      if (gate != null && (application == null || why.retryAfter().isPresent())) {
        startFailed(worker, gate, why);
        return;
      }
    }
    if (application != null) {
      applicationFailed(application, worker, why);
    }
  }

  private void startFailed(PlacedWorker worker, StartGate gate, ManyhandsException why) {
    long now = time.ticker().nanos();
    LanguagePool pool = pool(worker);
    WorkerStack stack = worker.session().requestedStack();
    if (why.retryAfter().isPresent()) {
      metrics.counter("placement.paused").increment();
      gate.paused(why.retryAfter().get(), now);
      return;
    }
    gate.failed(worker.askedNanos(), now);
    if (why.code() == ErrorCode.INVALID_ARGUMENT) {
      settlement.giveUp(pool, stack, why);
    } else if (provisioners.failures(stack) >= ATTEMPTS) {
      // They go on waiting: a later start may come up, and the next caller finds its worker.
      for (WorkerStack waiting : pool.waiting().stacks()) {
        List<Claim> told =
            waiting.acceptsWorkerOf(stack) ? pool.waiting().firstsOf(waiting) : List.of();
        new ArrayList<>(told).forEach(claim -> hands.tell(claim.application(), why));
      }
    }
  }

  private void applicationFailed(
      AppPlacement application, PlacedWorker worker, ManyhandsException why) {
    long now = time.ticker().nanos();
    if (worker.served()) {
      metrics.counter("placement.workers.lost").increment();
      if (worker.servedNanos(now) >= CrashBudget.SOUND.toNanos()) {
        application.crashes().recovered();
      } else {
        application.crashes().failed(worker.chosenNanos(), now, time.randomness());
      }
      return;
    }
    metrics.counter("placement.specialization.failed").increment();
    application.crashes().failed(worker.chosenNanos(), now, time.randomness());
    boolean hopeless =
        why.code() == ErrorCode.APP_FAILED
            || why.code() == ErrorCode.INVALID_ARGUMENT
            || application.crashes().failures() >= ATTEMPTS;
    if (hopeless && application.hasNone()) {
      application.resize(0);
      hands.tell(application, why);
    }
  }

  private LanguagePool pool(PlacedWorker worker) {
    return book.pool(worker.session().requestedStack().language());
  }
}
