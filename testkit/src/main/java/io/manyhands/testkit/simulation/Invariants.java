/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.transport.inprocess.InProcessNetwork;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Looks whether the invariants hold: on every message, whenever nothing more happens at one time,
 * and at the end.
 */
final class Invariants implements TappedTransport.Tap {
  /** Moments between two comparisons with the Runtime's own lists, for each ten workers. */
  private static final int SELDOM = 4;

  private final World world;
  private final CallLedger calls;
  private final WorkerLedger workers;
  private final OperationLedger operations;
  private final SimulatedPlatform platform;
  private final InProcessNetwork network;
  private final List<AppModel> apps;
  private final int poolSize;
  private final int unassignedAllowed;
  private final Map<String, Integer> assignedAllowed = new TreeMap<>();
  private long moments;

  /** What the seed's workers are for. */
  record Allowed(Scenario scenario, List<AppModel> apps) {}

  Invariants(
      World world,
      Allowed allowed,
      CallLedger calls,
      WorkerLedger workers,
      OperationLedger operations,
      SimulatedPlatform platform,
      InProcessNetwork network) {
    this.world = world;
    this.apps = allowed.apps();
    this.poolSize = allowed.scenario().poolSize();
    this.calls = calls;
    this.workers = workers;
    this.operations = operations;
    this.platform = platform;
    this.network = network;
    // An application waits for as many as it may have, in a roll for those of the next revision
    // too.
    this.unassignedAllowed =
        poolSize + 2 * apps.stream().mapToInt(app -> app.limits().maximumWorkers()).sum();
    apps.forEach(app -> assignedAllowed.put(app.id().value(), app.limits().maximumWorkers()));
  }

  @Override
  public boolean refusesAsOversized(HostMessage.InvocationRequest request) {
    boolean refuses = world.faults().strikes(FaultKind.PAYLOAD_OVERSIZED, request.invocationId());
    if (refuses) {
      calls.onOversized(request);
    }
    return refuses;
  }

  @Override
  public void onAccepted(String worker, HostMessage message) {
    if (message instanceof HostMessage.InvocationRequest request) {
      calls.onSent(worker, request);
      workers.onSent(worker, request.invocationId());
    } else if (message instanceof HostMessage.EnvironmentReloadRequest) {
      workers.onSpecializing(worker);
    } else if (message instanceof HostMessage.LinkWelcome welcome) {
      calls.onWanted(worker, welcome.wanted());
      workers.onAwaitedNoMore(new WorkerId(worker));
    }
  }

  @Override
  public void onWritable(String worker, boolean writable) {
    workers.onWritable(worker, writable);
  }

  @Override
  public void onHeard(String worker, WorkerMessage message) {
    if (message instanceof WorkerMessage.InvocationResponse response) {
      calls.onAnswerHeard(worker, response.invocationId());
      workers.onAnswered(worker, response.invocationId());
    }
  }

  @Override
  public void onResumed(String worker, WorkerMessage.LinkResume resume) {
    workers.onResumed(worker, resume);
  }

  /**
   * Nothing more happens at this time: what must be done by now is done.
   *
   * @param runtime empty while there is none
   */
  void settled(Optional<FunctionRuntime> runtime) {
    workers.settled();
    calls.settled();
    operations.settled();
    lookForLostWakeUps();
    workers.checkBounds(unassignedAllowed, assignedAllowed);
    if (!calls.isClosing()) {
      workers.checkTakenOver(apps);
    }
    if (runtime.isPresent() && moments++ % (1 + SELDOM * workers.live() / 10) == 0) {
      workers.compare(runtime.get().workers().workers());
    }
  }

  private void lookForLostWakeUps() {
    for (TrackedCall call : calls.waiting()) {
      AppModel app = call.app();
      if (app.current().value().isEmpty()) {
        continue;
      }
      Optional<WorkerId> free = workers.free(app, app.current());
      if (free.isPresent()) {
        world
            .verdict()
            .broken(
                Invariant.NO_LOST_WAKE_UP,
                call + " of " + app + " waits while worker " + free.get() + " has a free slot");
      }
    }
  }

  /** Faults have ceased, and the Runtime had its time: the pool is full and every slot is free. */
  Optional<String> notHealed() {
    long idle = workers.count(WorkerState.PLACEHOLDER);
    if (idle != poolSize) {
      return Optional.of(idle + " placeholders (expected: " + poolSize + ")");
    }
    if (!calls.pending().isEmpty()) {
      return Optional.of("calls are not completed: " + calls.pending());
    }
    if (workers.inFlight() > 0) {
      return Optional.of(workers.inFlight() + " slots are still taken");
    }
    for (WorkerId process : platform.unreleased()) {
      if (!workers.isLive(process)) {
        return Optional.of("worker " + process + " runs and the Runtime has forgotten it");
      }
    }
    return Optional.empty();
  }

  /** Who is told of workers by each start of the Runtime. */
  WorkerLedger workers() {
    return workers;
  }

  /** The Runtime is about to start. */
  void onStarting() {
    calls.onStarting();
  }

  void onClosing() {
    calls.onClosing();
  }

  void onKilled() {
    calls.onKilled();
    operations.onKilled();
  }

  /** There is no Runtime any more. */
  void onEnded() {
    workers.onRuntimeEnded();
  }

  /** The Runtime is closed: nothing of it is left. */
  void closed(FunctionRuntime runtime) {
    List<String> timers = pendingTimers();
    nothingLeft("timers of " + timers, timers.size());
    nothingLeft("calls not completed", calls.pending().size());
    nothingLeft("operations not completed", operations.pending().size());
    nothingLeft("workers not gone", workers.live());
    nothingLeft("workers listed", runtime.workers().workers().size());
    nothingLeft("applications listed", runtime.jobHosts().list().size());
    nothingLeft("processes", platform.unreleased().size());
    nothingLeft("streams", network.openStreams());
    runtime.metrics().gauges().forEach(this::nothingLeft);
  }

  /**
   * While faults strike, a stream's end may be held up on its way to who waits for its first word.
   */
  private List<String> pendingTimers() {
    return world.time().describePendingTimers().stream()
        .filter(timer -> !world.faults().isActive() || !timer.contains("WorkerDoor"))
        .toList();
  }

  private void nothingLeft(String what, long count) {
    world
        .verdict()
        .expect(count == 0, Invariant.NOTHING_LEFT, count + " left after the close: " + what);
  }
}
