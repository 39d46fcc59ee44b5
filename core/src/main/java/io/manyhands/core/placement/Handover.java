/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.core.concurrent.Strand;
import io.manyhands.core.session.CatalogueFunction;
import io.manyhands.core.session.WorkerSession;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a worker an application's: tells its session, follows what comes of it, and knows whose
 * slots it has. On the placement strand, but for {@link #owner}.
 */
final class Handover {
  private static final Logger LOG = LoggerFactory.getLogger(Handover.class);

  private final Strand strand;
  private final Map<WorkerSession, AppPlacement> owners = new ConcurrentHashMap<>();

  Handover(Strand strand) {
    this.strand = strand;
  }

  /** Whose calls the worker takes, or null; any thread. */
  @Nullable AppPlacement owner(WorkerSession session) {
    return owners.get(session);
  }

  void forget(WorkerSession session) {
    owners.remove(session);
  }

  /**
   * A placeholder becomes the application's.
   *
   * @param notTaken is called where it left PLACEHOLDER between choice and start
   */
  void specialize(
      AppPlacement application,
      PlacedWorker worker,
      String reason,
      BiConsumer<AppPlacement, PlacedWorker> notTaken) {
    WorkerSession session = worker.session();
    LOG.info("worker {} becomes {}: {}", session.id(), application, reason);
    follow(
        application,
        worker,
        session.specialize(application.target(), reason, application.coldStart()),
        notTaken);
  }

  /** A worker is started for the application alone. */
  void start(
      AppPlacement application,
      PlacedWorker worker,
      BiConsumer<AppPlacement, PlacedWorker> notTaken) {
    WorkerSession session = worker.session();
    String reason =
        "started for "
            + application.target().application()
            + ": "
            + session.origin()
            + " has no placeholders of "
            + application.stack();
    LOG.info("worker {} is {}", session.id(), reason);
    follow(application, worker, session.startFor(application.target(), reason), notTaken);
  }

  /** A worker came back, still specialized. */
  void adopt(
      AppPlacement application,
      PlacedWorker worker,
      BiConsumer<AppPlacement, PlacedWorker> notTaken) {
    WorkerSession session = worker.session();
    String reason = "came back to " + application.target().application() + ", still specialized";
    LOG.info("worker {} {}", session.id(), reason);
    follow(application, worker, session.adopt(application.target(), reason), notTaken);
  }

  private void follow(
      AppPlacement application,
      PlacedWorker worker,
      CompletableFuture<List<CatalogueFunction>> serving,
      BiConsumer<AppPlacement, PlacedWorker> notTaken) {
    owners.put(worker.session(), application);
    serving.whenComplete(
        (catalogue, error) ->
            strand.execute(
                () -> {
                  if (catalogue != null) {
                    application.catalogue(catalogue);
                    application.workers().onCatalogue(catalogue);
                  } else if (!worker.session().state().isFinal()) {
                    owners.remove(worker.session());
                    notTaken.accept(application, worker);
                  }
                }));
  }
}
