/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.api.worker.WorkerState;
import io.manyhands.core.placement.PlacedWorker.Phase;
import io.manyhands.core.session.WorkerSession;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Writes what happens to workers into the book: that one is on its way, changes its state, comes
 * back, ends. On the placement strand.
 */
final class Arrivals {
  /** How long a worker of an earlier start is waited for before others take its place. */
  private static final Duration RETURN = Duration.ofSeconds(2);

  private final PlacementBook book;
  private final WorkerRequests requests;
  private final Reconciliation reconciliation;
  private final Handover handover;
  private final Losses losses;
  private final HeldWorkers held = new HeldWorkers(this::takeOver);
  private final Reconciliation.Seams seams;

  Arrivals(
      PlacementBook book,
      WorkerRequests requests,
      Reconciliation reconciliation,
      Handover handover,
      Reconciliation.Seams seams) {
    this.book = book;
    this.requests = requests;
    this.reconciliation = reconciliation;
    this.handover = handover;
    this.seams = seams;
    this.losses =
        new Losses(
            book,
            requests.provisioners(),
            reconciliation.settlement(),
            reconciliation,
            seams.time(),
            seams.metrics());
  }

  /** Workers that came back and wait for their revision. */
  HeldWorkers held() {
    return held;
  }

  void expected(WorkerSession session, boolean returning) {
    if (book.find(session.id()) == null && !session.state().isFinal()) {
      PlacedWorker worker = track(session);
      if (reconciliation.isClosed()) {
        CompletableFuture<Void> unused = session.release("the Runtime closes");
        return;
      }
      if (returning && session.state() == WorkerState.REQUESTED) {
        book.move(worker, Phase.RETURNING);
        worker.await(reconciliation.after(RETURN, () -> late(worker)));
      }
      reconciliation.settle();
    }
  }

  private void late(PlacedWorker worker) {
    if (worker.phase() == Phase.RETURNING) {
      book.move(worker, Phase.OVERDUE);
      reconciliation.settle();
    }
  }

  private PlacedWorker track(WorkerSession session) {
    return book.add(session, requests.isOurs(session), null, seams.time().ticker().nanos());
  }

  /** It came back, still specialized, to a new start of the Runtime. */
  private void takeOver(AppPlacement application, WorkerSession session) {
    PlacedWorker known = book.find(session.id());
    PlacedWorker worker = known == null ? track(session) : known;
    seams.metrics().counter("placement.taken-over").increment();
    book.assign(worker, application, seams.time().ticker().nanos());
    application.resize(Math.max(application.desired(), application.counted()));
    reconciliation.adopt(application, worker);
  }

  void changed(WorkerSession session, WorkerState after) {
    long now = seams.time().ticker().nanos();
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
      reconciliation.settle();
      return;
    }
    if (worker.reached(after, now)) {
      losses.cameUp(worker);
    }
    Phase before = worker.phase();
    AppPlacement application = worker.application();
    if (after.isFinal()) {
      handover.forget(session);
      losses.ended(worker);
    } else {
      Phase next = Phase.of(after, application != null);
      book.move(worker, worker.ending() ? Phase.LEAVING : next);
    }
    if (application != null) {
      if (before == Phase.SERVING || worker.phase() == Phase.SERVING) {
        reconciliation.publish(application);
      }
      reconciliation.refresh(application);
    }
    reconciliation.settle();
  }
}
