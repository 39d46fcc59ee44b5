/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.core.concurrent.Strand;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.core.placement.PlacedWorker.Phase;
import io.manyhands.core.registry.LiveWorkers;
import io.manyhands.core.session.CatalogueFunction;
import io.manyhands.core.session.SessionObserver;
import io.manyhands.core.session.SpecializationTarget;
import io.manyhands.core.session.WorkerSession;
import io.manyhands.spi.policy.AssignmentPolicy;
import io.manyhands.spi.provision.StackInfo;
import io.manyhands.spi.time.Scheduler;
import io.manyhands.spi.time.TimeSeams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what is there in line with what is wanted: placeholders a stack, and workers for each
 * application. Everything happens on one strand: an event changes the {@link PlacementBook}, then
 * the languages that it touched are settled.
 */
public final class Placement implements SessionObserver {
  private static final Logger LOG = LoggerFactory.getLogger(Placement.class);

  private static final Duration SOON = Duration.ofMillis(1);

  /** How long a worker of an earlier start is waited for before others take its place. */
  private static final Duration RETURN = Duration.ofSeconds(2);

  /**
   * What bounds it.
   *
   * @param placeholders to keep, by stack
   * @param maximumWorkers that there may be
   * @param maximumWorkersPerTenant that the applications of one tenant may have
   * @param drainGrace for calls in flight where nothing else is said
   * @param terminateGrace for an idle worker
   * @param patience after which whoever waits for an application's first worker is told
   */
  public record Limits(
      Map<WorkerStack, Integer> placeholders,
      int maximumWorkers,
      int maximumWorkersPerTenant,
      Duration drainGrace,
      Duration terminateGrace,
      Duration patience) {
    public static Limits of(RuntimeOptions options, int maximumWorkers) {
      return new Limits(
          new TreeMap<>(options.placeholderTargets()),
          maximumWorkers,
          options.maximumWorkersPerTenant().orElse(Integer.MAX_VALUE),
          options.drainGrace(),
          options.terminateGrace(),
          options.workerStartTimeout().multipliedBy(4));
    }
  }

  private final Limits limits;
  private final WorkerRequests requests;
  private final LiveWorkers workers;
  private final Strand strand;
  private final TimeSeams time;
  private final Metrics metrics;
  private final PlacementBook book;
  private final Settlement settlement;
  private final Losses losses;
  private final Hands hands = new Hands();
  private final HeldWorkers held = new HeldWorkers(this::takeOver);
  private final Map<WorkerSession, AppPlacement> slotOwners = new ConcurrentHashMap<>();
  private volatile IntConsumer countListener = count -> {};
  private int toldCount;
  private boolean started;
  private boolean closed;

  public Placement(
      Limits limits,
      WorkerRequests requests,
      LiveWorkers workers,
      AssignmentPolicy assignment,
      Strand strand,
      TimeSeams time,
      Metrics metrics) {
    this.limits = limits;
    this.requests = requests;
    this.workers = workers;
    this.strand = strand;
    this.time = time;
    this.metrics = metrics;
    this.book = new PlacementBook(limits.maximumWorkers(), limits.maximumWorkersPerTenant());
    this.settlement = new Settlement(book, requests, assignment, time.ticker(), hands, metrics);
    this.losses = new Losses(book, requests.provisioners(), settlement, hands, time, metrics);
    requests.tell((session, returning) -> strand.execute(() -> expected(session, returning)));
  }

  // ---- asked from any thread

  /** Fills the pool for the first time. */
  public void start() {
    strand.execute(() -> started = true);
    poolTargets(limits.placeholders());
  }

  /** Sets how many placeholders there should be. */
  public void poolTargets(Map<WorkerStack, Integer> targets) {
    strand.execute(
        () -> {
          targets.forEach(
              (stack, count) -> {
                LanguagePool pool = book.pool(stack.language());
                pool.target(stack, count);
                book.touch(pool);
              });
          settle();
        });
  }

  /** Is told how many workers there are, after each change; on the placement strand. */
  public void onCount(IntConsumer listener) {
    countListener = listener;
  }

  /** Takes up a revision of an application; it has no worker until it wants one. */
  public AppPlacement open(
      AppPlacement.Terms terms, SpecializationTarget target, AppWorkers listener) {
    AppPlacement application = new AppPlacement(terms, target, listener);
    strand.execute(
        () -> {
          book.open(application);
          held.onOpened(application);
          refresh(application);
          settle();
        });
    return application;
  }

