/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.worker;

import java.util.List;
import java.util.Optional;

/** Judges the health of the Runtime and of its workers from published snapshots. Thread-safe. */
public interface HealthMonitor {
  /** Overall, with reasons. */
  Health overall();

  /** One worker's. */
  Optional<Health> worker(WorkerId id);

  /** How well. */
  enum Status {
    /** All as it should be. */
    HEALTHY,
    /** Serving with less than was asked for. */
    DEGRADED,
    /** Not serving. */
    UNHEALTHY
  }

  /**
   * A judgement.
   *
   * @param status how well
   * @param reasons why not better; empty when HEALTHY
   */
  record Health(Status status, List<String> reasons) {
    public Health {
      reasons = List.copyOf(reasons);
    }
  }
}
