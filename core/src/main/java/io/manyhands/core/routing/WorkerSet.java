/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.routing;

import io.manyhands.core.session.WorkerSession;
import io.manyhands.spi.policy.LoadBalancer;
import java.util.List;

/** The workers that may take calls, with the picker over them; immutable, replaced as a whole. */
record WorkerSet(WorkerSession[] sessions, LoadBalancer.Picker picker)
    implements LoadBalancer.Loads {
  static WorkerSet of(List<WorkerSession> sessions, LoadBalancer.Picker picker) {
    return new WorkerSet(sessions.toArray(WorkerSession[]::new), picker);
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
