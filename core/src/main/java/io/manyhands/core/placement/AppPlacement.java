/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.api.invocation.ColdStart;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.core.session.CatalogueFunction;
import io.manyhands.core.session.SpecializationTarget;
import io.manyhands.core.session.WorkerSession;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One revision of an application and its workers. Touched on the placement strand alone. */
public final class AppPlacement {
  private final WorkerStack stack;
  private final AppWorkers workers;
  private final BackOff backOff = new BackOff();
  private final Set<WorkerSession> becoming = new LinkedHashSet<>();
  private final Set<WorkerSession> ready = new LinkedHashSet<>();
  private SpecializationTarget target;
  private boolean wanted;
  private boolean missed;
  private boolean closed;

  AppPlacement(WorkerStack stack, SpecializationTarget target, AppWorkers workers) {
    this.stack = stack;
    this.target = target;
    this.workers = workers;
  }

  WorkerStack stack() {
    return stack;
  }

  SpecializationTarget target() {
    return target;
  }

  /** Later workers load what the first one indexed. */
  void catalogue(List<CatalogueFunction> functions) {
    if (target.functions().isEmpty()) {
      target =
          new SpecializationTarget(
              target.application(),
              target.tenant(),
              target.revision(),
              target.directory(),
              target.environment(),
              Optional.of(functions),
              target.slots());
    }
  }

  AppWorkers workers() {
    return workers;
  }

  BackOff backOff() {
    return backOff;
  }

  Set<WorkerSession> becoming() {
    return becoming;
  }

  Set<WorkerSession> ready() {
    return ready;
  }

  /** True where it needs a worker that is not on its way. */
  boolean waits() {
    return wanted && !closed && becoming.isEmpty() && ready.isEmpty();
  }

  void want(boolean value) {
    wanted = value;
  }

  /** No placeholder was at hand. */
  void missed() {
    missed = true;
  }

  /** What calls are told that waited for the worker which it now gets. */
  ColdStart coldStart() {
    ColdStart why = missed ? ColdStart.NEW_WORKER : ColdStart.PLACEHOLDER;
    missed = false;
    return why;
  }

  void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }
}
