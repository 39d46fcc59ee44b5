/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.JobHostInfo;
import io.manyhands.api.app.JobHostState;
import io.manyhands.api.worker.WorkerInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Who starts, updates and stops applications and drains workers, sensibly or not. */
final class Operator {
  private final World world;
  private final Dice dice;
  private final Scenario scenario;
  private final List<AppModel> apps;
  private final OperationLedger operations;
  private final FunctionRuntime runtime;
  private boolean operating;

  Operator(
      World world,
      Dice dice,
      Scenario scenario,
      List<AppModel> apps,
      OperationLedger operations,
      FunctionRuntime runtime) {
    this.world = world;
    this.dice = dice;
    this.scenario = scenario;
    this.apps = apps;
    this.operations = operations;
    this.runtime = runtime;
  }

  /** Starts most applications, and goes on at random times. */
  void begin() {
    operating = true;
    for (AppModel app : apps) {
      if (dice.chance(0.9)) {
        world.time().schedule(() -> start(app), dice.between(Duration.ZERO, Duration.ofSeconds(3)));
      }
    }
    again();
  }

  void end() {
    operating = false;
  }

  private void again() {
    world
        .time()
        .schedule(
            () -> {
              if (operating) {
                act(dice.pick(apps));
                again();
              }
            },
            dice.exponential(scenario.betweenOperations()));
  }

  private void act(AppModel app) {
    switch (dice.below(12)) {
      case 0, 1, 2 -> update(app);
      case 3 -> updateAlike(app);
      case 4, 5 -> stop(app);
      case 6 -> {
        // Twice in a row: the second must not disturb the first.
        stop(app);
        stop(app);
      }
      case 7, 8 -> start(app);
      case 9 -> {
        update(app);
        dice.pick(List.<Runnable>of(() -> stop(app), () -> update(app), () -> updateAlike(app)))
            .run();
      }
      default -> drain();
    }
  }

  void start(AppModel app) {
    int revision = app.nextRevision();
    boolean there = runtime.jobHosts().find(app.id()).isPresent();
    app.want(true);
    world.tally().add(there ? "work START_AGAIN" : "work START");
    if (!there) {
      app.onStarting(revision);
    }
    operations
        .track(
            "start " + app + " revision " + revision,
            scenario.operationBound(),
            runtime.jobHosts().start(app.definition(revision, "")))
        .whenComplete(
            (info, error) -> {
              if (error == null) {
                app.onServes(revision, info.revision());
              } else if (code(error) != ErrorCode.APP_EXISTS) {
                app.onFailed();
              }
            });
  }

  void update(AppModel app) {
    int revision = app.nextRevision();
    world.tally().add("work UPDATE");
    operations
        .track(
            "update " + app + " to revision " + revision,
            scenario.operationBound(),
            runtime.jobHosts().update(app.definition(revision, "")))
        .thenAccept(
            info -> {
              world.tally().add("work ROLLED");
              app.onServes(revision, info.revision());
            });
  }

  /** To an equal revision: only a host name is new. */
  private void updateAlike(AppModel app) {
    int revision = app.lastServed();
    if (revision > 0) {
      world.tally().add("work UPDATE_ALIKE");
      operations
          .track(
              "update " + app + " to its own revision " + revision,
              scenario.operationBound(),
              runtime
                  .jobHosts()
                  .update(app.definition(revision, "host" + dice.below(100) + ".example")))
          .thenAccept(info -> app.onServes(revision, info.revision()));
    }
  }

  private void stop(AppModel app) {
    Duration longest = scenario.options().drainGrace();
    Duration grace = dice.between(Duration.ofMillis(1), longest);
    // A stop that finds another under way is that one, with its grace.
    Duration bound = stopBound(operations.isIdle(app) ? grace : longest);
    world.tally().add("work STOP");
    app.want(false);
    app.onStopAsked(world.time().nanos());
    operations
        .track("stop " + app, bound, runtime.jobHosts().stop(app.id(), grace))
        .thenRun(
            () -> {
              if (runtime.jobHosts().find(app.id()).isEmpty()) {
                app.onStopped();
              }
            });
  }

  private void drain() {
    List<WorkerInfo> workers = runtime.workers().workers();
    if (!workers.isEmpty()) {
      WorkerInfo worker = dice.pick(workers);
      world.tally().add("work DRAIN");
      operations.track(
          "drain worker " + worker.id().display(),
          stopBound(scenario.options().drainGrace()),
          runtime.workers().drain(worker.id()));
    }
  }

  /** The calls' grace, the workers' grace, and their ends by force. */
  private Duration stopBound(Duration grace) {
    return grace.multipliedBy(2).plus(scenario.options().terminateGrace().multipliedBy(4));
  }

  /** Repairs what an operator would: brings back what failed, leaves alone what is on its way. */
  void repair(AppModel app) {
    Optional<JobHostInfo> host = runtime.jobHosts().find(app.id());
    if (host.isEmpty()) {
      start(app);
    } else if (isBroken(host.get())) {
      update(app);
    }
  }

  private static boolean isBroken(JobHostInfo host) {
    return host.state() == JobHostState.FAILED
        || host.functions().stream().anyMatch(function -> function.problem().isPresent());
  }

  /** True where it serves with all its functions. */
  boolean serves(AppModel app) {
    return runtime
        .jobHosts()
        .find(app.id())
        .filter(host -> host.state() == JobHostState.RUNNING && !isBroken(host))
        .isPresent();
  }

  CompletableFuture<Void> close(Duration grace) {
    for (AppModel app : apps) {
      app.onStopAsked(world.time().nanos());
    }
    Duration terminate = scenario.options().terminateGrace();
    return operations.track(
        "close", grace.multipliedBy(2).plus(terminate.multipliedBy(10)), runtime.shutdown(grace));
  }

  private static ErrorCode code(Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    return cause instanceof ManyhandsException own ? own.code() : ErrorCode.INTERNAL;
  }
}
