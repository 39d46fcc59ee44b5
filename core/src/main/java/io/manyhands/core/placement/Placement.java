/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.TenantId;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.core.concurrent.Strand;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.core.registry.LiveWorkers;
import io.manyhands.core.session.SessionObserver;
import io.manyhands.core.session.SpecializationTarget;
import io.manyhands.core.session.WorkerSession;
import io.manyhands.spi.policy.AssignmentPolicy;
import io.manyhands.spi.provision.StackInfo;
import io.manyhands.spi.time.TimeSeams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what is there in line with what is wanted: placeholders a stack, and workers for each
 * application. Everything happens on one strand: an event changes the {@link PlacementBook}, then
 * the languages that it touched are settled.
 */
public final class Placement implements SessionObserver {
  private static final Logger LOG = LoggerFactory.getLogger(Placement.class);

  /**
   * What bounds it.
   *
   * @param placeholders to keep, by stack
   * @param maximumWorkers that there may be
   * @param maximumWorkersPerTenant that the applications of one tenant may have
   * @param tenantWeights shares of tenants where their applications wait for workers
   * @param drainGrace for calls in flight where nothing else is said
   * @param terminateGrace for an idle worker
   * @param patience after which whoever waits for an application's first worker is told
   */
  public record Limits(
      Map<WorkerStack, Integer> placeholders,
      int maximumWorkers,
      int maximumWorkersPerTenant,
      ToIntFunction<TenantId> tenantWeights,
      Duration drainGrace,
      Duration terminateGrace,
      Duration patience) {
    public static Limits of(RuntimeOptions options, int maximumWorkers) {
      return new Limits(
          new TreeMap<>(options.placeholderTargets()),
          maximumWorkers,
          options.maximumWorkersPerTenant().orElse(Integer.MAX_VALUE),
          options::tenantWeight,
          options.drainGrace(),
          options.terminateGrace(),
          options.workerStartTimeout().multipliedBy(4));
    }
  }

  private final Limits limits;
  private final WorkerRequests requests;
  private final LiveWorkers workers;
  private final Strand strand;
  private final Metrics metrics;
  private final PlacementBook book;
  private final Handover handover;
  private final Reconciliation reconciliation;
  private final Arrivals arrivals;

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
    this.metrics = metrics;
    this.book =
        new PlacementBook(
            limits.maximumWorkers(), limits.maximumWorkersPerTenant(), limits.tenantWeights());
    Reconciliation.Seams seams = new Reconciliation.Seams(strand, time, metrics);
    this.handover = new Handover(strand);
    this.reconciliation = new Reconciliation(book, limits, requests, assignment, handover, seams);
    this.arrivals = new Arrivals(book, requests, reconciliation, handover, seams);
    requests.tell(
        (session, returning) -> strand.execute(() -> arrivals.expected(session, returning)));
  }

  // ---- asked from any thread

  /** Fills the pool for the first time. */
  public void start() {
    strand.execute(() -> reconciliation.open());
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
          reconciliation.settle();
        });
  }

  /**
   * A stack's pool.
   *
   * @param target placeholders that there should be
   * @param placeholders that there are
   * @param claims that were given one, ever
   * @param misses claims that found none at first, ever
   */
  public record PoolState(
      WorkerStack stack, int target, int placeholders, long claims, long misses) {}

  /** Tells the pools that have a target and are filled on request; on the placement strand. */
  public void readPools(Consumer<List<PoolState>> reader) {
    strand.execute(
        () -> {
          List<PoolState> states = new ArrayList<>();
          for (LanguagePool pool : book.pools()) {
            pool.targets()
                .forEach(
                    (stack, target) -> {
                      if (requests.provisioners().supply(stack).stream()
                          .anyMatch(supply -> supply == StackInfo.Supply.SPECIALIZED)) {
                        states.add(
                            new PoolState(
                                stack,
                                target,
                                pool.placeholders(stack),
                                pool.demand().claims(stack),
                                pool.demand().misses(stack)));
                      }
                    });
          }
          reader.accept(states);
        });
  }

  /** Is told how many workers there are, after each change; on the placement strand. */
  public void onCount(IntConsumer listener) {
    reconciliation.onCount(listener);
  }

  /**
   * Takes up a revision of an application; it has no worker until it wants one. Throws
   * INVALID_ARGUMENT where nobody delivers its stack, so that this is heard of at its start and not
   * at its first call.
   */
  public AppPlacement open(
      AppPlacement.Terms terms, SpecializationTarget target, AppWorkers listener) {
    requests.provisioners().require(terms.stack());
    AppPlacement application = new AppPlacement(terms, target, listener);
    strand.execute(
        () -> {
          book.open(application);
          arrivals.held().onOpened(application);
          reconciliation.refresh(application);
          reconciliation.settle();
        });
    return application;
  }

  /** Somebody waits for a worker of it. Asking again changes nothing. */
  public void want(AppPlacement application) {
    strand.execute(
        () -> {
          application.want();
          reconciliation.refresh(application);
          reconciliation.awaitPatiently(application);
          reconciliation.settle();
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
          reconciliation.refresh(application);
          reconciliation.settle();
        });
  }

  /** Other limits, from now on. */
  public void limit(AppPlacement application, AppPlacement.Terms terms) {
    strand.execute(
        () -> {
          application.terms(terms);
          book.refile(application);
          reconciliation.refresh(application);
          reconciliation.settle();
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
          arrivals.held().onClosed(application);
          reconciliation.tell(
              application,
              new ManyhandsException(
                  ErrorCode.APP_STOPPED,
                  "application " + application.target().application() + ": " + reason));
          List<CompletableFuture<Void>> ends = new ArrayList<>();
          for (PlacedWorker worker : List.copyOf(application.placed())) {
            ends.add(reconciliation.end(worker, grace, reason));
          }
          reconciliation.settle();
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
          reconciliation.close();
          requests.close();
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
    AppPlacement owner = handover.owner(session);
    if (owner != null) {
      owner.workers().onSlotFree();
    }
  }

  @Override
  public void onStateChanged(WorkerSession session, WorkerState before, WorkerState after) {
    strand.execute(() -> arrivals.changed(session, after));
  }

  /** A worker that was given up has come after all; some never end by themselves. */
  @Override
  public void onLate(WorkerId worker, String origin) {
    metrics.counter("placement.late").increment();
    requests.release(origin, worker, limits.terminateGrace());
  }
}
