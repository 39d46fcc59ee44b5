/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.invocation.InvocationResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * After the faults: operators repair what has failed, and every function of every application that
 * is to be there is called until it has answered.
 */
final class Healing {
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final World world;
  private final Operator operator;
  private final Callers callers;
  private final OperationLedger operations;
  private final Map<AppModel, List<String>> unproven = new LinkedHashMap<>();
  private boolean ended;

  Healing(
      World world,
      List<AppModel> apps,
      Operator operator,
      Callers callers,
      OperationLedger operations) {
    this.world = world;
    this.operator = operator;
    this.callers = callers;
    this.operations = operations;
    apps.stream()
        .filter(AppModel::isWanted)
        .forEach(app -> unproven.put(app, new ArrayList<>(app.functions())));
  }

  void begin() {
    if (ended) {
      return;
    }
    unproven.forEach(this::tend);
    world.time().schedule(this::begin, EVERY);
  }

  void end() {
    ended = true;
  }

  /** Every function of every application has answered. */
  boolean isProven() {
    return unproven.values().stream().allMatch(List::isEmpty);
  }

  private void tend(AppModel app, List<String> functions) {
    if (!operator.serves(app)) {
      if (operations.isIdle(app)) {
        operator.repair(app);
      }
    } else if (!functions.isEmpty()) {
      probe(app, functions);
    }
  }

  private void probe(AppModel app, List<String> functions) {
    String function = functions.get(0);
    TrackedCall call = callers.submit(app, function, Optional.of(PATIENCE)).call();
    world
        .time()
        .schedule(
            () -> {
              if (call.result().filter(InvocationResult::succeeded).isPresent()) {
                functions.remove(function);
              } else if (call.isCompletedWith(ErrorCode.APP_FAILED) && operations.isIdle(app)) {
                operator.update(app);
              }
            },
            EVERY.dividedBy(2));
  }

  /** What has not answered. */
  @Override
  public String toString() {
    return "not answered yet: " + unproven;
  }
}