  /** Somebody waits for a worker of it. Asking again changes nothing. */
  public void want(AppPlacement application) {
    strand.execute(
        () -> {
          application.want();
          refresh(application);
          if (!closed
              && application.hasNone()
              && !application.isPatient()
              && !application.isClosed()) {
            application.patience(after(limits.patience(), () -> impatient(application)));
          }
          settle();
        });
  }

  /**
   * Sets how many workers it should have, within its limits; more are looked for, of those that are
   * too many the least loaded drain. With calls that wait it does not fall to none.
   */
  public void resize(AppPlacement application, int count, String reason) {
    strand.execute(
        () -> {
          int wanted = count == 0 && application.workers().waitingCalls() > 0 ? 1 : count;
          if (wanted != application.desired()) {
            LOG.info("{}: {} workers: {}", application, wanted, reason);
          }
          application.resize(wanted);
          refresh(application);
          settle();
        });
  }

  /** Other limits, from now on. */
  public void limit(AppPlacement application, AppPlacement.Terms terms) {
    strand.execute(
        () -> {
          application.terms(terms);
          book.refile(application);
          refresh(application);
          settle();
        });
  }

  /** Whether it is without calls, so that its workers may go where there is no room for others. */
  public void idle(AppPlacement application, boolean idle) {
    strand.execute(
        () -> {
          application.idle(idle);
          book.refile(application);
        });
  }

