/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.routing;

import io.manyhands.core.session.Call;
import io.manyhands.core.session.CallTarget;
import io.manyhands.spi.policy.LoadBalancer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The workers that may take calls, with the picker over them; immutable, replaced as a whole. */
final class WorkerSet implements LoadBalancer.Loads {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerSet.class);
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private final CallTarget[] targets;
  private final LoadBalancer.Picker picker;
  private volatile boolean toldWrong;

  WorkerSet(List<? extends CallTarget> targets, LoadBalancer.Picker picker) {
    this.targets = targets.toArray(CallTarget[]::new);
    this.picker = picker;
  }

  /** Null where the picker sees no free slot. */
  @Nullable CallTarget pick() {
    int index;
    try {
      index = picker.pick(this);
    } catch (RuntimeException e) {
      return wrong("threw", e);
    }
    if (index >= targets.length) {
      return wrong("picked " + index, null);
    }
    return index < 0 ? null : targets[index];
  }

  /** A picker's mistake costs no call: the first that is free is taken. */
  private @Nullable CallTarget wrong(String what, @Nullable RuntimeException e) {
    if (!toldWrong) {
      toldWrong = true;
      LOG.warn("load balancer {} of {} workers (expected: -1, or an index)", what, size(), e);
    }
    for (CallTarget target : targets) {
      if (target.freeSlots() > 0) {
        return target;
      }
    }
    return null;
  }

  /** True where a call of that trace holds a slot of any of them. */
  boolean hasTrace(String traceId) {
    for (CallTarget target : targets) {
      if (target.hasTrace(traceId)) {
        return true;
      }
    }
    return false;
  }

  /** Traces of the calls that hold a slot of any of them. */
  Set<String> traces() {
    Set<String> traces = new TreeSet<>();
    for (CallTarget target : targets) {
      traces.addAll(target.traces());
    }
    return traces;
  }

  CallTarget target(int index) {
    return targets[index];
  }

  /**
   * The worker of the call's ordering key, whether or not it has a free slot; null where there are
   * no workers. A worker that comes or goes changes that of few keys: each worker has a weight for
   * each key, and the heaviest is it.
   */
  @Nullable CallTarget pinned(Call call) {
    CallTarget heaviest = null;
    long most = Long.MIN_VALUE;
    long key = call.invocation().orderingKey().orElse("").hashCode();
    for (CallTarget target : targets) {
      long weight = mixed(key * GOLDEN_GAMMA ^ target.id().value().hashCode());
      if (heaviest == null || weight > most) {
        heaviest = target;
        most = weight;
      }
    }
    return heaviest;
  }

  private static long mixed(long value) {
    long once = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
    long twice = (once ^ once >>> 27) * 0x94D049BB133111EBL;
    return twice ^ twice >>> 31;
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
