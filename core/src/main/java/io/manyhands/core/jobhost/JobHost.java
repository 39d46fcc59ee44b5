/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.jobhost;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.AppRevision;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.JobHostInfo;
import io.manyhands.api.app.JobHostState;
import io.manyhands.core.concurrent.Futures;
import io.manyhands.core.concurrent.Strand;
import io.manyhands.core.functions.PreparedApp;
import io.manyhands.core.placement.AppPlacement;
import io.manyhands.core.routing.AppRoute;
import io.manyhands.core.routing.RevisionRoute;
import io.manyhands.core.session.CatalogueFunction;
import io.manyhands.spi.trigger.Trigger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One application's host: starts a revision, rolls to the next, stops. Everything on its strand;
 * readers get the published snapshot.
 */
final class JobHost {
  private static final Logger LOG = LoggerFactory.getLogger(JobHost.class);

  /** How long a drain waits for calls that have no deadline. */
  private static final Duration UNLIMITED_CALL = Duration.ofHours(24);

  /** An agent says it before its worker has functions, or next after a restart of the Runtime. */
  private static final Duration HOST_JSON = Duration.ofSeconds(30);

  /**
   * How long an update waits for as many workers as served before, once it has a first; there may
   * be no room for more until the old ones leave.
   */
  private static final Duration ROLL = Duration.ofSeconds(5);

  private final JobHosts.Rooms rooms;
  private final Strand strand;
  private final AppRoute route;
  private final long createdNanos;
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private volatile JobHostInfo info;

  private Deployment current;
  private @Nullable Deployment next;

  JobHost(ApplicationDefinition definition, JobHosts.Rooms rooms, Strand strand) {
    this.rooms = rooms;
    this.strand = strand;
    this.createdNanos = rooms.time().ticker().nanos();
    this.route = rooms.router().route(definition);
    this.current = new Deployment(definition, rooms.keys());
    this.info =
        new JobHostInfo(
            definition.id(),
            definition.tenant(),
            definition.stack(),
            JobHostState.STARTING,
            new AppRevision(""),
            List.of(),
            Optional.empty(),
            Duration.ZERO);
  }

  JobHostInfo info() {
    return info;
  }

  /**
   * @param listens is told when its triggers know it
   */
  CompletableFuture<JobHostInfo> start(Runnable listens) {
    rooms.router().add(route);
    CompletableFuture<JobHostInfo> result = new CompletableFuture<>();
    strand.execute(
        () -> {
          Deployment first = current;
          try {
            listen(first);
          } catch (RuntimeException e) {
            ManyhandsException why = Futures.unwrap(e);
            failed(first, why);
            result.completeExceptionally(why);
            return;
          }
          first.onState(JobHostState.STARTING);
          listens.run();
          deploy(first, false)
              .whenComplete(
                  (ready, error) ->
                      strand.execute(
                          () -> {
                            if (isStopping()) {
                              result.completeExceptionally(
                                  new ManyhandsException(
                                      ErrorCode.APP_STOPPED,
                                      "application "
                                          + info.id()
                                          + " was stopped while it started"));
                            } else if (error == null) {
                              run(first);
                              result.complete(info);
                            } else {
                              ManyhandsException why = Futures.unwrap(error);
                              failed(first, why);
                              result.completeExceptionally(why);
                            }
                          }));
        });
    return result;
  }

  CompletableFuture<JobHostInfo> update(ApplicationDefinition definition) {
    CompletableFuture<JobHostInfo> result = new CompletableFuture<>();
    strand.execute(
        () -> {
          JobHostState state = info.state();
          if (next != null || (state != JobHostState.RUNNING && state != JobHostState.FAILED)) {
            result.completeExceptionally(
                new ManyhandsException(
                    ErrorCode.APP_STOPPED,
                    "application "
                        + info.id()
                        + ": cannot be updated while it is "
                        + (next != null ? "being updated" : state)));
            return;
          }
          Deployment coming = new Deployment(definition, rooms.keys());
          try {
            listen(coming);
          } catch (RuntimeException e) {
            discard(coming);
            result.completeExceptionally(Futures.unwrap(e));
            return;
          }
          next = coming;
          boolean warm = current.route().map(RevisionRoute::hasWorkers).orElse(false);
          deploy(coming, warm)
              .whenComplete((ready, error) -> strand.execute(() -> updated(coming, error, result)));
        });
    return result;
  }

  /** Its triggers take the keys that were made for it; completes when they have. */
  CompletableFuture<Void> onKeysMade() {
    CompletableFuture<Void> taken = new CompletableFuture<>();
    strand.execute(
        () -> {
          try {
            current.onKeysMade();
            Deployment coming = next;
            if (coming != null) {
              coming.onKeysMade();
            }
            taken.complete(null);
          } catch (RuntimeException e) {
            taken.completeExceptionally(Futures.unwrap(e));
          }
        });
    return taken;
  }

