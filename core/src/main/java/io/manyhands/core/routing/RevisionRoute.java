/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.routing;

import io.manyhands.api.ManyhandsException;
import io.manyhands.core.placement.AppPlacement;
import io.manyhands.core.placement.AppWorkers;
import io.manyhands.core.session.CallTarget;
import io.manyhands.core.session.CatalogueFunction;
import io.manyhands.core.session.WorkerSession;
import io.manyhands.spi.policy.LoadBalancer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The workers of one revision as its application's route sees them. Written on the placement
 * strand, read from anywhere.
 */
public final class RevisionRoute implements AppWorkers {
  private final AppRoute route;
  private final Demand demand;
  private final LoadBalancer.Picker picker;
  private final CompletableFuture<List<CatalogueFunction>> catalogue = new CompletableFuture<>();
  private final CompletableFuture<Void> firstReady = new CompletableFuture<>();
  private final CompletableFuture<Void> manyReady = new CompletableFuture<>();
  private volatile int readyWanted = Integer.MAX_VALUE;
  private volatile WorkerSet workers;
  private volatile @Nullable AppPlacement application;

  RevisionRoute(AppRoute route, Demand demand, LoadBalancer.Picker picker) {
    this.route = route;
    this.demand = demand;
    this.picker = picker;
    this.workers = new WorkerSet(List.of(), picker);
  }

  /** Binds it to what placement knows of it; once, before anything is wanted. */
  public void bind(AppPlacement bound) {
    application = bound;
  }

  /** What it is bound to. */
  public AppPlacement placement() {
    return java.util.Objects.requireNonNull(application, "not bound yet");
  }

  /** What the first worker indexed or loaded; fails where none can be had. */
  public CompletableFuture<List<CatalogueFunction>> catalogue() {
    return catalogue.copy();
  }

  /** Completes when a worker of it is ready for the first time; fails where none can be had. */
  public CompletableFuture<Void> firstReady() {
    return firstReady.copy();
  }

  /** Completes when so many take calls; asked once. */
  public CompletableFuture<Void> ready(int count) {
    readyWanted = count;
    if (ready() >= count) {
      manyReady.complete(null);
    }
    return manyReady.copy();
  }

  /** The same, where it is bound already. */
  Optional<AppPlacement> bound() {
    return Optional.ofNullable(application);
  }

  public void want() {
    demand.onNoWorker(this);
  }

  public boolean hasWorkers() {
    return workers.size() > 0;
  }

  /** Workers that take calls. */
  public int ready() {
    return workers.size();
  }

  /** Calls that hold a slot of one of those. */
  public int running() {
    WorkerSet now = workers;
    int running = 0;
    for (int index = 0; index < now.size(); index++) {
      running += now.inFlight(index);
    }
    return running;
  }

  WorkerSet workers() {
    return workers;
  }

  @Override
  public void onWorkers(List<WorkerSession> ready) {
    serve(ready);
  }

  /** Replaces the workers that calls may be sent to. */
  void serve(List<? extends CallTarget> ready) {
    workers = new WorkerSet(ready, picker);
    if (!ready.isEmpty()) {
      firstReady.complete(null);
    }
    if (ready.size() >= readyWanted) {
      manyReady.complete(null);
    }
    route.onWorkersChanged(this);
  }

  @Override
  public void onCatalogue(List<CatalogueFunction> functions) {
    catalogue.complete(functions);
  }

  @Override
  public void onUnavailable(ManyhandsException why) {
    catalogue.completeExceptionally(why);
    firstReady.completeExceptionally(why);
    route.onUnavailable(this, why);
  }

  @Override
  public void onSlotFree() {
    route.onSlotFree();
  }

  @Override
  public int waitingCalls() {
    return route.queued();
  }
}
