/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.spi.time.TimeSeams;
import io.manyhands.spi.transport.WorkerTransport;
import io.manyhands.testkit.VirtualTime;
import io.manyhands.transport.inprocess.InProcessNetwork;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One seed: a Runtime in a world that the seed decides, on one thread and virtual time. Starts,
 * bears load and faults, then either faults cease and it must heal, or it is closed under load; at
 * the end nothing may be left. The same seed is the same run, event for event.
 */
public final class Simulation {
  /** Steps at one time that are a loop. */
  private static final int LIVELOCK = 500_000;

  /** What has struck before the faults ceased may have effects for that long. */
  private static final Duration AFTER_EFFECTS = Duration.ofSeconds(40);

  /** Within one instant of the Runtime's, with the lateness of a path. */
  static final Duration AT_ONCE = Duration.ofMillis(100);

  private static final Duration HOUR = Duration.ofHours(1);

  private final long seed;
  private final VirtualTime time;
  private final World world;
  private final Scenario scenario;
  private final List<AppModel> apps;
  private final CallLedger calls;
  private final WorkerLedger workers;
  private final OperationLedger operations;
  private final Invariants invariants;
  private final InProcessNetwork network;
  private final SimulatedPlatform platform;
  private final Disturbances disturbances;
  private final SimulatedRuntime runtime;
  private final Restarts restarts;
  private final Callers callers;
  private final Operator operator;
  private @Nullable Long healedNanos;

  /**
   * What stands between the Runtime and its world; what is wrong there is as if the Runtime did it.
   */
  record Seams(UnaryOperator<WorkerTransport> transport, UnaryOperator<TimeSeams> time) {
    static Seams sound() {
      return new Seams(transport -> transport, time -> time);
    }
  }

  private Simulation(long seed, Consumer<String> reader, Seams seams) {
    this.seed = seed;
    Dice dice = new Dice(seed);
    time = VirtualTime.shuffled(dice.nextLong());
    scenario = Scenario.draw(dice.split());
    EventTrace trace = new EventTrace(time, reader);
    Tally tally = new Tally();
    world =
        new World(
            time,
            trace,
            tally,
            new Faults(dice.split(), scenario.faults(), scenario.intensity(), trace, tally),
            new Verdict());
    apps = AppModel.draw(dice.split(), scenario);
    calls = new CallLedger(world);
    workers = new WorkerLedger(world, calls);
    operations = new OperationLedger(world);
    network = new InProcessNetwork(time);
    Map<String, AppModel> byMark = new LinkedHashMap<>();
    apps.forEach(app -> byMark.put(app.mark(), app));
    SimulatedWorker.Surroundings surroundings =
        new SimulatedWorker.Surroundings(
            world,
            dice.split(),
            network,
            new NetworkLine.Traffic(time, dice.split(), scenario.slowNetwork(), tally),
            scenario.options(),
            calls,
            byMark,
            scenario.extended());
    platform = new SimulatedPlatform(surroundings, workers);
    invariants =
        new Invariants(
            world,
            new Invariants.Allowed(scenario, apps),
            calls,
            workers,
            operations,
            platform,
            network);
    runtime = new SimulatedRuntime(world, scenario.options(), seams, network, platform, invariants);
    callers = new Callers(world, dice.split(), scenario, apps, calls, runtime);
    operator = new Operator(world, dice.split(), scenario, apps, operations, runtime);
    restarts = new Restarts(world, dice.split(), scenario, runtime, operator, invariants);
    disturbances =
        new Disturbances(surroundings, platform, restarts, dice.split(), scenario.betweenFaults());
  }

  /** Runs a seed. */
  public static SeedReport run(long seed) {
    return run(seed, Optional.empty(), Seams.sound());
  }

  static SeedReport run(long seed, Seams seams) {
    return run(seed, Optional.empty(), seams);
  }

  /**
   * Runs a seed and tells of it: each event, and what the Runtime logs.
   *
   * @param reader is told each line as it comes
   */
  public static SeedReport run(long seed, Consumer<String> reader) {
    return run(seed, Optional.of(reader), Seams.sound());
  }

