/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.scaling;

import io.manyhands.api.ScalingSnapshot;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.core.placement.Placement;
import io.manyhands.spi.policy.PoolPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets how many placeholders each pool should have. On the scaling strand, but for {@link
 * #snapshot}.
 */
final class PoolScaler {
  private static final Logger LOG = LoggerFactory.getLogger(PoolScaler.class);

  private final Placement placement;
  private final PoolPolicy policy;
  private final Map<WorkerStack, Integer> configured;
  private final LongAdder failed;
  private final Map<WorkerStack, Pool> pools = new TreeMap<>();
  private volatile List<ScalingSnapshot.Pool> snapshot = List.of();

  private static final class Pool {
    private final PoolPolicy.Sizer sizer;
    private long claims;
    private long misses;

    Pool(PoolPolicy.Sizer sizer) {
      this.sizer = sizer;
    }
  }

  PoolScaler(
      Placement placement,
      PoolPolicy policy,
      Map<WorkerStack, Integer> configured,
      LongAdder failed) {
    this.placement = placement;
    this.policy = policy;
    this.configured = configured;
    this.failed = failed;
  }

  /** Any thread. */
  List<ScalingSnapshot.Pool> snapshot() {
    return snapshot;
  }

  void clear() {
    snapshot = List.of();
  }

  void decide(List<Placement.PoolState> states, long nanos) {
    Map<WorkerStack, Integer> changed = new TreeMap<>();
    List<ScalingSnapshot.Pool> seen = new ArrayList<>();
    for (Placement.PoolState state : states) {
      PoolPolicy.Size size = size(state, nanos);
      if (size.placeholders() != state.target()) {
        LOG.info(
            "{}: {} placeholders instead of {}: {}",
            state.stack(),
            size.placeholders(),
            state.target(),
            size.reason());
        changed.put(state.stack(), size.placeholders());
      }
      seen.add(
          new ScalingSnapshot.Pool(
              state.stack(), size.placeholders(), state.placeholders(), size.reason()));
    }
    snapshot = seen;
    if (!changed.isEmpty()) {
      placement.poolTargets(changed);
    }
  }

  private PoolPolicy.Size size(Placement.PoolState state, long nanos) {
    int least = configured.getOrDefault(state.stack(), 0);
    try {
      Pool pool = pools.computeIfAbsent(state.stack(), stack -> new Pool(policy.sizer()));
      PoolPolicy.Demand demand =
          new PoolPolicy.Demand(
              state.stack(),
              nanos,
              least,
              state.claims() - pool.claims,
              state.misses() - pool.misses);
      pool.claims = state.claims();
      pool.misses = state.misses();
      PoolPolicy.Size size = pool.sizer.decide(demand);
      return size.placeholders() >= least ? size : new PoolPolicy.Size(least, size.reason());
    } catch (RuntimeException e) {
      failed.increment();
      LOG.warn("{}: the pool policy failed; its pool stays as it is", state.stack(), e);
      return new PoolPolicy.Size(state.target(), "the policy failed");
    }
  }
}
