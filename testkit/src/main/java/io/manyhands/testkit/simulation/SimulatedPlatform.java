/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.ProvisionerListener;
import io.manyhands.spi.provision.StackInfo;
import io.manyhands.spi.provision.Termination;
import io.manyhands.spi.provision.WorkerProvisioner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Where workers come from: starts and ends simulated processes, and fails, dawdles and lies as its
 * faults say. On the simulation's thread.
 */
final class SimulatedPlatform implements WorkerProvisioner {
  private static final Duration QUICKEST = Duration.ofMillis(1);
  private static final Duration SLOWEST_BOOT = Duration.ofSeconds(2);
  private static final Duration SLOWEST_START = Duration.ofSeconds(25);

  private final World world;
  private final Dice dice;
  private final SimulatedWorker.Surroundings surroundings;
  private final WorkerLedger ledger;
  private final Map<WorkerId, Process> processes = new LinkedHashMap<>();
  private final List<SimulatedWorker> ended = new ArrayList<>();
  private @Nullable ProvisionerListener listener;

  /** One worker as the platform knows it. */
  private static final class Process {
    private final SimulatedWorker worker;
    private final CompletableFuture<ProvisionedWorker> accepted = new CompletableFuture<>();
    private boolean released;
    private boolean reported;

    /** It will be refused. */
    private boolean refused;

    /** The Runtime that runs was not told of it. */
    private boolean forgotten;

    Process(SimulatedWorker worker) {
      this.worker = worker;
    }
  }

  SimulatedPlatform(SimulatedWorker.Surroundings surroundings, WorkerLedger ledger) {
    this.world = surroundings.world();
    this.dice = surroundings.dice();
    this.surroundings = surroundings;
    this.ledger = ledger;
  }

  @Override
  public List<StackInfo> stacks() {
    return Scenario.STACKS.stream().map(StackInfo::of).toList();
  }

