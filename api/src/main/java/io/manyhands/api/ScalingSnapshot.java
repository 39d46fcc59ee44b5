/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.worker.WorkerStack;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How many workers and placeholders there should be at one moment, and why.
 *
 * @param applications those that serve, by id
 * @param pools those that are filled on request, by stack
 */
public record ScalingSnapshot(List<Application> applications, List<Pool> pools) {
  public ScalingSnapshot {
    applications = List.copyOf(applications);
    pools = List.copyOf(pools);
  }

  /** What is said of an application. */
  public Optional<Application> application(ApplicationId id) {
    return applications.stream().filter(application -> application.id().equals(id)).findFirst();
  }

  /**
   * One application.
   *
   * @param desired workers that it should have
   * @param ready workers that take its calls
   * @param coming workers on their way to it
   * @param panic true while it reacts to a burst
   * @param reason of the last decision, for people
   * @param since when the number that it should have was last changed
   */
  public record Application(
      ApplicationId id,
      int desired,
      int ready,
      int coming,
      boolean panic,
      String reason,
      Instant since) {
    public Application {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(since, "since");
    }
  }

  /**
   * The placeholders of one stack.
   *
   * @param target placeholders that there should be
   * @param placeholders that there were when it was last decided
   * @param reason of the last decision, for people
   */
  public record Pool(WorkerStack stack, int target, int placeholders, String reason) {
    public Pool {
      Objects.requireNonNull(stack, "stack");
      Objects.requireNonNull(reason, "reason");
    }
  }
}
