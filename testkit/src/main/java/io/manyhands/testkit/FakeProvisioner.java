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
 * delivers; adopts, at a further start, those that can come back. On the test's thread.
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
  private final Map<WorkerId, CompletableFuture<ProvisionedWorker>> unanswered =
      new LinkedHashMap<>();
  private Behaviour behaviour = Behaviour.DELIVER;
  private boolean extended;
  private boolean recoversLate;
  private Release release = Release.DONE;
  private Duration startTime = Duration.ofMillis(100);
  private Duration retryAfter = Duration.ofSeconds(20);
  private List<String> hosts = List.of("fake");
  private int failingReleases;
  private @Nullable ProvisionerListener listener;

  /** What it does with a request. */
  public enum Behaviour {
    DELIVER,
    REFUSE,
    /** Accepts, and no worker ever connects. */
    NEVER_DELIVER,
    /** Neither accepts nor refuses before {@link #answer}. */
    SILENT,
    /** Refuses, and asks to be left alone for a while: {@link #retryAfter}. */
    BUSY,
    /** Accepts, and the worker ends as soon as it has started. */
    DIE_AT_START
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

  /** From the request until a worker dials in; 100 ms at first. */
  public void startTime(Duration time) {
    startTime = time;
  }

  /** What a busy platform asks for; 20 s at first. */
  public void retryAfter(Duration time) {
    retryAfter = time;
  }

  /** The hosts on which workers are started, in turn. */
  public void hosts(String... names) {
    hosts = List.of(names);
  }

  /** So many releases fail from now on; the worker lives on. */
  public void failReleases(int number) {
    failingReleases = number;
  }

  /** Answers a silent request after all: the worker is accepted, and dials in. */
  public FakeWorker answer(ProvisionRequest request) {
    CompletableFuture<ProvisionedWorker> silent = unanswered.remove(request.id());
    if (silent == null) {
      throw new IllegalStateException("request " + request + " is answered");
    }
    FakeWorker worker = deliver(request.id(), request.stack());
    silent.complete(provisioned());
    return worker;
  }

  /** A worker dials in, wanted or not. */
  public void dial(FakeWorker worker) {
    worker.connect(network);
  }

  /** Somebody else starts a worker, whose id the Runtime is told before it dials in. */
  public FakeWorker expect(WorkerStack stack) {
    ProvisionerListener told = listener;
    if (told == null) {
      throw new IllegalStateException("not started");
    }
    WorkerId id = new WorkerId("expected-" + delivered.size());
    told.onExpected(id, stack, provisioned());
    return deliver(id, stack);
  }

  /** A worker that nobody asked for, has announced or will end; it has not dialled in yet. */
  public FakeWorker stranger(WorkerStack stack) {
    return new FakeWorker(new WorkerId("stranger"), stack, script, time);
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

  /**
   * From the next start on it tells of workers that may come back when {@link #recover} says so.
   */
  public void recoverLate() {
    recoversLate = true;
  }

  /** Tells of the workers that may come back. */
  public void recover() {
    recoversLate = false;
    ProvisionerListener told = listener;
    if (told != null) {
      alive.values().stream()
          .filter(worker -> !worker.token().isEmpty())
          .forEach(worker -> told.onRecovered(worker.id(), worker.stack(), provisioned()));
    }
  }

  @Override
  public List<StackInfo> stacks() {
    return stacks;
  }

  @Override
  public CompletionStage<Void> start(ProvisionerListener told) {
    listener = told;
    if (!recoversLate) {
      recover();
    }
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
    if (behaviour == Behaviour.BUSY) {
      return CompletableFuture.failedFuture(
          new ManyhandsException(
              ErrorCode.PROVISIONING_FAILED,
              "stack " + request.stack() + ": the platform is busy (429)",
              null,
              retryAfter));
    }
    if (behaviour == Behaviour.SILENT) {
      CompletableFuture<ProvisionedWorker> never = new CompletableFuture<>();
      unanswered.put(request.id(), never);
      return never;
    }
    if (behaviour == Behaviour.NEVER_DELIVER) {
      alive.put(request.id(), worker(request.id(), request.stack()));
    } else {
      FakeWorker worker = deliver(request.id(), request.stack());
      if (behaviour == Behaviour.DIE_AT_START) {
        time.scheduler()
            .schedule(() -> terminate(worker, 1, "cannot start"), startTime.dividedBy(2));
      }
    }
    return CompletableFuture.completedFuture(provisioned());
  }

  private FakeWorker worker(WorkerId id, WorkerStack stack) {
    return new FakeWorker(id, version(stack), script, time);
  }

  private FakeWorker deliver(WorkerId id, WorkerStack stack) {
    FakeWorker worker = worker(id, stack);
    Runnable dial =
        extended ? () -> worker.connectExtended(network) : () -> worker.connect(network);
    alive.put(id, worker);
    delivered.add(worker);
    time.scheduler()
        .schedule(
            () -> {
              if (alive.get(id) == worker) {
                dial.run();
              }
            },
            startTime);
    return worker;
  }

  private ProvisionedWorker provisioned() {
    return new ProvisionedWorker(
        OptionalLong.empty(),
        "/workers",
        Map.of("host", hosts.get(delivered.size() % hosts.size())),
        Map.of("PATH", "/bin"));
  }

  @Override
  public CompletionStage<Void> release(WorkerId worker, Duration grace) {
    releases.add(worker);
    if (release == Release.THROWS) {
      throw new ManyhandsException(
          ErrorCode.PROVISIONING_FAILED, "worker " + worker + ": the platform cannot end it");
    }
    if (failingReleases > 0) {
      failingReleases--;
      return CompletableFuture.failedFuture(
          new ManyhandsException(ErrorCode.PROVISIONING_FAILED, "the platform does not answer"));
    }
    if (!recoversLate) {
      Optional.ofNullable(alive.remove(worker)).ifPresent(FakeWorker::die);
    }
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
