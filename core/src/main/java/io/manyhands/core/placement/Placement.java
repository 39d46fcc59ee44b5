/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.core.concurrent.Futures;
import io.manyhands.core.concurrent.Strand;
import io.manyhands.core.metrics.Metrics;
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
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what is there in line with what is wanted: placeholders a stack, and a worker for each
 * application that asked for one. Everything happens on one strand, in {@link #reconcile}, which
 * may run at any time and twice.
 */
public final class Placement implements SessionObserver {
  private static final Logger LOG = LoggerFactory.getLogger(Placement.class);
  private static final int ATTEMPTS = 3;

  private final Map<WorkerStack, Integer> targets;
  private final WorkerRequests requests;
  private final LiveWorkers workers;
  private final AssignmentPolicy assignment;
  private final Strand strand;
  private final TimeSeams time;
  private final Metrics metrics;

  private final Set<AppPlacement> applications = new LinkedHashSet<>();
  private final Map<WorkerSession, AppPlacement> assigned = new LinkedHashMap<>();
  private final Map<String, BackOff> startBackOff = new TreeMap<>();
  private final Map<WorkerSession, AppPlacement> slotOwners = new ConcurrentHashMap<>();
  private final HeldWorkers held = new HeldWorkers(this::takeOver);
  private boolean closed;
  private Scheduler.@Nullable Cancellable timer;
  private long timerNanos;

  public Placement(
      Map<WorkerStack, Integer> targets,
      WorkerRequests requests,
      LiveWorkers workers,
      AssignmentPolicy assignment,
      Strand strand,
      TimeSeams time,
      Metrics metrics) {
    this.targets = new TreeMap<>(targets);
    this.requests = requests;
    this.workers = workers;
    this.assignment = assignment;
    this.strand = strand;
    this.time = time;
    this.metrics = metrics;
  }

  /** Fills the pool for the first time. */
  public void start() {
    strand.execute(this::reconcile);
  }

  /** Takes up a revision of an application; it has no worker until it wants one. */
  public AppPlacement open(WorkerStack stack, SpecializationTarget target, AppWorkers listener) {
    AppPlacement application = new AppPlacement(stack, target, listener);
    strand.execute(
        () -> {
          applications.add(application);
          held.onOpened(application);
        });
    return application;
  }

  /** Somebody waits for a worker of it. Any thread; asking again changes nothing. */
  public void want(AppPlacement application) {
    strand.execute(
        () -> {
          application.want(true);
          reconcile();
        });
  }

  /** It is no longer served: its workers drain. */
  public CompletableFuture<Void> close(AppPlacement application, Duration grace, String reason) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    strand.execute(
        () -> {
          application.close();
          applications.remove(application);
          held.onClosed(application);
          application
              .workers()
              .onUnavailable(
                  new ManyhandsException(
                      ErrorCode.APP_STOPPED,
                      "application " + application.target().application() + ": " + reason));
          List<CompletableFuture<Void>> ends = new ArrayList<>();
          application.ready().forEach(session -> ends.add(session.drain(grace, reason)));
          application.becoming().forEach(session -> ends.add(session.release(reason)));
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
          Scheduler.Cancellable armed = timer;
          if (armed != null) {
            armed.cancel();
          }
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
    strand.execute(() -> changed(session, before, after));
  }

  private void changed(WorkerSession session, WorkerState before, WorkerState after) {
    held.onChanged(session, after);
    AppPlacement application = assigned.get(session);
    if (application != null) {
      if (after == WorkerState.READY) {
        application.becoming().remove(session);
        application.ready().add(session);
        publish(application);
      } else if (before == WorkerState.READY || after.isFinal()) {
        publish(application);
      }
    }
    if (after == WorkerState.PLACEHOLDER) {
      backOff(session).succeeded();
    }
    if (after.isFinal()) {
      ended(session, before, application);
    }
    if (after == WorkerState.PLACEHOLDER || after.isFinal()) {
      reconcile();
    }
  }

  private void ended(
      WorkerSession session, WorkerState before, @Nullable AppPlacement application) {
    assigned.remove(session);
    slotOwners.remove(session);
    Optional<ManyhandsException> failure = session.failure();
    boolean neverInitialized =
        before == WorkerState.REQUESTED
            || before == WorkerState.CONNECTED
            || before == WorkerState.INITIALIZING;
    if (neverInitialized && failure.isPresent()) {
      metrics.counter("placement.start.failed").increment();
      if (application == null) {
        startFailed(session, failure.get());
      }
    }
    if (application == null) {
      return;
    }
    boolean wasReady = application.ready().remove(session);
    application.becoming().remove(session);
    if (failure.isPresent()) {
      application.backOff().failed(time.ticker().nanos(), time.randomness());
      if (!wasReady) {
        specializationFailed(application, failure.get());
      } else {
        metrics.counter("placement.workers.lost").increment();
      }
    }
  }

  /**
   * A worker of that language could not even start: who waits for one is told when it cannot help
   * to try again, or has been tried often enough.
   */
  private void startFailed(WorkerSession session, ManyhandsException why) {
    BackOff backOff = backOff(session);
    backOff.failed(time.ticker().nanos(), time.randomness());
    boolean hopeless = why.code() == ErrorCode.INVALID_ARGUMENT || backOff.failures() >= ATTEMPTS;
    if (!hopeless) {
      return;
    }
    for (AppPlacement waiting : List.copyOf(applications)) {
      if (waiting.waits()
          && waiting.stack().language().equals(session.requestedStack().language())) {
        unavailable(waiting, why);
      }
    }
  }

  private void specializationFailed(AppPlacement application, ManyhandsException why) {
    metrics.counter("placement.specialization.failed").increment();
    if (why.code() == ErrorCode.APP_FAILED || application.backOff().failures() >= ATTEMPTS) {
      unavailable(application, why);
    }
  }

  /** Who waits has been sent to no worker: the code must not say that something may have run. */
  private static void unavailable(AppPlacement application, ManyhandsException why) {
    application.want(false);
    boolean ofTheWorker = why.code().group() == ErrorCode.Group.WORKER;
    application
        .workers()
        .onUnavailable(
            ofTheWorker
                ? new ManyhandsException(
                    ErrorCode.WORKER_START_FAILED, String.valueOf(why.getMessage()), why)
                : why);
  }

  private void publish(AppPlacement application) {
    List<WorkerSession> ready =
        application.ready().stream()
            .filter(session -> session.state() == WorkerState.READY)
            .toList();
    application.workers().onWorkers(ready);
  }

  // ---- the loop

  private void reconcile() {
    if (closed) {
      return;
    }
    List<WorkerSession> placeholders = new ArrayList<>();
    List<WorkerSession> starting = new ArrayList<>();
    for (WorkerSession session : workers.sessions()) {
      if (!assigned.containsKey(session) && !held.contains(session)) {
        switch (session.state()) {
          case PLACEHOLDER -> placeholders.add(session);
          case REQUESTED, CONNECTED, INITIALIZING, DISCONNECTED -> starting.add(session);
          default -> {}
        }
      }
    }
    starting.sort(Comparator.comparing(WorkerSession::id));
    placeholders.sort(Comparator.comparing(WorkerSession::id));
    List<WorkerStack> needs = assign(placeholders);
    targets.forEach(
        (stack, count) -> {
          for (int index = 0; index < count; index++) {
            needs.add(stack);
          }
        });
    List<WorkerSession> spare = new ArrayList<>(placeholders);
    spare.addAll(starting);
    for (WorkerStack need : needs) {
      Optional<WorkerSession> cover =
          spare.stream().filter(session -> need.acceptsWorkerOf(session.stack())).findFirst();
      if (cover.isPresent()) {
        spare.remove(cover.get());
      } else {
        request(need);
      }
    }
    for (WorkerSession surplus : spare) {
      if (surplus.state() == WorkerState.PLACEHOLDER && isOurs(surplus)) {
        surplus.release("more placeholders than wanted");
      }
    }
  }

  /**
   * Gives placeholders to the applications that wait, in their order, and returns the stacks of
   * those that go empty-handed.
   */
  private List<WorkerStack> assign(List<WorkerSession> placeholders) {
    List<WorkerStack> unmet = new ArrayList<>();
    long now = time.ticker().nanos();
    for (AppPlacement application : applications) {
      if (!application.waits()) {
        continue;
      }
      long wait = application.backOff().left(now);
      if (wait > 0) {
        later(wait);
        continue;
      }
      if (requests.supply(application.stack()).equals(Optional.of(StackInfo.Supply.DEDICATED))) {
        start(application);
        continue;
      }
      List<WorkerInfo> fitting =
          placeholders.stream()
              .filter(session -> application.stack().acceptsWorkerOf(session.stack()))
              .map(WorkerSession::info)
              .toList();
      List<WorkerInfo> current = application.ready().stream().map(WorkerSession::info).toList();
      Optional<AssignmentPolicy.Choice> choice =
          fitting.isEmpty()
              ? Optional.empty()
              : assignment.choose(
                  new AssignmentPolicy.Need(
                      application.target().application(), application.stack(), current),
                  fitting);
      Optional<WorkerSession> chosen =
          choice.flatMap(
              made ->
                  placeholders.stream()
                      .filter(session -> session.id().equals(made.worker().id()))
                      .findFirst());
      if (chosen.isPresent()) {
        placeholders.remove(chosen.get());
        metrics.counter("placement.placeholder.hits").increment();
        specialize(application, chosen.get(), choice.get().reason());
      } else {
        metrics.counter("placement.placeholder.misses").increment();
        application.missed();
        unmet.add(application.stack());
      }
    }
    return unmet;
  }

  private void specialize(AppPlacement application, WorkerSession session, String reason) {
    LOG.info("worker {} becomes {}: {}", session.id(), application.target().application(), reason);
    assign(
        application,
        session,
        session.specialize(application.target(), reason, application.coldStart()));
  }

  /** Where no placeholder can become its worker, one is started for it. */
  private void start(AppPlacement application) {
    ask(
        application.stack(),
        () -> {
          WorkerRequests.Dedicated started =
              requests.request(application.stack(), application.target());
          LOG.info(
              "worker {} is started for {}",
              started.session().id(),
              application.target().application());
          assign(application, started.session(), started.catalogue());
        });
  }

  private void assign(
      AppPlacement application,
      WorkerSession session,
      CompletableFuture<List<CatalogueFunction>> serving) {
    application.becoming().add(session);
    assigned.put(session, application);
    slotOwners.put(session, application);
    serving.whenComplete(
        (catalogue, error) ->
            strand.execute(
                () -> {
                  if (catalogue != null) {
                    application.backOff().succeeded();
                    application.catalogue(catalogue);
                    application.workers().onCatalogue(catalogue);
                  } else if (!session.state().isFinal()) {
                    // It left PLACEHOLDER between choice and start; another is chosen.
                    application.becoming().remove(session);
                    assigned.remove(session);
                    reconcile();
                  }
                }));
  }

  /** It came back, still specialized, to a new start of the Runtime. */
  private void takeOver(AppPlacement application, WorkerSession session) {
    String reason = "came back to " + application.target().application() + ", still specialized";
    LOG.info("worker {} {}", session.id(), reason);
    metrics.counter("placement.taken-over").increment();
    assign(application, session, session.adopt(application.target(), reason));
  }

  private void request(WorkerStack stack) {
    if (!requests.supply(stack).equals(Optional.of(StackInfo.Supply.UNASKED))) {
      ask(stack, () -> requests.request(stack));
    }
  }

  private void ask(WorkerStack stack, Runnable request) {
    BackOff backOff = startBackOff.computeIfAbsent(stack.language(), language -> new BackOff());
    long wait = backOff.left(time.ticker().nanos());
    if (wait > 0) {
      later(wait);
      return;
    }
    try {
      request.run();
    } catch (RuntimeException e) {
      ManyhandsException why = Futures.unwrap(e);
      backOff.failed(time.ticker().nanos(), time.randomness());
      LOG.warn("{}", why.getMessage());
      for (AppPlacement waiting : List.copyOf(applications)) {
        if (waiting.waits() && waiting.stack().equals(stack)) {
          unavailable(waiting, why);
        }
      }
      later(backOff.left(time.ticker().nanos()));
    }
  }

  /** One timer at a time, the earliest that was asked for. */
  private void later(long nanos) {
    long now = time.ticker().nanos();
    long due = now + Math.max(nanos, 1_000_000);
    Scheduler.Cancellable armed = timer;
    if (armed != null) {
      if (timerNanos - due <= 0) {
        return;
      }
      armed.cancel();
    }
    timerNanos = due;
    timer =
        time.scheduler()
            .schedule(
                () ->
                    strand.execute(
                        () -> {
                          timer = null;
                          reconcile();
                        }),
                Duration.ofNanos(due - now));
  }

  private BackOff backOff(WorkerSession session) {
    return startBackOff.computeIfAbsent(
        session.requestedStack().language(), language -> new BackOff());
  }

  /** A worker that somebody else started is not ours to end while it is idle. */
  private boolean isOurs(WorkerSession session) {
    return !session.info().labels().containsKey("external");
  }
}
