/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.core.concurrent.Strand;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.core.placement.PlacedWorker.Phase;
import io.manyhands.spi.policy.AssignmentPolicy;
import io.manyhands.spi.provision.StackInfo;
import io.manyhands.spi.time.Scheduler;
import io.manyhands.spi.time.TimeSeams;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;

/**
 * The one place that decides: files what each application waits for and settles the languages that
 * have changed. On the placement strand.
 */
final class Reconciliation implements Settlement.Hands {
  private static final Duration SOON = Duration.ofMillis(1);

  private final PlacementBook book;
  private final Placement.Limits limits;
  private final Provisioners provisioners;
  private final Settlement settlement;
  private final Handover handover;
  private final Strand strand;
  private final TimeSeams time;
  private final Metrics metrics;
  private volatile IntConsumer countListener = count -> {};
  private int toldCount;
  private boolean started;
  private boolean closed;

  Reconciliation(
      PlacementBook book,
      Placement.Limits limits,
      WorkerRequests requests,
      AssignmentPolicy assignment,
      Handover handover,
      Seams seams) {
    this.book = book;
    this.limits = limits;
    this.provisioners = requests.provisioners();
    this.handover = handover;
    this.strand = seams.strand();
    this.time = seams.time();
    this.metrics = seams.metrics();
    this.settlement =
        new Settlement(book, requests, assignment, time.ticker(), this, seams.metrics());
  }

  /** What every part of placement works with. */
  record Seams(Strand strand, TimeSeams time, Metrics metrics) {}

  Settlement settlement() {
    return settlement;
  }

  /** Is told how many workers there are, after each change. */
  void onCount(IntConsumer listener) {
    countListener = listener;
  }

  /** Workers may be back before the pool's targets are known: nothing is settled before this. */
  void open() {
    started = true;
  }

  /** Nothing is wanted any more. */
  void close() {
    closed = true;
    book.cancelTimers();
  }

  boolean isClosed() {
    return closed;
  }

  void settle() {
    if (closed || !started) {
      return;
    }
    for (Optional<AppPlacement> next = book.unblocked();
        next.isPresent();
        next = book.unblocked()) {
      refresh(next.get());
    }
    for (List<LanguagePool> pools = book.takeChanged();
        !pools.isEmpty();
        pools = book.takeChanged()) {
      settlement.settle(pools);
      metrics.counter("placement.examined").add(pools.size());
    }
    if (book.size() != toldCount) {
      toldCount = book.size();
      countListener.accept(toldCount);
    }
  }

  @Override
  public void refresh(AppPlacement application) {
    metrics.counter("placement.examined").increment();
    application.wake(null);
    book.withdraw(application);
    if (closed || application.isClosed()) {
      return;
    }
    for (int excess = application.excess(); excess > 0; excess--) {
      application
          .leastNeeded()
          .ifPresent(
              worker -> end(worker, application.terms().drainGrace(), "fewer workers are wanted"));
    }
    if (!application.hasNone()) {
      application.patience(null);
    }
    long now = time.ticker().nanos();
    int missing = application.deficit(now);
    long pause = application.crashes().left(now);
    if (missing > 0 && pause > 0) {
      application.wake(
          after(
              Duration.ofNanos(pause),
              () -> {
                refresh(application);
                settle();
              }));
    } else if (missing > 0) {
      claim(application, missing);
    }
    application.publish(now);
  }

  private void claim(AppPlacement application, int missing) {
    boolean dedicated =
        provisioners
            .supply(application.stack())
            .filter(supply -> supply == StackInfo.Supply.DEDICATED)
            .isPresent();
    if (book.claim(application, missing, dedicated) || !application.hasNone()) {
      return;
    }
    // A tenant's applications share what it may have: nobody keeps another without any.
    boolean taken = book.tenants().givers(application.tenant()).map(settlement::take).orElse(false);
    if (taken) {
      book.claim(application, missing, dedicated);
    }
  }

  /** Somebody waits for its first worker: after some time that is told why there is none. */
  void awaitPatiently(AppPlacement application) {
    if (!closed && application.hasNone() && !application.isPatient() && !application.isClosed()) {
      application.patience(after(limits.patience(), () -> impatient(application)));
    }
  }

  private void impatient(AppPlacement application) {
    application.patience(null);
    if (application.hasNone() && application.deficit() > 0) {
      LanguagePool pool = book.pool(application.stack().language());
      tell(
          application,
          Settlement.noWorker(
              application, limits.patience(), settlement.whyNone(application, pool)));
    }
  }

  CompletableFuture<Void> end(PlacedWorker worker, Duration grace, String reason) {
    Phase before = worker.phase();
    book.end(worker);
    AppPlacement application = worker.application();
    if (application != null && before == Phase.SERVING) {
      publish(application);
    }
    return before == Phase.SERVING || before == Phase.DOUBTFUL || before == Phase.LEAVING
        ? worker.session().drain(grace, reason)
        : worker.session().release(reason);
  }

  void publish(AppPlacement application) {
    metrics.counter("placement.examined").add(application.placed().size());
    application.publish(time.ticker().nanos());
    application.workers().onWorkers(application.serving());
  }

  Scheduler.Cancellable after(Duration delay, Runnable task) {
    return time.scheduler()
        .schedule(() -> strand.execute(task), delay.compareTo(SOON) < 0 ? SOON : delay);
  }

  // ---- what settlement and losses leave to it

  @Override
  public void specialize(AppPlacement application, PlacedWorker worker, String reason) {
    handover.specialize(application, worker, reason, this::notTaken);
  }

  @Override
  public void start(AppPlacement application, PlacedWorker worker) {
    handover.start(application, worker, this::notTaken);
  }

  void adopt(AppPlacement application, PlacedWorker worker) {
    handover.adopt(application, worker, this::notTaken);
  }

  /** It left PLACEHOLDER between choice and start; another is chosen. */
  private void notTaken(AppPlacement application, PlacedWorker worker) {
    book.assign(worker, null, time.ticker().nanos());
    refresh(application);
    settle();
  }

  @Override
  public void end(PlacedWorker worker, String reason) {
    AppPlacement application = worker.application();
    Duration grace =
        application == null ? limits.terminateGrace() : application.terms().drainGrace();
    CompletableFuture<Void> unused = end(worker, grace, reason);
    if (application != null) {
      refresh(application);
    }
  }

  @Override
  public void tell(AppPlacement application, ManyhandsException why) {
    // Who waits was sent to no worker: the code must not say that something may have run.
    boolean ofTheWorker = why.code().group() == ErrorCode.Group.WORKER;
    application
        .workers()
        .onUnavailable(
            ofTheWorker
                ? new ManyhandsException(
                    ErrorCode.WORKER_START_FAILED, String.valueOf(why.getMessage()), why)
                : why);
  }

  @Override
  public void later(LanguagePool pool, long nanos) {
    if (!pool.hasTimer()) {
      pool.wake(
          after(
              Duration.ofNanos(nanos),
              () -> {
                pool.wake(null);
                book.touch(pool);
                settle();
              }));
    }
  }
}
