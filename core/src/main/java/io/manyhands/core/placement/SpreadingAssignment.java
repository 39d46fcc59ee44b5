/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.spi.policy.AssignmentPolicy;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Exact version first, then a worker that has the application's package already, then the host with
 * the fewest of the application's workers, then the oldest.
 */
public final class SpreadingAssignment implements AssignmentPolicy {
  @Override
  public Optional<Choice> choose(Need need, List<WorkerInfo> placeholders) {
    Comparator<WorkerInfo> order =
        Comparator.comparing((WorkerInfo worker) -> !exact(need, worker))
            .thenComparing(worker -> !hasPackage(need, worker))
            .thenComparing(worker -> onSameHost(need, worker))
            .thenComparing(WorkerInfo::since)
            .thenComparing(WorkerInfo::id);
    return placeholders.stream()
        .min(order)
        .map(worker -> new Choice(worker, reason(need, worker, placeholders.size())));
  }

  private static boolean exact(Need need, WorkerInfo worker) {
    return worker.stack().version().equals(need.stack().version());
  }

  private static boolean hasPackage(Need need, WorkerInfo worker) {
    return need.application().value().equals(worker.labels().get("package"));
  }

  private static long onSameHost(Need need, WorkerInfo worker) {
    String host = worker.labels().getOrDefault("host", "");
    return need.current().stream()
        .filter(other -> other.labels().getOrDefault("host", "").equals(host))
        .count();
  }

  private static String reason(Need need, WorkerInfo worker, int candidates) {
    String why = exact(need, worker) ? "exact version" : "a version that serves";
    if (hasPackage(need, worker)) {
      why += ", package at hand";
    }
    long same = onSameHost(need, worker);
    return "chosen for "
        + need.application()
        + " among "
        + candidates
        + " placeholders: "
        + why
        + ", "
        + same
        + " of its workers on that host";
  }
}
