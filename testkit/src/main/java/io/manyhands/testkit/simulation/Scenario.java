/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.worker.WorkerStack;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one seed's world is like: how many of everything, the Runtime's options, which faults and
 * how many of them, how it ends. Drawn once, at the beginning.
 *
 * @param apps how many applications
 * @param placeholders the pool's targets
 * @param options of the Runtime
 * @param storm how long there is load and faults
 * @param calls how many, roughly, bursts not counted
 * @param betweenOperations mean time between starts, updates, stops and drains
 * @param betweenFaults mean time between faults that strike by themselves
 * @param faults the kinds that can strike
 * @param intensity of those
 * @param slowNetwork true where messages take milliseconds, false where microseconds
 * @param extended the share of workers that speak our extension
 * @param heals true where faults cease and everything must serve again before the close, false
 *     where it closes under load
 */
record Scenario(
    int apps,
    Map<WorkerStack, Integer> placeholders,
    RuntimeOptions options,
    Duration storm,
    int calls,
    Duration betweenOperations,
    Duration betweenFaults,
    Set<FaultKind> faults,
    double intensity,
    boolean slowNetwork,
    double extended,
    boolean heals) {
  /** All that the platform delivers. */
  static final List<WorkerStack> STACKS =
      List.of(
          WorkerStack.of("ember", "1"),
          WorkerStack.of("ember", "2"),
          WorkerStack.of("onyx", "1.4"));

  private static final double LARGE = 0.02;
  private static final double CALM = 0.06;
  private static final List<Integer> APPS = List.of(1, 1, 2, 2, 3, 3, 3, 4, 5, 6, 8);

  static Scenario draw(Dice dice) {
    boolean large = dice.chance(LARGE);
    int apps = large ? dice.between(24, 48) : dice.pick(APPS);
    int workers = large ? dice.between(120, 320) : dice.logBetween(4, 26);
    Map<WorkerStack, Integer> placeholders = pool(dice, Math.max(0, workers - apps));
    double intensity = dice.logBetween(30, 300) / 100.0;
    Duration storm = dice.between(Duration.ofSeconds(40), Duration.ofSeconds(large ? 80 : 150));
    return new Scenario(
        apps,
        placeholders,
        options(dice, placeholders),
        storm,
        large ? dice.between(1500, 3000) : dice.between(150, 500),
        dice.between(Duration.ofSeconds(large ? 1 : 4), Duration.ofSeconds(large ? 6 : 30)),
        dice.between(Duration.ofSeconds(1), Duration.ofSeconds(large ? 4 : 12)),
        kinds(dice),
        intensity,
        dice.chance(0.3),
        dice.pick(List.of(0.0, 0.0, 0.5, 1.0)),
        dice.chance(0.75));
  }

  /** Time of all the Runtime's own limits, one after the other: by then it must have healed. */
  Duration healingBound() {
    return options
        .workerStartTimeout()
        .plus(options.workerInitTimeout())
        .plus(options.workerReloadTimeout())
        .plus(options.functionLoadTimeout().multipliedBy(2))
        .plus(options.functionTimeout())
        .plus(options.terminateGrace().multipliedBy(2))
        .plus(options.drainGrace())
        .plus(options.statusInterval().multipliedBy(6))
        .plus(options.resumeGrace())
        .plus(options.declarationGrace())
        .plus(LONGEST_BACK_OFF);
  }

  /** By then the Runtime has started, or has given up and closed what it had. */
  Duration startBound() {
    return pluginsStartBound().plus(operationBound());
  }

  /** The longest that the Runtime waits for its plug-ins, one after the other. */
  Duration pluginsStartBound() {
    return Duration.ofSeconds(90);
  }

  /** By then a start or an update has completed, in whatever way. */
  Duration operationBound() {
    return options
        .workerStartTimeout()
        .plus(options.workerInitTimeout())
        .plus(options.workerReloadTimeout())
        .plus(options.functionLoadTimeout().multipliedBy(2))
        .plus(LONGEST_BACK_OFF)
        .multipliedBy(6);
  }

  /** The longest that the Runtime leaves something alone which keeps failing. */
  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(30);

  int poolSize() {
    return placeholders.values().stream().mapToInt(Integer::intValue).sum();
  }

  private static Map<WorkerStack, Integer> pool(Dice dice, int size) {
    Map<WorkerStack, Integer> pool = new TreeMap<>();
    for (int worker = 0; worker < size; worker++) {
      pool.merge(dice.pick(STACKS), 1, Integer::sum);
    }
    return pool;
  }

  private static RuntimeOptions options(Dice dice, Map<WorkerStack, Integer> pool) {
    RuntimeOptions.Builder options =
        RuntimeOptions.builder()
            .runtimeId("simulated")
            .functionTimeout(seconds(dice, 5, 40))
            .queueCalls(dice.pick(List.of(3, 20, 100, 1000)))
            .workerStartTimeout(seconds(dice, 4, 20))
            .workerInitTimeout(seconds(dice, 2, 10))
            .workerReloadTimeout(seconds(dice, 2, 10))
            .functionLoadTimeout(seconds(dice, 2, 10))
            .drainGrace(seconds(dice, 1, 20))
            .terminateGrace(seconds(dice, 1, 5))
            .statusInterval(seconds(dice, 3, 15))
            .resumeGrace(seconds(dice, 1, 12))
            .declarationGrace(seconds(dice, 2, 20))
            .directCompletion(dice.chance(0.5));
    pool.forEach(options::placeholders);
    return options.build();
  }

  private static Duration seconds(Dice dice, int least, int most) {
    return Duration.ofSeconds(dice.between(least, most));
  }

  private static Set<FaultKind> kinds(Dice dice) {
    EnumSet<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
    if (dice.chance(CALM)) {
      return kinds;
    }
    List<FaultKind> all = List.of(FaultKind.values());
    if (dice.chance(0.25)) {
      for (int number = dice.between(1, 4); number > 0; number--) {
        kinds.add(dice.pick(all));
      }
      return kinds;
    }
    double share = dice.chance(0.35) ? 1 : 0.35;
    all.stream().filter(kind -> dice.chance(share)).forEach(kinds::add);
    return kinds;
  }
}
