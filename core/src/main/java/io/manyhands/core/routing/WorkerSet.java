/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.routing;

import io.manyhands.core.session.WorkerSession;
import io.manyhands.spi.policy.LoadBalancer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The workers that may take calls, with the picker over them; immutable, replaced as a whole. */
final class WorkerSet implements LoadBalancer.Loads {
  private final WorkerSession[] sessions;
  private final LoadBalancer.Picker picker;

  WorkerSet(List<WorkerSession> sessions, LoadBalancer.Picker picker) {
    this.sessions = sessions.toArray(WorkerSession[]::new);
    this.picker = picker;
  }

  /** Null where the picker sees no free slot. */
  @Nullable WorkerSession pick() {
    int index = picker.pick(this);
    return index < 0 ? null : sessions[index];
  }

  @Override
  public int size() {
    return sessions.length;
  }

  @Override
  public int inFlight(int index) {
    return sessions[index].inFlightCalls();
  }

  @Override
  public int free(int index) {
    return sessions[index].freeSlots();
  }
}
