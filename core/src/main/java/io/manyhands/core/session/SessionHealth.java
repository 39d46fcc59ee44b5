/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerConnection;
import java.util.Optional;

/**
 * What silence of one worker means: SUSPECT first, lost only without calls; a silent stream of a
 * worker that can come back is broken off, so that it does. On the session's strand.
 */
final class SessionHealth implements StatusProbe.Subject {
  private static final int UNANSWERED_WITHOUT_CALLS = 4;

  private final SessionCore session;

  SessionHealth(SessionCore session) {
    this.session = session;
  }

  @Override
  public boolean ask() {
    if (!session.capabilities().has("WorkerStatus")) {
      return false;
    }
    session.send(new HostMessage.WorkerStatusRequest());
    return true;
  }

  @Override
  public void onUnanswered(int requests) {
    String reason = "no answer to " + requests + " status requests";
    if (session.state() == WorkerState.READY) {
      session.transition(WorkerEvent.UNANSWERED, reason);
    }
    if (requests >= UNANSWERED_WITHOUT_CALLS && !session.calls().hasPending()) {
      session.end(ErrorCode.WORKER_LOST, reason);
    }
  }

  @Override
  public void onSilence() {
    Optional<WorkerConnection> silent = session.stream();
    String why = "nothing was heard of it for three intervals of " + session.statusInterval();
    if (silent.isPresent() && !session.link().isStock() && session.resume().leave(why)) {
      silent.get().abort(why);
    }
  }

  @Override
  public void onAnswered() {
    if (session.state() == WorkerState.SUSPECT) {
      session.transition(WorkerEvent.ANSWERED, "answered again");
    }
  }
}
