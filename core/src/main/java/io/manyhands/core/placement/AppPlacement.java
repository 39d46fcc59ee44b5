/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.api.app.AppLimits;
import io.manyhands.api.app.TenantId;
import io.manyhands.api.invocation.ColdStart;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.core.session.CatalogueFunction;
import io.manyhands.core.session.SpecializationTarget;
import io.manyhands.core.session.WorkerSession;
import io.manyhands.spi.time.Scheduler;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One revision of an application: its workers and how many it should have. Touched on the placement
 * strand alone, but for {@link #counts}.
 */
public final class AppPlacement {
  /**
   * How many workers, for other threads.
   *
   * @param serving that take calls
   * @param coming that are on their way
   * @param desired that there should be, within the limits
   * @param limits that hold
   * @param proven true where a worker of it has served, and none crashed over and over since
   */
  public record Counts(int serving, int coming, int desired, AppLimits limits, boolean proven) {}

  /**
   * What it is and may have.
   *
   * @param drainGrace how long a call may still run on a worker that is no longer needed
   */
  public record Terms(WorkerStack stack, AppLimits limits, Duration drainGrace) {}

  private final SpecializationTarget first;
  private final AppWorkers workers;
  private final CrashBudget crashes = new CrashBudget();
  private final Set<PlacedWorker> placed = new LinkedHashSet<>();
  private final Map<PlacedWorker.Phase, Integer> phases = new EnumMap<>(PlacedWorker.Phase.class);
  private final Claim claim = new Claim(this);
  private Terms terms;
  private SpecializationTarget target;
  private int desired;
  private boolean idle;
  private boolean missed;
  private boolean closed;
  private String problem = "";
  private Scheduler.@Nullable Cancellable wake;
  private Scheduler.@Nullable Cancellable patience;
  private boolean proven;
  private volatile Counts counts;

  AppPlacement(Terms terms, SpecializationTarget target, AppWorkers workers) {
    this.terms = terms;
    this.first = target;
    this.target = target;
    this.workers = workers;
    this.counts = new Counts(0, 0, 0, terms.limits(), false);
  }

  /** Any thread. */
  public Counts counts() {
    return counts;
  }

  /** Calls that one worker of it runs at once; any thread. */
  public int slots() {
    return first.slots();
  }

  WorkerStack stack() {
    return terms.stack();
  }

  TenantId tenant() {
    return first.tenant();
  }

  Terms terms() {
    return terms;
  }

  void terms(Terms next) {
    terms = next;
  }

  SpecializationTarget target() {
    return target;
  }

  /** Later workers load what the first one indexed. */
  void catalogue(List<CatalogueFunction> functions) {
    if (target.functions().isEmpty()) {
      target = target.with(functions);
    }
  }

  AppWorkers workers() {
    return workers;
  }

  CrashBudget crashes() {
    return crashes;
  }

  /** Its place among those that wait. */
  Claim claim() {
    return claim;
  }

  // ---- its workers

  void add(PlacedWorker worker) {
    placed.add(worker);
    phases.merge(worker.phase(), 1, Integer::sum);
  }

  void remove(PlacedWorker worker) {
    if (placed.remove(worker)) {
      phases.merge(worker.phase(), -1, Integer::sum);
    }
  }

  Collection<PlacedWorker> placed() {
    return placed;
  }

  List<WorkerSession> serving() {
    return placed.stream()
        .filter(worker -> worker.phase() == PlacedWorker.Phase.SERVING)
        .map(PlacedWorker::session)
        .toList();
  }

  /** Those that serve or may serve: what a maximum bounds. */
  int counted() {
    return in(PlacedWorker.Phase.BECOMING)
        + in(PlacedWorker.Phase.SERVING)
        + in(PlacedWorker.Phase.DOUBTFUL)
        + in(PlacedWorker.Phase.AWAY);
  }

  /** True where nothing serves it and nothing is on its way. */
  boolean hasNone() {
    return counted() == in(PlacedWorker.Phase.DOUBTFUL);
  }

  private int in(PlacedWorker.Phase phase) {
    return phases.getOrDefault(phase, 0);
  }

  // ---- how many it should have

  void want() {
    desired = Math.max(desired, 1);
  }

  void resize(int workersWanted) {
    desired = workersWanted;
  }

  int desired() {
    return closed
        ? 0
        : Math.min(
            terms.limits().maximumWorkers(), Math.max(desired, terms.limits().minimumWorkers()));
  }

  /**
   * Workers that are missing. Doubtful ones count, because they may come back; where all are
   * doubtful one more is looked for.
   */
  int deficit() {
    int missing = desired() - counted();
    boolean replacesDoubtful =
        desired() > 0 && hasNone() && counted() < terms.limits().maximumWorkers();
    return Math.max(missing, replacesDoubtful ? 1 : 0);
  }

  /** The same, of which an application whose workers crash over and over tries one at a time. */
  int deficit(long now) {
    int missing = deficit();
    return crashes.isLooping(now)
        ? Math.min(missing, Math.max(0, 1 - in(PlacedWorker.Phase.BECOMING)))
        : missing;
  }

  /** Workers too many; doubtful ones are not counted before they are back, or none is wanted. */
  int excess() {
    int doubtful = desired() == 0 ? 0 : in(PlacedWorker.Phase.DOUBTFUL);
    return counted() - doubtful - desired();
  }

  /** Which to let go first: those that do not serve yet, then the least loaded, then the newest. */
  Optional<PlacedWorker> leastNeeded() {
    return placed.stream()
        .filter(worker -> worker.phase() != PlacedWorker.Phase.LEAVING && !worker.ending())
        .filter(worker -> desired() == 0 || worker.phase() != PlacedWorker.Phase.DOUBTFUL)
        .min(
            Comparator.comparing(
                    (PlacedWorker worker) -> worker.phase() != PlacedWorker.Phase.BECOMING)
                .thenComparing(worker -> worker.session().inFlightCalls())
                .thenComparing(PlacedWorker.BY_AGE.reversed()));
  }

  // ---- while it waits

  /** No placeholder was at hand; true the first time. */
  boolean miss() {
    boolean news = !missed;
    missed = true;
    return news;
  }

  /** What calls are told that waited for the worker which it now gets. */
  ColdStart coldStart() {
    ColdStart why = missed ? ColdStart.NEW_WORKER : ColdStart.PLACEHOLDER;
    missed = false;
    return why;
  }

  /** Why it has no worker, for people. */
  String problem() {
    return problem;
  }

  void problem(String why) {
    problem = why;
  }

  void wake(Scheduler.@Nullable Cancellable timer) {
    wake = replace(wake, timer);
  }

  void patience(Scheduler.@Nullable Cancellable timer) {
    patience = replace(patience, timer);
  }

  boolean isPatient() {
    return patience != null;
  }

  private static Scheduler.@Nullable Cancellable replace(
      Scheduler.@Nullable Cancellable old, Scheduler.@Nullable Cancellable next) {
    if (old != null) {
      old.cancel();
    }
    return next;
  }

  boolean isIdle() {
    return idle;
  }

  void idle(boolean now) {
    idle = now;
  }

  void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  void publish(long now) {
    int serving = in(PlacedWorker.Phase.SERVING);
    if (crashes.isLooping(now)) {
      proven = false;
    } else if (serving > 0) {
      proven = true;
    }
    counts =
        new Counts(serving, in(PlacedWorker.Phase.BECOMING), desired(), terms.limits(), proven);
  }

  @Override
  public String toString() {
    return "application " + first.application() + "@" + first.revision();
  }
}