  /** A second stop is the first one. */
  CompletableFuture<Void> stop(Duration grace) {
    strand.execute(
        () -> {
          if (isStopping()) {
            return;
          }
          publish(JobHostState.DRAINING, Optional.empty());
          Deployment ending = current;
          ending.onState(JobHostState.DRAINING);
          Deployment coming = next;
          if (coming != null) {
            // Its update fails when its placement is closed, and discards it.
            closePlacement(coming, grace, "its application stops");
          }
          CompletableFuture<Void> callsDone =
              CompletableFuture.allOf(ending.stopListeners(), route.drain());
          Futures.within(callsDone, grace, rooms.time(), "calls of application " + info.id())
              .whenComplete((done, error) -> strand.execute(() -> stopped(ending, grace)));
        });
    return stopped.copy();
  }

  private boolean isStopping() {
    return info.state() == JobHostState.DRAINING || info.state() == JobHostState.STOPPED;
  }

  /** Without a grace of its own: for those that the Runtime's end leaves over. */
  AppRoute route() {
    return route;
  }

  // ---- the strand

  private void listen(Deployment deployment) {
    for (Trigger trigger : rooms.triggers()) {
      deployment.addListener(
          trigger,
          trigger.listen(
              deployment.triggerApplication(deployment.definition(), null),
              rooms.router()::submit));
    }
  }

  /**
   * Reads the files, opens the placement, waits for the catalogue and, where asked, for a first
   * worker.
   */
  private CompletableFuture<Void> deploy(Deployment deployment, boolean warm) {
    ApplicationDefinition definition = deployment.definition();
    CompletableFuture<PreparedApp> prepared;
    try {
      prepared =
          CompletableFuture.supplyAsync(
              () -> rooms.preparation().prepare(definition), rooms.blocking());
    } catch (RejectedExecutionException e) {
      return Futures.failed(
          ErrorCode.RESOURCE_UNAVAILABLE,
          "application " + definition.id() + ": nothing can read its files now");
    }
    return prepared.thenComposeAsync(app -> index(deployment, app, warm), strand);
  }

  private CompletableFuture<Void> index(Deployment deployment, PreparedApp app, boolean warm) {
    if (isStopping()) {
      return Futures.failed(
          ErrorCode.APP_STOPPED, "application " + info.id() + " was stopped meanwhile");
    }
    deployment.prepared(app);
    if (isAlike(deployment)) {
      // The workers that serve go on: it needs none of its own.
      return CompletableFuture.completedFuture(null);
    }
    RevisionRoute revision = route.revision();
    revision.bind(
        rooms.placement().open(terms(deployment.definition(), app), app.target(), revision));
    deployment.serveBy(revision, revision.placement());
    if (deployment == current) {
      publish(JobHostState.INDEXING, Optional.empty());
      deployment.onState(JobHostState.INDEXING);
      route.hold(revision, app.functionTimeout());
    }
    CompletableFuture<List<CatalogueFunction>> catalogue =
        app.catalogue()
            .<CompletableFuture<List<CatalogueFunction>>>map(CompletableFuture::completedFuture)
            .orElseGet(revision::catalogue);
    if (app.catalogue().isEmpty() || warm) {
      revision.want();
    }
    CompletableFuture<Void> ready =
        warm ? asManyAsBefore(revision) : CompletableFuture.completedFuture(null);
    if (app.catalogue().isPresent()) {
      // On this strand already: a known catalogue costs no further hop.
      deployment.catalogue(app.catalogue().get());
      return ready;
    }
    return catalogue
        .thenCompose(
            functions ->
                withHostJson(app)
                    .thenAcceptAsync(
                        known -> {
                          if (app.target().code().archive().isPresent()) {
                            unpacked(deployment, known);
                          }
                          deployment.catalogue(functions);
                        },
                        strand))
        .thenCombine(ready, (indexed, worker) -> null);
  }

  /** The same where its host.json was read with its definition. */
  private CompletableFuture<PreparedApp> withHostJson(PreparedApp app) {
    return app.target()
        .code()
        .archive()
        .map(
            archive ->
                Futures.within(
                        archive.hostJson(),
                        HOST_JSON,
                        rooms.time(),
                        "the agent of a worker with " + archive + ", asked for host.json")
                    .thenApply(text -> rooms.preparation().withHostJson(app, text)))
        .orElseGet(() -> CompletableFuture.completedFuture(app));
  }

  /** What host.json says is known now that a worker has the package. */
  private void unpacked(Deployment deployment, PreparedApp app) {
    deployment.prepared(app);
    deployment
        .placement()
        .ifPresent(
            placement -> rooms.placement().limit(placement, terms(deployment.definition(), app)));
  }

  /** The next revision has the calls of the one that serves to take: as many workers, at best. */
  private CompletableFuture<Void> asManyAsBefore(RevisionRoute revision) {
    int desired = current.placement().map(old -> old.counts().desired()).orElse(1);
    int ready = current.route().map(RevisionRoute::ready).orElse(1);
    rooms
        .placement()
        .resize(revision.placement(), desired, "as many as the revision before it has");
    return revision
        .firstReady()
        .thenCompose(
            first ->
                Futures.within(revision.ready(ready), ROLL, rooms.time(), "workers of " + info.id())
                    .handle((all, error) -> null));
  }

