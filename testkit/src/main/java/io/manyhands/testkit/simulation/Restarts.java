/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.api.FunctionRuntime;
import java.time.Duration;

/**
 * Starts the Runtime, kills it or closes it under load, and starts it again. On the simulation's
 * thread.
 */
final class Restarts {
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofSeconds(3);
  private static final Duration AWAY_LONG = Duration.ofSeconds(60);

  private enum Phase {
    AWAY,
    STARTING,
    RUNNING,
    CLOSING
  }

  private final World world;
  private final Dice dice;
  private final Scenario scenario;
  private final SimulatedRuntime runtime;
  private final Operator operator;
  private final Invariants invariants;
  private Phase phase = Phase.AWAY;
  private boolean ended;
  private int starts;

  Restarts(
      World world,
      Dice dice,
      Scenario scenario,
      SimulatedRuntime runtime,
      Operator operator,
      Invariants invariants) {
    this.world = world;
    this.dice = dice;
    this.scenario = scenario;
    this.runtime = runtime;
    this.operator = operator;
    this.invariants = invariants;
  }

  /** It has started. */
  boolean isRunning() {
    return phase == Phase.RUNNING;
  }

  /** It has started or is about to, and nobody has asked it to close. */
  boolean isThere() {
    return phase == Phase.RUNNING || phase == Phase.STARTING;
  }

  /** It is not started again. */
  void end() {
    ended = true;
  }

  /** The next start of it. */
  void start() {
    starts++;
    world.trace().add("start " + starts + " of the Runtime");
    world.tally().add(starts == 1 ? "work RUNTIME_STARTED" : "work RUNTIME_STARTED_AGAIN");
    invariants.onStarting();
    phase = Phase.STARTING;
    FunctionRuntime made = runtime.make(operator.declare());
    made.workers().addListener(invariants.workers());
    operator
        .start(made)
        .whenComplete(
            (done, error) -> {
              if (phase != Phase.STARTING || !isNow(made) || ended) {
                return;
              }
              if (error == null) {
                phase = Phase.RUNNING;
                operator.onStarted();
                return;
              }
              world
                  .verdict()
                  .expect(
                      mayFailToStart(),
                      Invariant.OPERATIONS_COMPLETE,
                      "the Runtime does not start: " + error);
              phase = Phase.CLOSING;
              closed(made);
            });
  }

  /** As by kill -9, at whatever it is. */
  void kill() {
    if (!ended && runtime.running().isPresent()) {
      world.faults().note(FaultKind.RUNTIME_KILLED, phase.toString());
      runtime.kill();
      invariants.onKilled();
      away();
    }
  }

  /** In order, under load. */
  void close() {
    if (!ended && isThere()) {
      world.faults().note(FaultKind.RUNTIME_CLOSED, phase.toString());
      FunctionRuntime closing = runtime.now();
      phase = Phase.CLOSING;
      invariants.onClosing();
      operator
          .close(dice.between(SHORTEST, scenario.options().drainGrace()))
          .whenComplete((done, error) -> closed(closing));
    }
  }

  /** Nothing may be left of it. */
  private void closed(FunctionRuntime closed) {
    world
        .time()
        .schedule(
            () -> {
              if (phase == Phase.CLOSING && isNow(closed)) {
                invariants.closed(closed);
                runtime.forget();
                away();
              }
            },
            Simulation.AT_ONCE);
  }

  private boolean isNow(FunctionRuntime which) {
    return runtime.running().filter(which::equals).isPresent();
  }

  private void away() {
    phase = Phase.AWAY;
    invariants.onEnded();
    operator.onRuntimeEnded();
    if (world.faults().strikes(FaultKind.RUNTIME_STATE_LOST, "")) {
      runtime.loseState("-key-" + starts);
    }
    Duration pause =
        world.faults().strikes(FaultKind.RUNTIME_AWAY_LONG, "")
            ? dice.between(LONGEST, AWAY_LONG)
            : dice.logBetween(SHORTEST, LONGEST);
    world.time().schedule(this::start, pause);
  }

  /** A platform that dawdles is waited for only so long, which a stall of the clock uses up. */
  private boolean mayFailToStart() {
    return world.faults().hasStruck(FaultKind.PLATFORM_START_FAILS)
        || (world.faults().hasStruck(FaultKind.PLATFORM_START_DAWDLES)
            && world.faults().hasStruck(FaultKind.CLOCK_STALL));
  }
}
