/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.JobHostInfo;
import io.manyhands.api.app.JobHostState;
import io.manyhands.api.worker.WorkerInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private final SimulatedRuntime runtime;

  /** Declared before the Runtime listened; whether they serve is not known yet. */
  private final Map<AppModel, Integer> declared = new LinkedHashMap<>();

  private boolean operating;
  private boolean started;

  Operator(
      World world,
      Dice dice,
      Scenario scenario,
      List<AppModel> apps,
      OperationLedger operations,
      SimulatedRuntime runtime) {
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
        startLater(app, dice.between(Duration.ZERO, Duration.ofSeconds(3)));
      }
    }
    again();
  }

  void end() {
    operating = false;
  }

  /** Where the Runtime is not there by then, it is to be declared at its next start. */
  private void startLater(AppModel app, Duration pause) {
    app.want(true);
    world
        .time()
        .schedule(
            () -> {
              if (started && app.isWanted()) {
                start(app, revisionAgain(app));
              }
            },
            pause);
  }

  /** The same as before, or, now and then, another. */
  private int revisionAgain(AppModel app) {
    return app.lastServed() == 0 || dice.chance(0.15) ? app.nextRevision() : app.lastServed();
  }

  /** What is declared before the next start of the Runtime; some comes later, or never. */
  List<ApplicationDefinition> declare() {
    List<ApplicationDefinition> definitions = new ArrayList<>();
    for (AppModel app : apps) {
      if (!app.isWanted()) {
        continue;
      }
      if (dice.chance(0.04)) {
        app.want(false);
      } else if (dice.chance(0.2)) {
        Duration grace = scenario.options().declarationGrace();
        startLater(app, dice.between(Duration.ZERO, grace.multipliedBy(3).dividedBy(2)));
      } else {
        int revision = revisionAgain(app);
        app.onStarting(revision);
        declared.put(app, revision);
        definitions.add(app.definition(revision, ""));
      }
    }
    return definitions;
  }

  /** Nothing more happens at this time: which of those that were declared serve or have failed. */
  void settled() {
    declared
        .entrySet()
        .removeIf(
            entry -> {
              Optional<JobHostInfo> host = runtime.now().jobHosts().find(entry.getKey().id());
              if (host.filter(info -> info.state() == JobHostState.RUNNING).isPresent()) {
                entry.getKey().onServes(entry.getValue(), host.get().revision());
                return true;
              }
              if (host.filter(info -> info.state() == JobHostState.FAILED).isPresent()) {
                entry.getKey().onFailed();
                return true;
              }
              return false;
            });
  }

  CompletableFuture<Void> start(FunctionRuntime made) {
    return operations.track("start of the Runtime", scenario.startBound(), made.start());
  }

  void onStarted() {
    started = true;
  }

  /** Whatever it had under way is over. */
  void onRuntimeEnded() {
    started = false;
    declared.clear();
    apps.forEach(AppModel::onStopped);
  }

  private void again() {
    world
        .time()
        .schedule(
            () -> {
              if (operating) {
                AppModel app = dice.pick(apps);
                if (started) {
                  act(app);
                }
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
    start(app, app.nextRevision());
  }

  private void start(AppModel app, int revision) {
    boolean there = runtime.now().jobHosts().find(app.id()).isPresent();
    app.want(true);
    world.tally().add(there ? "work START_AGAIN" : "work START");
    if (!there) {
      app.onStarting(revision);
    }
    operations
        .track(
            "start " + app + " revision " + revision,
            scenario.operationBound(),
            runtime.now().jobHosts().start(app.definition(revision, "")))
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
            runtime.now().jobHosts().update(app.definition(revision, "")))
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
                  .now()
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
        .track("stop " + app, bound, runtime.now().jobHosts().stop(app.id(), grace))
        .thenRun(
            () -> {
              if (runtime.now().jobHosts().find(app.id()).isEmpty()) {
                app.onStopped();
              }
            });
  }

  private void drain() {
    List<WorkerInfo> workers = runtime.now().workers().workers();
    if (!workers.isEmpty()) {
      WorkerInfo worker = dice.pick(workers);
      world.tally().add("work DRAIN");
      operations.track(
          "drain worker " + worker.id().display(),
          stopBound(scenario.options().drainGrace()),
          runtime.now().workers().drain(worker.id()));
    }
  }

  /** The calls' grace, the workers' grace, and their ends by force. */
  private Duration stopBound(Duration grace) {
    return grace.multipliedBy(2).plus(scenario.options().terminateGrace().multipliedBy(4));
  }

  /** Repairs what an operator would: brings back what failed, leaves alone what is on its way. */
  void repair(AppModel app) {
    Optional<JobHostInfo> host = runtime.now().jobHosts().find(app.id());
    if (host.isEmpty()) {
      start(app);
    } else if (isBroken(app, host.get())) {
      update(app);
    }
  }

  private static boolean isBroken(AppModel app, JobHostInfo host) {
    return host.state() == JobHostState.FAILED
        || (host.state() == JobHostState.RUNNING
            && host.functions().size() < app.functions().size())
        || host.functions().stream().anyMatch(function -> function.problem().isPresent());
  }

  /** True where it serves with all its functions. */
  boolean serves(AppModel app) {
    return runtime
        .now()
        .jobHosts()
        .find(app.id())
        .filter(host -> host.state() == JobHostState.RUNNING && !isBroken(app, host))
        .isPresent();
  }

  CompletableFuture<Void> close(Duration grace) {
    Duration plugins = started ? Duration.ZERO : scenario.pluginsStartBound();
    started = false;
    for (AppModel app : apps) {
      app.onStopAsked(world.time().nanos());
    }
    Duration terminate = scenario.options().terminateGrace();
    return operations.track(
        "close",
        plugins.plus(grace.multipliedBy(2)).plus(terminate.multipliedBy(10)),
        runtime.now().shutdown(grace));
  }

  private static ErrorCode code(Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    return cause instanceof ManyhandsException own ? own.code() : ErrorCode.INTERNAL;
  }
}