  /** It is no longer served: its workers drain. */
  public CompletableFuture<Void> close(AppPlacement application, Duration grace, String reason) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    strand.execute(
        () -> {
          application.close();
          application.patience(null);
          application.wake(null);
          book.close(application);
          held.onClosed(application);
          hands.tell(
              application,
              new ManyhandsException(
                  ErrorCode.APP_STOPPED,
                  "application " + application.target().application() + ": " + reason));
          List<CompletableFuture<Void>> ends = new ArrayList<>();
          for (PlacedWorker worker : List.copyOf(application.placed())) {
            ends.add(end(worker, grace, reason));
          }
          settle();
          CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
              .whenComplete((ended, error) -> done.complete(null));
        });
    return done;
  }

  /** Wants nothing any more and ends every worker. */
  public CompletableFuture<Void> shutdown(Duration grace) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    strand.execute(
        () -> {
          closed = true;
          book.cancelTimers();
          List<CompletableFuture<Void>> ends = new ArrayList<>();
          for (WorkerSession session : workers.sessions()) {
            ends.add(session.drain(grace, "the Runtime closes"));
          }
          CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
              .whenComplete((ended, error) -> done.complete(null));
        });
    return done;
  }

  @Override
  public void onSlotFree(WorkerSession session) {
    AppPlacement owner = slotOwners.get(session);
    if (owner != null) {
      owner.workers().onSlotFree();
    }
  }

  @Override
  public void onStateChanged(WorkerSession session, WorkerState before, WorkerState after) {
    strand.execute(() -> changed(session, after));
  }

  /** A worker that was given up has come after all; some never end by themselves. */
  @Override
  public void onLate(WorkerId worker, String origin) {
    metrics.counter("placement.late").increment();
    requests.release(origin, worker, limits.terminateGrace());
  }

  // ---- events, on the strand

  private void expected(WorkerSession session, boolean returning) {
    if (book.find(session.id()) == null && !session.state().isFinal()) {
      PlacedWorker worker = track(session);
      if (returning && session.state() == WorkerState.REQUESTED) {
        book.move(worker, Phase.RETURNING);
        Scheduler.Cancellable unused = after(RETURN, () -> late(worker));
      }
      settle();
    }
  }

  private void late(PlacedWorker worker) {
    if (worker.phase() == Phase.RETURNING) {
      book.move(worker, Phase.OVERDUE);
      settle();
    }
  }

  private PlacedWorker track(WorkerSession session) {
    return book.add(session, requests.isOurs(session), null, time.ticker().nanos());
  }

  /** It came back, still specialized, to a new start of the Runtime. */
  private void takeOver(AppPlacement application, WorkerSession session) {
    PlacedWorker known = book.find(session.id());
    PlacedWorker worker = known == null ? track(session) : known;
    String reason = "came back to " + application.target().application() + ", still specialized";
    LOG.info("worker {} {}", session.id(), reason);
    metrics.counter("placement.taken-over").increment();
    book.assign(worker, application, time.ticker().nanos());
    application.resize(Math.max(application.desired(), application.counted()));
    hands.follow(application, worker, session.adopt(application.target(), reason));
  }

  private void changed(WorkerSession session, WorkerState after) {
    long now = time.ticker().nanos();
    PlacedWorker worker = book.find(session.id());
    if (worker == null) {
      if (after.isFinal()) {
        return;
      }
      worker = track(session);
    }
    held.onChanged(session, after);
    if (held.contains(session)) {
      book.move(worker, worker.ending() ? Phase.LEAVING : Phase.HELD);
      settle();
      return;
    }
    if (worker.reached(after, now)) {
      losses.cameUp(worker);
    }
    Phase before = worker.phase();
    AppPlacement application = worker.application();
    if (after.isFinal()) {
      slotOwners.remove(session);
      losses.ended(worker);
    } else {
      Phase next = Phase.of(after, application != null);
      book.move(worker, worker.ending() ? Phase.LEAVING : next);
    }
    if (application != null) {
      if (before == Phase.SERVING || worker.phase() == Phase.SERVING) {
        publish(application);
      }
      refresh(application);
    }
    settle();
  }

  private void impatient(AppPlacement application) {
    application.patience(null);
    if (application.hasNone() && application.deficit() > 0) {
      LanguagePool pool = book.pool(application.stack().language());
      hands.tell(
          application,
          Settlement.noWorker(
              application, limits.patience(), settlement.whyNone(application, pool)));
    }
  }

  // ---- the one place that decides

  private void settle() {
    // Workers may be back before the pool's targets are known.
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

  /** Files an application's claim anew, after anything about it has changed. */
  private void refresh(AppPlacement application) {
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
    int missing = application.deficit();
    long pause = application.crashes().left(time.ticker().nanos());
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
    application.publish();
  }

  private void claim(AppPlacement application, int missing) {
    boolean dedicated =
        requests
            .provisioners()
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

  private CompletableFuture<Void> end(PlacedWorker worker, Duration grace, String reason) {
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

  private void publish(AppPlacement application) {
    metrics.counter("placement.examined").add(application.placed().size());
    application.publish();
    application.workers().onWorkers(application.serving());
  }

  private Scheduler.Cancellable after(Duration delay, Runnable task) {
    return time.scheduler()
        .schedule(() -> strand.execute(task), delay.compareTo(SOON) < 0 ? SOON : delay);
  }

  /** What settlement and losses leave to it. */
  private final class Hands implements Settlement.Hands {
    @Override
    public void specialize(AppPlacement application, PlacedWorker worker, String reason) {
      WorkerSession session = worker.session();
      LOG.info("worker {} becomes {}: {}", session.id(), application, reason);
      follow(
          application,
          worker,
          session.specialize(application.target(), reason, application.coldStart()));
    }

    @Override
    public void start(AppPlacement application, PlacedWorker worker) {
      WorkerSession session = worker.session();
      String reason =
          "started for "
              + application.target().application()
              + ": "
              + session.origin()
              + " has no placeholders of "
              + application.stack();
      LOG.info("worker {} is {}", session.id(), reason);
      follow(application, worker, session.startFor(application.target(), reason));
    }

    private void follow(
        AppPlacement application,
        PlacedWorker worker,
        CompletableFuture<List<CatalogueFunction>> serving) {
      slotOwners.put(worker.session(), application);
      serving.whenComplete(
          (catalogue, error) ->
              strand.execute(
                  () -> {
                    if (catalogue != null) {
                      application.catalogue(catalogue);
                      application.workers().onCatalogue(catalogue);
                    } else if (!worker.session().state().isFinal()) {
                      notTaken(application, worker);
                    }
                  }));
    }

    /** It left PLACEHOLDER between choice and start; another is chosen. */
    private void notTaken(AppPlacement application, PlacedWorker worker) {
      slotOwners.remove(worker.session());
      book.assign(worker, null, time.ticker().nanos());
      refresh(application);
      settle();
    }

    @Override
    public void refresh(AppPlacement application) {
      Placement.this.refresh(application);
    }

    @Override
    public void end(PlacedWorker worker, String reason) {
      AppPlacement application = worker.application();
      Duration grace =
          application == null ? limits.terminateGrace() : application.terms().drainGrace();
      CompletableFuture<Void> unused = Placement.this.end(worker, grace, reason);
      if (application != null) {
        Placement.this.refresh(application);
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
}
