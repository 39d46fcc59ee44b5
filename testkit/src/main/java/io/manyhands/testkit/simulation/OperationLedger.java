/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What operators have asked for: each completes within its bound. */
final class OperationLedger {
  private final World world;
  private final Set<String> pending = new LinkedHashSet<>();
  private final Set<String> dueNow = new LinkedHashSet<>();
  private int count;

  OperationLedger(World world) {
    this.world = world;
  }

  <T> CompletableFuture<T> track(String what, Duration bound, CompletableFuture<T> operation) {
    String name = "operation " + ++count + " (" + what + ")";
    pending.add(name);
    world.trace().add(name);
    operation.whenComplete(
        (value, error) -> {
          pending.remove(name);
          world.trace().add(name + (error == null ? " is done" : " failed: " + error.getMessage()));
        });
    due(name, bound, world.time().stalled());
    return operation;
  }

  /** Steps that wait for each other are each put off by a stall, so that a bound is too. */
  private void due(String name, Duration bound, Duration stalledBefore) {
    world
        .time()
        .schedule(
            () -> {
              Duration stalled = world.time().stalled();
              if (stalled.equals(stalledBefore)) {
                dueNow.add(name + ", after " + bound);
              } else {
                due(name, stalled.minus(stalledBefore), stalled);
              }
            },
            bound);
  }

  /** Nothing is under way with that application. */
  boolean isIdle(AppModel app) {
    return pending.stream()
        .noneMatch(name -> name.contains(" " + app + " ") || name.contains(" " + app + ")"));
  }

  /** Nothing more happens at this time. */
  void settled() {
    for (String due : dueNow) {
      world
          .verdict()
          .expect(
              !pending.contains(due.substring(0, due.lastIndexOf(','))),
              Invariant.OPERATIONS_COMPLETE,
              due + ": not complete");
    }
    dueNow.clear();
  }

  /** The Runtime is killed: nobody waits for what it had under way. */
  void onKilled() {
    pending.clear();
    dueNow.clear();
  }

  /** Those that are not complete. */
  Set<String> pending() {
    return pending;
  }
}