  private static SeedReport run(long seed, Optional<Consumer<String>> reader, Seams seams) {
    SimulationLogs.requireChosen();
    Simulation simulation = new Simulation(seed, reader.orElse(line -> {}), seams);
    SimulationLogs.readWith(simulation.new Log(reader.isPresent()));
    try {
      simulation.play();
    } catch (RuntimeException | Error e) {
      simulation.world.verdict().broken(Invariant.NO_INTERNAL_ERROR, stackTrace(e));
    } finally {
      SimulationLogs.readWith(null);
    }
    return simulation.report();
  }

  private void play() {
    restarts.start();
    proceed(HOUR, restarts::isRunning);
    operator.begin();
    callers.begin();
    disturbances.begin();
    proceed(scenario.storm(), () -> false);
    if (scenario.heals()) {
      heal();
    }
    close();
  }

  private void heal() {
    world.trace().add("faults cease");
    callers.end();
    operator.end();
    world.faults().cease();
    proceed(HOUR, restarts::isRunning);
    platform.comeClean();
    proceed(AFTER_EFFECTS, () -> false);
    world.trace().add("everything must heal");
    Healing healing = new Healing(world, apps, operator, callers, operations);
    healing.begin();
    long began = time.nanos();
    Duration bound = scenario.healingBound();
    proceed(bound, () -> healing.isProven() && invariants.notHealed().isEmpty());
    healing.end();
    healedNanos = time.nanos() - began;
    if (!healing.isProven()) {
      world.verdict().broken(Invariant.HEALS, "after " + bound + ", " + healing);
    }
    invariants
        .notHealed()
        .ifPresent(what -> world.verdict().broken(Invariant.HEALS, "after " + bound + ": " + what));
  }

  private void close() {
    proceed(HOUR, restarts::isThere);
    restarts.end();
    world.trace().add(scenario.heals() ? "close" : "close under load");
    Dice dice = new Dice(seed);
    calls.onClosing();
    Duration grace = dice.between(Duration.ofMillis(1), scenario.options().drainGrace());
    CompletableFuture<Void> closed = operator.close(grace);
    operator.end();
    proceed(HOUR, closed::isDone);
    callers.end();
    // What was on its way within this process arrives; no timer may be needed for it.
    proceed(AT_ONCE, () -> false);
    runtime.running().ifPresent(invariants::closed);
    world.faults().cease();
    proceed(HOUR, () -> false);
    runtime.running().ifPresent(invariants::closed);
  }

  /** Lets that time pass, or less if it is done before. */
  private void proceed(Duration length, BooleanSupplier done) {
    long until = time.nanos() + length.toNanos();
    int steps = 0;
    while (!world.verdict().isBroken()) {
      if (time.runOne()) {
        if (++steps > LIVELOCK) {
          world
              .verdict()
              .broken(Invariant.NO_LIVELOCK, "more than " + LIVELOCK + " steps at one time");
        }
        continue;
      }
      steps = 0;
      operator.settled();
      invariants.settled(runtime.running());
      if (done.getAsBoolean() || !time.moveToNextTimer(until)) {
        return;
      }
    }
  }

  private SeedReport report() {
    return new SeedReport(
        seed,
        world.verdict().violation(),
        world.trace().events(),
        world.trace().hash(),
        calls.count(),
        world.faults().count(),
        workers.most(),
        apps.size(),
        Optional.ofNullable(healedNanos),
        world.tally().counts(),
        world.trace().tail());
  }

  private static String stackTrace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }

  private final class Log implements SimulationLogs.Reader {
    private final boolean readsAll;

    Log(boolean readsAll) {
      this.readsAll = readsAll;
    }

    @Override
    public boolean readsAll() {
      return readsAll;
    }

    @Override
    public void onLog(String line, @Nullable Throwable thrown, boolean ownError) {
      if (readsAll) {
        world.trace().comment("  log " + line);
      }
      if (ownError) {
        world
            .verdict()
            .broken(
                Invariant.NO_INTERNAL_ERROR,
                line + (thrown == null ? "" : "\n" + stackTrace(thrown)));
      }
    }
  }
}
