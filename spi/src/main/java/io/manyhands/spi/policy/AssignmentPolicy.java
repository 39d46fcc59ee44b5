/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.policy;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerStack;
import java.util.List;
import java.util.Optional;

/**
 * Decides which placeholder becomes a worker of an application. Pure; called on the placement
 * strand.
 */
@FunctionalInterface
public interface AssignmentPolicy {
  /** Chooses among placeholders whose stack serves the need, or none. */
  Optional<Choice> choose(Need need, List<WorkerInfo> placeholders);

  /**
   * What is needed.
   *
   * @param application for which
   * @param stack of which kind
   * @param current the application's workers, for spreading
   */
  record Need(ApplicationId application, WorkerStack stack, List<WorkerInfo> current) {
    public Need {
      current = List.copyOf(current);
    }
  }

  /**
   * What was chosen.
   *
   * @param worker one of the placeholders
   * @param reason for people
   */
  record Choice(WorkerInfo worker, String reason) {}
}
