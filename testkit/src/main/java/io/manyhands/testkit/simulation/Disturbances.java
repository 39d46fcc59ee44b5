/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.api.worker.WorkerId;
import io.manyhands.spi.transport.WorkerMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Faults that strike by themselves, at random times, at random workers. */
final class Disturbances {
  private final World world;
  private final Dice dice;
  private final SimulatedPlatform platform;
  private final SimulatedWorker.Surroundings surroundings;
  private final Restarts restarts;
  private final Duration between;
  private final List<FaultKind> kinds;
  private int strangers;

  Disturbances(
      SimulatedWorker.Surroundings surroundings,
      SimulatedPlatform platform,
      Restarts restarts,
      Dice dice,
      Duration between) {
    this.world = surroundings.world();
    this.dice = dice;
    this.platform = platform;
    this.restarts = restarts;
    this.surroundings = surroundings;
    this.between = between;
    this.kinds = world.faults().spontaneous();
  }

  void begin() {
    if (!kinds.isEmpty()) {
      again();
    }
  }

  private void again() {
    world
        .time()
        .schedule(
            () -> {
              if (world.faults().isActive()) {
                strike(drawn());
                again();
              }
            },
            dice.exponential(between));
  }

  private FaultKind drawn() {
    double left =
        kinds.stream().mapToDouble(FaultKind::likelihood).sum()
            * (dice.below(1 << 20) / (double) (1 << 20));
    for (FaultKind kind : kinds) {
      left -= kind.likelihood();
      if (left < 0) {
        return kind;
      }
    }
    return kinds.get(kinds.size() - 1);
  }

  private void strike(FaultKind kind) {
    switch (kind) {
      case END_OF_NOBODY -> {
        world.faults().note(kind, "");
        platform.reportEnd(new WorkerId("nobody" + strangers++), "it never was");
      }
      case END_OF_THE_LIVING -> victim(kind, platform::reportEndOfTheLiving);
      case RUNTIME_KILLED -> restarts.kill();
      case RUNTIME_CLOSED -> restarts.close();
      case STREAM_CUT -> path(kind, WorkerPath::cut);
      case STREAM_COMPLETED -> path(kind, WorkerPath::complete);
      case STREAM_HALF_OPEN -> path(kind, path -> path.hold(true, true, aWhile(), true));
      case STREAM_STALLED ->
          path(kind, path -> path.hold(dice.chance(0.7), dice.chance(0.7), aWhile(), false));
      case STREAM_NOT_WRITABLE -> path(kind, path -> path.blockReading(aWhile()));
      case STREAM_DUPLICATED ->
          victim(kind, worker -> worker.duplicate(surroundings.calls().anyRunning(dice)));
      case STREAM_STALE -> {
        if (!platform.ended().isEmpty()) {
          SimulatedWorker stale = dice.pick(platform.ended());
          world.faults().note(kind, stale.toString());
          present(stale, stale.link().flatMap(WorkerLink::stale));
        }
      }
      case STREAM_OF_STRANGER ->
          stranger(kind, List.of(new WorkerMessage.StartStream("stranger" + strangers++)));
      case STREAM_OUT_OF_TURN -> stranger(kind, List.of(new WorkerMessage.Heartbeat()));
      case STREAM_SILENT -> stranger(kind, List.of());
      case RESUME_BESIDE -> extended(kind, (worker, link) -> worker.dial());
      case TOKEN_STALE -> extended(kind, (worker, link) -> present(worker, link.stale()));
      case TOKEN_FORGED ->
          extended(kind, (worker, link) -> present(worker, Optional.of(forged(link))));
      case STARTED_AGAIN ->
          victim(kind, worker -> worker.say(new WorkerMessage.StartStream(worker.id().value())));
      case WORKER_KILLED -> victim(kind, worker -> worker.die("it is killed"));
      case STATUS_MUTE -> victim(kind, worker -> worker.beMute(aWhile().multipliedBy(3)));
      case RESTART_ASKED ->
          victim(kind, worker -> worker.say(new WorkerMessage.ActionRequest("Restart", "memory")));
      case CLOCK_STALL -> {
        Duration length = dice.logBetween(Duration.ofMillis(20), Duration.ofSeconds(60));
        world.faults().note(kind, length.toString());
        world.time().stall(length);
      }
      case WALL_CLOCK_JUMP -> {
        Duration by = dice.logBetween(Duration.ofSeconds(1), Duration.ofDays(2));
        world.faults().note(kind, by.toString());
        world.time().jump(dice.chance(0.5) ? by : by.negated());
      }
      default -> throw new IllegalStateException(kind + " does not strike by itself");
    }
  }

  private void victim(FaultKind kind, Consumer<SimulatedWorker> what) {
    List<SimulatedWorker> connected = platform.connected();
    if (!connected.isEmpty()) {
      SimulatedWorker victim = dice.pick(connected);
      world.faults().note(kind, victim.toString());
      what.accept(victim);
    }
  }

  private void path(FaultKind kind, Consumer<WorkerPath> what) {
    victim(kind, worker -> worker.befall(what));
  }

  private void extended(FaultKind kind, BiConsumer<SimulatedWorker, WorkerLink> what) {
    List<SimulatedWorker> able =
        platform.connected().stream().filter(worker -> worker.link().isPresent()).toList();
    if (!able.isEmpty()) {
      SimulatedWorker victim = dice.pick(able);
      world.faults().note(kind, victim.toString());
      what.accept(victim, victim.link().orElseThrow());
    }
  }

  /** Somebody comes as that worker, with that or with its id alone. */
  private void present(SimulatedWorker worker, Optional<WorkerMessage> hello) {
    if (hello.isPresent()) {
      // What it says is taken for the worker's where its token still is one.
      worker.impostor(true, hello.get(), Optional.empty());
    } else {
      worker.duplicate(surroundings.calls().anyRunning(dice));
    }
  }

  private WorkerMessage forged(WorkerLink link) {
    List<SimulatedWorker> others = platform.connected();
    return link.forged(dice.chance(0.5) ? Optional.empty() : Optional.of(dice.pick(others)));
  }

  private void stranger(FaultKind kind, List<WorkerMessage> said) {
    world.faults().note(kind, "");
    surroundings.deaf(dice.chance(0.3)).ifPresent(end -> said.forEach(end::say));
  }

  private Duration aWhile() {
    return dice.logBetween(Duration.ofMillis(20), Duration.ofSeconds(30));
  }
}
