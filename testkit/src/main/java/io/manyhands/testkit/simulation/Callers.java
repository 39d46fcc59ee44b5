/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.api.app.JobHostInfo;
import io.manyhands.api.app.JobHostState;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.spi.trigger.InvocationSink;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Everybody who calls functions: one by one at random times, in bursts, through the router and
 * through a trigger, with short deadlines and long ones, some of whom give up.
 */
final class Callers {
  private static final Duration SHORTEST = Duration.ofMillis(1);

  private final World world;
  private final Dice dice;
  private final Scenario scenario;
  private final List<AppModel> apps;
  private final CallLedger ledger;
  private final SimulatedRuntime runtime;
  private boolean calling;

  Callers(
      World world,
      Dice dice,
      Scenario scenario,
      List<AppModel> apps,
      CallLedger ledger,
      SimulatedRuntime runtime) {
    this.world = world;
    this.dice = dice;
    this.scenario = scenario;
    this.apps = apps;
    this.ledger = ledger;
    this.runtime = runtime;
  }

  void begin() {
    calling = true;
    again();
  }

  void end() {
    calling = false;
  }

  private void again() {
    world
        .time()
        .schedule(
            () -> {
              if (calling) {
                callOrBurst();
                again();
              }
            },
            dice.exponential(scenario.storm().dividedBy(scenario.calls())));
  }

  private void callOrBurst() {
    AppModel app = dice.pick(apps);
    if (runtime.running().isEmpty()) {
      world.tally().add("work CALL_OF_NO_RUNTIME");
      return;
    }
    if (dice.chance(0.01)) {
      world.tally().add("work BURST");
      int calls = dice.logBetween(5, 60);
      world.trace().add("burst of " + calls + " calls of " + app);
      for (int call = 0; call < calls; call++) {
        call(app);
      }
    } else {
      call(app);
    }
  }

  private void call(AppModel app) {
    String function = dice.chance(0.01) ? "Nothing" : dice.pick(app.functions());
    Optional<Duration> limit = Optional.empty();
    if (dice.chance(0.08)) {
      limit = Optional.of(dice.logBetween(SHORTEST, Duration.ofMillis(50)));
      world.tally().add("work SHORT_DEADLINE");
    } else if (dice.chance(0.6)) {
      limit = Optional.of(dice.logBetween(Duration.ofMillis(200), Duration.ofSeconds(15)));
    }
    InvocationSink.Handle taken = submit(app, function, limit).handle();
    if (dice.chance(0.06)) {
      world.time().schedule(taken::cancel, dice.logBetween(SHORTEST, Duration.ofSeconds(5)));
    }
  }

  /** A call and how its caller gives it up. */
  record Submitted(TrackedCall call, InvocationSink.Handle handle) {}

  /** Calls a function; the application's own deadline holds where none is given. */
  Submitted submit(AppModel app, String function, Optional<Duration> limit) {
    Invocation bare = Invocation.of(app.id(), function, ledger.payload(app));
    Invocation invocation = limit.map(bare::withTimeout).orElse(bare);
    TrackedCall call =
        ledger.submitted(
            app, invocation, admission(app), limit.orElse(scenario.options().functionTimeout()));
    InvocationSink.Handle handle =
        (dice.chance(0.7)
                ? runtime.trigger().submit(invocation, result -> ledger.completed(call, result))
                : Optional.<InvocationSink.Handle>empty())
            .orElseGet(() -> invoke(call));
    return new Submitted(
        call,
        () -> {
          if (!call.isCompleted() && !call.isAbandoned()) {
            call.onCancelled();
            world.tally().add("work CANCEL");
            world.trace().add(call + " is cancelled");
            handle.cancel();
          }
        });
  }

  private InvocationSink.Handle invoke(TrackedCall call) {
    CompletableFuture<InvocationResult> future = runtime.now().router().invoke(call.invocation());
    future.whenComplete(
        (result, error) -> {
          if (error == null) {
            ledger.completed(call, result);
          } else {
            world
                .verdict()
                .broken(Invariant.HONEST_RESULT, call + " failed its future with " + error);
          }
        });
    return () -> future.cancel(true);
  }

  private TrackedCall.Admission admission(AppModel app) {
    Optional<JobHostState> state = runtime.now().jobHosts().find(app.id()).map(JobHostInfo::state);
    if (state.isEmpty()) {
      return TrackedCall.Admission.ABSENT;
    }
    return switch (state.get()) {
      case DRAINING, STOPPED -> TrackedCall.Admission.STOPPING;
      case FAILED -> TrackedCall.Admission.FAILED;
      default -> TrackedCall.Admission.PRESENT;
    };
  }
}
