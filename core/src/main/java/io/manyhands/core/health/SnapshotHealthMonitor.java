/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.health;

import io.manyhands.api.app.JobHostInfo;
import io.manyhands.api.app.JobHostState;
import io.manyhands.api.worker.HealthMonitor;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.api.worker.WorkerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Judges from snapshots of workers and JobHosts. Thread-safe. */
public final class SnapshotHealthMonitor implements HealthMonitor {
  private final Supplier<List<WorkerInfo>> workers;
  private final Supplier<List<JobHostInfo>> jobHosts;
  private final Map<WorkerStack, Integer> placeholderTargets;
  private final BooleanSupplier running;

  public SnapshotHealthMonitor(
      Supplier<List<WorkerInfo>> workers,
      Supplier<List<JobHostInfo>> jobHosts,
      Map<WorkerStack, Integer> placeholderTargets,
      BooleanSupplier running) {
    this.workers = workers;
    this.jobHosts = jobHosts;
    this.placeholderTargets = new TreeMap<>(placeholderTargets);
    this.running = running;
  }

  @Override
  public Health overall() {
    if (!running.getAsBoolean()) {
      return new Health(Status.UNHEALTHY, List.of("the Runtime is not running"));
    }
    List<String> reasons = new ArrayList<>();
    List<WorkerInfo> now = workers.get();
    for (JobHostInfo host : jobHosts.get()) {
      if (host.state() == JobHostState.FAILED) {
        reasons.add(
            "application " + host.id() + " failed: " + host.failure().orElse("no reason given"));
      }
    }
    for (WorkerInfo worker : now) {
      reasons.addAll(judge(worker).reasons());
    }
    placeholderTargets.forEach(
        (stack, target) -> {
          long ready =
              now.stream()
                  .filter(
                      worker ->
                          worker.state() == WorkerState.PLACEHOLDER
                              && stack.acceptsWorkerOf(worker.stack()))
                  .count();
          if (ready < target) {
            reasons.add("stack " + stack + ": " + ready + " placeholders (target: " + target + ")");
          }
        });
    return new Health(reasons.isEmpty() ? Status.HEALTHY : Status.DEGRADED, reasons);
  }

  @Override
  public Optional<Health> worker(WorkerId id) {
    return workers.get().stream()
        .filter(worker -> worker.id().equals(id))
        .findFirst()
        .map(SnapshotHealthMonitor::judge);
  }

  private static Health judge(WorkerInfo worker) {
    return switch (worker.state()) {
      case SUSPECT ->
          new Health(
              Status.DEGRADED,
              List.of("worker " + worker.id() + " is suspect: " + worker.reason()));
      case QUARANTINED, DISCONNECTED ->
          new Health(
              Status.UNHEALTHY,
              List.of("worker " + worker.id() + " is " + worker.state() + ": " + worker.reason()));
      case GONE ->
          new Health(
              Status.UNHEALTHY, List.of("worker " + worker.id() + " is gone: " + worker.reason()));
      default -> new Health(Status.HEALTHY, List.of());
    };
  }
}