  /** An update to the revision that serves already. */
  private boolean isAlike(Deployment deployment) {
    return deployment != current
        && info.state() == JobHostState.RUNNING
        && deployment.isOfSameRevision(current);
  }

  /** A worker that is no longer needed lets its calls run as long as any call may. */
  private AppPlacement.Terms terms(ApplicationDefinition definition, PreparedApp app) {
    Duration longest = app.functionTimeout().orElse(UNLIMITED_CALL);
    return new AppPlacement.Terms(
        definition.stack(),
        definition.limits(),
        longest.compareTo(rooms.drainGrace()) > 0 ? longest : rooms.drainGrace());
  }

  private void run(Deployment deployment) {
    open(deployment);
    publish(JobHostState.RUNNING, Optional.empty());
    deployment.onState(JobHostState.RUNNING);
    rooms.metrics().timing("jobhost.creation").record(info.creation().toNanos());
    LOG.info(
        "application {} serves revision {} with {} functions",
        info.id(),
        info.revision(),
        info.functions().size());
  }

  private void open(Deployment deployment) {
    RevisionRoute revision = deployment.route().orElseThrow();
    PreparedApp app = deployment.prepared().orElseThrow();
    route.open(revision, deployment.routed(), app.functionTimeout());
  }

  private void failed(Deployment deployment, ManyhandsException why) {
    LOG.warn("application {} failed: {}", info.id(), why.getMessage());
    publish(JobHostState.FAILED, Optional.of(String.valueOf(why.getMessage())));
    deployment.onState(JobHostState.FAILED);
    route.close(ErrorCode.APP_FAILED, "application " + info.id() + " failed: " + why.getMessage());
    closePlacement(deployment, rooms.drainGrace(), "its application failed");
  }

  private void updated(
      Deployment coming, @Nullable Throwable error, CompletableFuture<JobHostInfo> result) {
    next = null;
    if (isStopping()) {
      discard(coming);
      result.completeExceptionally(
          new ManyhandsException(
              ErrorCode.APP_STOPPED,
              "application " + info.id() + " was stopped while it was updated"));
      return;
    }
    if (error != null) {
      ManyhandsException why = Futures.unwrap(error);
      LOG.warn(
          "application {}: update failed, revision {} goes on: {}",
          info.id(),
          info.revision(),
          why.getMessage());
      discard(coming);
      result.completeExceptionally(why);
      return;
    }
    Deployment old = current;
    if (isAlike(coming)) {
      discard(coming);
      try {
        old.redefine(coming.definition());
      } catch (RuntimeException e) {
        result.completeExceptionally(Futures.unwrap(e));
        return;
      }
      rooms.router().limit(route, coming.definition().limits());
      old.placement()
          .ifPresent(
              placement ->
                  rooms
                      .placement()
                      .limit(placement, terms(coming.definition(), old.prepared().orElseThrow())));
      result.complete(info);
      return;
    }
    current = coming;
    rooms.router().limit(route, coming.definition().limits());
    open(coming);
    publish(JobHostState.RUNNING, Optional.empty());
    coming.onState(JobHostState.RUNNING);
    old.onState(JobHostState.STOPPED);
    old.stopListeners();
    closePlacement(old, rooms.drainGrace(), "replaced by revision " + info.revision());
    LOG.info("application {} rolled to revision {}", info.id(), info.revision());
    result.complete(info);
  }

  private void discard(Deployment deployment) {
    deployment.onState(JobHostState.STOPPED);
    deployment.stopListeners();
    closePlacement(deployment, rooms.drainGrace(), "not used");
  }

  private CompletableFuture<Void> closePlacement(
      Deployment deployment, Duration grace, String reason) {
    return deployment
        .placement()
        .map(placement -> rooms.placement().close(placement, grace, reason))
        .orElseGet(() -> CompletableFuture.completedFuture(null));
  }

  private void stopped(Deployment ending, Duration grace) {
    route.close(ErrorCode.APP_STOPPED, "application " + info.id() + " is stopped");
    closePlacement(ending, grace, "its application stopped")
        .whenComplete(
            (done, error) ->
                strand.execute(
                    () -> {
                      publish(JobHostState.STOPPED, Optional.empty());
                      ending.onState(JobHostState.STOPPED);
                      rooms.router().remove(route);
                      LOG.info("application {} is stopped", info.id());
                      stopped.complete(null);
                    }));
  }

  private void publish(JobHostState state, Optional<String> failure) {
    Deployment shown = current;
    ApplicationDefinition definition = shown.definition();
    boolean served = state == JobHostState.RUNNING || state == JobHostState.FAILED;
    Duration creation =
        !info.creation().isZero()
            ? info.creation()
            : served
                ? Duration.ofNanos(rooms.time().ticker().nanos() - createdNanos)
                : Duration.ZERO;
    AppRevision revision =
        shown.prepared().map(app -> app.target().revision()).orElse(info.revision());
    info =
        new JobHostInfo(
            definition.id(),
            definition.tenant(),
            definition.stack(),
            state,
            revision,
            shown.functions(),
            failure,
            creation);
  }
}
