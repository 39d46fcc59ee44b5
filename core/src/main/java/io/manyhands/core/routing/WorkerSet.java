/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.routing;

import io.manyhands.core.session.CallTarget;
import io.manyhands.spi.policy.LoadBalancer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The workers that may take calls, with the picker over them; immutable, replaced as a whole. */
final class WorkerSet implements LoadBalancer.Loads {
  private final CallTarget[] targets;
  private final LoadBalancer.Picker picker;

  WorkerSet(List<? extends CallTarget> targets, LoadBalancer.Picker picker) {
    this.targets = targets.toArray(CallTarget[]::new);
    this.picker = picker;
  }

  /** Null where the picker sees no free slot. */
  @Nullable CallTarget pick() {
    int index = picker.pick(this);
    return index < 0 ? null : targets[index];
  }

  @Override
  public int size() {
    return targets.length;
  }

  @Override
  public int inFlight(int index) {
    return targets[index].inFlightCalls();
  }

  @Override
  public int free(int index) {
    return targets[index].freeSlots();
  }
}
