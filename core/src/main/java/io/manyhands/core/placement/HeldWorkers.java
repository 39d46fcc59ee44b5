/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.api.worker.WorkerState;
import io.manyhands.core.identity.ResumeClaims;
import io.manyhands.core.session.WorkerSession;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Workers that came back, still specialized, to a new start of the Runtime, and the revisions that
 * may take them over; whoever comes second finds the first. On the placement strand alone.
 */
final class HeldWorkers {
  private final Map<ResumeClaims.Assignment, AppPlacement> applications = new HashMap<>();
  private final Map<ResumeClaims.Assignment, Set<WorkerSession>> waiting = new HashMap<>();
  private final Map<WorkerSession, ResumeClaims.Assignment> known = new LinkedHashMap<>();

  /** Takes a worker over. */
  @FunctionalInterface
  interface Taker {
    void take(AppPlacement application, WorkerSession session);
  }

  private final Taker taker;

  HeldWorkers(Taker taker) {
    this.taker = taker;
  }

  /** True where it is no placeholder and on its way to be none. */
  boolean contains(WorkerSession session) {
    return known.containsKey(session);
  }

  void onOpened(AppPlacement application) {
    ResumeClaims.Assignment assignment = application.target().assignment();
    applications.put(assignment, application);
    List<WorkerSession> held =
        new ArrayList<>(waiting.getOrDefault(assignment, new LinkedHashSet<>()));
    waiting.remove(assignment);
    for (WorkerSession session : held) {
      known.remove(session);
      taker.take(application, session);
    }
  }

  void onClosed(AppPlacement application) {
    applications.remove(application.target().assignment(), application);
  }

  void onChanged(WorkerSession session, WorkerState after) {
    if (after == WorkerState.CONNECTED && session.held().isPresent()) {
      ResumeClaims.Assignment assignment = session.held().get();
      AppPlacement application = applications.get(assignment);
      if (application != null) {
        taker.take(application, session);
      } else {
        known.put(session, assignment);
        waiting.computeIfAbsent(assignment, key -> new LinkedHashSet<>()).add(session);
      }
    } else if (after.isFinal()) {
      ResumeClaims.Assignment assignment = known.remove(session);
      Set<WorkerSession> others = assignment == null ? null : waiting.get(assignment);
      if (others != null && others.remove(session) && others.isEmpty()) {
        waiting.remove(assignment);
      }
    }
  }
}
