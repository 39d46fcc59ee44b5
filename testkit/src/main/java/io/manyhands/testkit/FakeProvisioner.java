/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit;

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
import io.manyhands.spi.time.TimeSeams;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.transport.inprocess.InProcessNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Delivers {@link FakeWorker}s over an in-process network, or refuses, or accepts and never
 * delivers. On the test's thread.
 */
public final class FakeProvisioner implements WorkerProvisioner {
  private final List<StackInfo> stacks;
  private final InProcessNetwork network;
  private final WorkerScript script;
  private final TimeSeams time;
  private final List<ProvisionRequest> requests = new ArrayList<>();
  private final List<WorkerId> releases = new ArrayList<>();
  private final Map<WorkerId, FakeWorker> alive = new LinkedHashMap<>();
  private final List<FakeWorker> delivered = new ArrayList<>();
  private Behaviour behaviour = Behaviour.DELIVER;
  private boolean extended;
  private Release release = Release.DONE;
  private @Nullable ProvisionerListener listener;

  /** What it does with a request. */
  public enum Behaviour {
    DELIVER,
    REFUSE,
    /** Accepts, and no worker ever connects. */
    NEVER_DELIVER
  }

  /** How it takes it when a worker is no longer needed. */
  public enum Release {
    DONE,
    /** Ends the worker and never says so. */
    NEVER_DONE,
    THROWS
  }

  public FakeProvisioner(
      List<StackInfo> stacks, InProcessNetwork network, WorkerScript script, TimeSeams time) {
    this.stacks = List.copyOf(stacks);
    this.network = network;
    this.script = script;
    this.time = time;
  }

  /** From the next request on. */
  public void behave(Behaviour next) {
    behaviour = next;
  }

  /** Whether the workers that it delivers from now on speak our extension, and can come back. */
  public void extended(boolean value) {
    extended = value;
  }

  /** From the next release on. */
  public void releases(Release next) {
    release = next;
  }

  public List<ProvisionRequest> requests() {
    return List.copyOf(requests);
  }

  public List<WorkerId> releases() {
    return List.copyOf(releases);
  }

  /** Workers that have not ended, oldest first. */
  public List<FakeWorker> alive() {
    return List.copyOf(alive.values());
  }

  /** All workers that ever were. */
  public List<FakeWorker> delivered() {
    return List.copyOf(delivered);
  }

  /** Somebody presents a worker's id on a stream of its own. */
  public FakeWorker impostorOf(FakeWorker worker) {
    FakeWorker impostor = new FakeWorker(worker.id(), worker.stack(), script, time);
    impostor.connect(network);
    return impostor;
  }

  /** Somebody whom nobody asked for begins a stream with that message. */
  public FakeWorker stranger(WorkerMessage first) {
    FakeWorker stranger =
        new FakeWorker(new WorkerId("stranger"), stacks.get(0).stack(), script, time);
    stranger.connect(network, first);
    return stranger;
  }

  /** The platform reports a worker's end. */
  public void terminate(FakeWorker worker, int exitCode, String... lastOutput) {
    alive.remove(worker.id());
    worker.die();
    ProvisionerListener told = listener;
    if (told != null) {
      told.onTerminated(
          worker.id(),
          new Termination("its process ended", OptionalInt.of(exitCode), List.of(lastOutput)));
    }
  }

  @Override
  public List<StackInfo> stacks() {
    return stacks;
  }

  @Override
  public CompletionStage<Void> start(ProvisionerListener told) {
    listener = told;
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<ProvisionedWorker> request(ProvisionRequest request) {
    requests.add(request);
    if (behaviour == Behaviour.REFUSE) {
      return CompletableFuture.failedFuture(
          new ManyhandsException(
              ErrorCode.PROVISIONING_FAILED,
              "stack " + request.stack() + ": the platform refused (quota)"));
    }
    FakeWorker worker = new FakeWorker(request.id(), version(request.stack()), script, time);
    alive.put(request.id(), worker);
    if (behaviour == Behaviour.DELIVER) {
      delivered.add(worker);
      Runnable dial =
          extended ? () -> worker.connectExtended(network) : () -> worker.connect(network);
      time.scheduler().schedule(dial, Duration.ofMillis(100));
    }
    return CompletableFuture.completedFuture(
        new ProvisionedWorker(
            OptionalLong.empty(), "/workers", Map.of("host", "fake"), Map.of("PATH", "/bin")));
  }

  @Override
  public CompletionStage<Void> release(WorkerId worker, Duration grace) {
    releases.add(worker);
    if (release == Release.THROWS) {
      throw new ManyhandsException(
          ErrorCode.PROVISIONING_FAILED, "worker " + worker + ": the platform cannot end it");
    }
    Optional.ofNullable(alive.remove(worker)).ifPresent(FakeWorker::die);
    return release == Release.NEVER_DONE
        ? new CompletableFuture<>()
        : CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Void> stop(Duration grace) {
    List.copyOf(alive.keySet()).forEach(worker -> release(worker, grace));
    return CompletableFuture.completedFuture(null);
  }

  private WorkerStack version(WorkerStack asked) {
    return stacks.stream()
        .map(StackInfo::stack)
        .filter(asked::acceptsWorkerOf)
        .findFirst()
        .orElse(asked);
  }
}