  @Override
  public CompletionStage<Void> start(ProvisionerListener told) {
    Faults faults = world.faults();
    if (faults.strikes(FaultKind.PLATFORM_START_FAILS, "")) {
      return CompletableFuture.failedFuture(
          new ManyhandsException(ErrorCode.PROVISIONING_FAILED, "the platform does not answer"));
    }
    listener = told;
    if (!faults.strikes(FaultKind.PLATFORM_START_DAWDLES, "")) {
      recover(told);
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> started = new CompletableFuture<>();
    boolean tellsFirst = dice.chance(0.5);
    if (tellsFirst) {
      recover(told);
    }
    later(
        dice.logBetween(Duration.ofMillis(10), SLOWEST_START),
        () -> {
          if (!tellsFirst && listener == told) {
            recover(told);
          }
          started.complete(null);
        });
    return started;
  }

  /** Whatever an earlier start of the Runtime left is ended, or may come back. */
  private void recover(ProvisionerListener told) {
    Faults faults = world.faults();
    for (Process process : List.copyOf(processes.values())) {
      SimulatedWorker worker = process.worker;
      String whom = worker.toString();
      if (worker.link().isEmpty()) {
        process.forgotten = true;
        if (!faults.strikes(FaultKind.ORPHAN_LEFT, whom)) {
          worker.die("an earlier start of the Runtime left it");
        }
      } else if (faults.strikes(FaultKind.RECOVERY_MISSED, whom)) {
        process.forgotten = true;
      } else {
        process.forgotten = false;
        process.released = false;
        process.reported = false;
        tell(told, worker);
        if (faults.strikes(FaultKind.RECOVERED_TWICE, whom)) {
          tell(told, worker);
        }
      }
    }
    if (!ended.isEmpty() && faults.strikes(FaultKind.RECOVERED_THE_DEAD, "")) {
      tell(told, dice.pick(ended));
    }
  }

  private void tell(ProvisionerListener told, SimulatedWorker worker) {
    world.trace().add(worker + " may come back, says the platform");
    ledger.onRecovered(worker.id(), worker.stack());
    told.onRecovered(worker.id(), worker.stack(), known());
  }

  @Override
  public ProvisionedWorker onReturned(WorkerId id, WorkerStack stack) {
    Process process = processes.get(id);
    if (process == null) {
      return ProvisionedWorker.unknown();
    }
    process.forgotten = false;
    process.released = false;
    return known();
  }

  /** The Runtime is killed. */
  void onRuntimeKilled() {
    listener = null;
    processes.values().removeIf(process -> process.refused);
  }

  @Override
  public CompletionStage<ProvisionedWorker> request(ProvisionRequest request) {
    WorkerId id = request.id();
    ledger.onRequested(id);
    String whom = "worker " + id.display();
    world.trace().add(whom + " is requested: " + request.stack());
    Faults faults = world.faults();
    if (faults.strikes(FaultKind.REQUEST_THROWS, whom)) {
      throw refused(request);
    }
    if (faults.strikes(FaultKind.REQUEST_REFUSED, whom)) {
      return CompletableFuture.failedFuture(refused(request));
    }
    SimulatedWorker worker =
        new SimulatedWorker(id, delivered(request.stack()), surroundings, this::exited);
    Process process = new Process(worker);
    processes.put(id, process);
    if (faults.strikes(FaultKind.REQUEST_REFUSED_LATE, whom)) {
      process.refused = true;
      later(
          surroundings.options().workerStartTimeout(),
          () -> {
            processes.remove(id);
            process.accepted.completeExceptionally(refused(request));
          });
      return process.accepted;
    }
    accept(process, whom);
    return process.accepted;
  }

  private void accept(Process process, String whom) {
    Faults faults = world.faults();
    if (faults.strikes(FaultKind.NEVER_ACCEPTED, whom)) {
      return;
    }
    Duration patience = surroundings.options().workerStartTimeout();
    Duration takes =
        faults.strikes(FaultKind.ACCEPTED_LATE, whom)
            ? dice.between(patience.dividedBy(2), patience.multipliedBy(2))
            : dice.chance(0.5) ? Duration.ZERO : dice.logBetween(QUICKEST, Duration.ofMillis(400));
    Duration boots = dice.logBetween(Duration.ofMillis(10), SLOWEST_BOOT);
    if (takes.isZero()) {
      accepted(process);
    } else {
      if (faults.strikes(FaultKind.DIALS_BEFORE_ACCEPTED, whom)) {
        boots = Duration.ZERO;
        world.time().schedule(process.worker::dial, takes.dividedBy(2));
      }
      world.time().schedule(() -> accepted(process), takes);
    }
    if (boots.isZero() || faults.strikes(FaultKind.NEVER_DELIVERED, whom)) {
      return;
    }
    if (faults.strikes(FaultKind.DELIVERED_LATE, whom)) {
      boots = dice.between(patience.multipliedBy(9).dividedBy(10), patience.multipliedBy(2));
    }
    world.time().schedule(() -> boot(process), takes.plus(boots));
  }

  private void accepted(Process process) {
    if (!process.released) {
      process.accepted.complete(known());
    }
  }

  private ProvisionedWorker known() {
    return new ProvisionedWorker(
        OptionalLong.empty(),
        "/workers",
        Map.of("host", "host" + dice.between(1, 4)),
        Map.of("PATH", "/bin"));
  }

  private void boot(Process process) {
    if (!process.released
        || world.faults().strikes(FaultKind.DELIVERED_AFTER_RELEASE, process.worker.toString())) {
      process.worker.dial();
    }
  }

  @Override
  public CompletionStage<Void> release(WorkerId id, Duration grace) {
    ledger.onAwaitedNoMore(id);
    Process process = processes.get(id);
    if (process == null) {
      return CompletableFuture.completedFuture(null);
    }
    String whom = process.worker.toString();
    world.trace().add(whom + " is released");
    process.released = true;
    Faults faults = world.faults();
    if (process.accepted.completeExceptionally(
        new ManyhandsException(
            ErrorCode.PROVISIONING_FAILED, whom + ": released before it was accepted"))) {
      process.reported = true;
    }
    if (faults.strikes(FaultKind.RELEASE_THROWS, whom)) {
      throw new ManyhandsException(ErrorCode.PROVISIONING_FAILED, whom + ": cannot be ended");
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    if (faults.strikes(FaultKind.RELEASE_IN_NAME_ONLY, whom)) {
      done.complete(null);
      return done;
    }
    boolean silent = faults.strikes(FaultKind.RELEASE_NEVER_DONE, whom);
    Duration takes =
        faults.strikes(FaultKind.RELEASE_LATE, whom)
            ? grace.plus(dice.between(QUICKEST, grace.multipliedBy(3)))
            : dice.logBetween(QUICKEST, grace.plusMillis(2));
    later(
        takes,
        () -> {
          process.worker.die("the platform ends it");
          if (!silent) {
            done.complete(null);
          }
        });
    return done;
  }

  @Override
  public CompletionStage<Void> stop(Duration grace) {
    List.copyOf(processes.values()).forEach(process -> process.worker.die("the platform stops"));
    processes.clear();
    return CompletableFuture.completedFuture(null);
  }

  /** Whatever it did in name only is done. */
  void comeClean() {
    for (Process process : List.copyOf(processes.values())) {
      if (process.released || process.reported || process.forgotten) {
        process.worker.die("the platform looks after it");
      }
    }
  }

  /** Reports the end of somebody that it never had, or that goes on. */
  void reportEnd(WorkerId id, String reason) {
    ProvisionerListener told = listener;
    if (told != null) {
      ledger.onAwaitedNoMore(id);
      told.onTerminated(id, new Termination(reason, OptionalInt.empty(), List.of()));
    }
  }

  /** The same, but nothing else will be reported of it. */
  void reportEndOfTheLiving(SimulatedWorker worker) {
    Process process = processes.get(worker.id());
    if (process != null && !process.reported) {
      process.reported = true;
      reportEnd(worker.id(), "its process is gone");
    }
  }

  /** Workers that run and are connected. */
  List<SimulatedWorker> connected() {
    return processes.values().stream()
        .map(process -> process.worker)
        .filter(SimulatedWorker::isConnected)
        .toList();
  }

  /** Workers that have ended, oldest first. */
  List<SimulatedWorker> ended() {
    return ended;
  }

  /** Processes that the Runtime has not released and whose end it has not heard of. */
  List<WorkerId> unreleased() {
    return processes.entrySet().stream()
        .filter(entry -> isOfRuntime(entry.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static boolean isOfRuntime(Process process) {
    return !process.released && !process.reported && !process.forgotten;
  }

  private void exited(SimulatedWorker worker, String why) {
    ended.add(worker);
    Process process = processes.remove(worker.id());
    if (process == null || process.reported) {
      return;
    }
    Faults faults = world.faults();
    String whom = worker.toString();
    if (faults.strikes(FaultKind.END_UNREPORTED, whom)) {
      return;
    }
    process.reported = true;
    Duration takes =
        faults.strikes(FaultKind.END_REPORTED_LATE, whom)
            ? dice.between(Duration.ofSeconds(1), Duration.ofSeconds(40))
            : dice.logBetween(QUICKEST, Duration.ofMillis(300));
    later(takes, () -> report(worker, why));
    if (faults.strikes(FaultKind.END_REPORTED_TWICE, whom)) {
      later(takes.plusSeconds(2), () -> report(worker, why));
    }
  }

  private void report(SimulatedWorker worker, String why) {
    ProvisionerListener told = listener;
    if (told != null) {
      world.trace().add(worker + " is reported as ended");
      ledger.onAwaitedNoMore(worker.id());
      told.onOutput(worker.id(), "last words", true);
      told.onTerminated(
          worker.id(), new Termination(why, OptionalInt.of(1), List.of("last words")));
    }
  }

  private void later(Duration delay, Runnable task) {
    world.time().schedule(task, delay);
  }

  private static WorkerStack delivered(WorkerStack asked) {
    return Scenario.STACKS.stream().filter(asked::acceptsWorkerOf).findFirst().orElse(asked);
  }

  private static ManyhandsException refused(ProvisionRequest request) {
    return new ManyhandsException(
        ErrorCode.PROVISIONING_FAILED,
        "stack " + request.stack() + ": the platform refuses (quota)");
  }
}
