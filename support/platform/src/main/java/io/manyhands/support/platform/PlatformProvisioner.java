/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.platform;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.ProvisionerListener;
import io.manyhands.spi.provision.StackInfo;
import io.manyhands.spi.provision.WorkerProvisioner;
import io.manyhands.spi.time.TimeSeams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A provisioner for a {@link Platform}: requests wait for permits, what is busy is left alone, what
 * is released meanwhile is taken back, ends are told once, and what an earlier Runtime left is
 * adopted or removed. Thread-safe; what blocks runs on the blocking executor.
 */
public final class PlatformProvisioner implements WorkerProvisioner {
  private static final Logger LOG = LoggerFactory.getLogger(PlatformProvisioner.class);

  /** Beyond the grace of a stop: what ending by force may take. */
  private static final Duration STOP_MARGIN = Duration.ofSeconds(30);

  private static final int CONFLICTS = 5;
  private static final Duration CONFLICT_PAUSE = Duration.ofMillis(100);

  private enum State {
    NEW,
    STARTING,
    RUNNING,
    STOPPED
  }

  private final PlatformOptions options;
  private final Platform platform;
  private final TimeSeams time;
  private final Calls calls;
  private final PlatformFleet fleet;
  private final Reconciler reconciler;
  private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
  private final CompletableFuture<Void> started = new CompletableFuture<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();

  public PlatformProvisioner(PlatformOptions options, Platform platform, PluginContext context) {
    this.options = options;
    this.platform = platform;
    this.time = context.time();
    this.calls = new Calls(options.permits(), context.blockingExecutor(), time.scheduler());
    this.fleet =
        new PlatformFleet(options, platform, calls, context.counter("orphansRemoved"), this::soon);
    this.reconciler = new Reconciler(options, platform, calls, fleet);
    context.gauge("workers", fleet::size);
    context.gauge("callsInFlight", calls::inFlight);
  }

  private void soon() {
    reconciler.soon();
  }

  @Override
  public List<StackInfo> stacks() {
    return platform.stacks();
  }

  @Override
  public CompletionStage<Void> start(ProvisionerListener told) {
    if (!state.compareAndSet(State.NEW, State.STARTING)) {
      return CompletableFuture.failedFuture(
          new ManyhandsException(
              ErrorCode.RUNTIME_CLOSED,
              "provisioner " + options.name() + ": started twice (expected: once)"));
    }
    fleet.listener(told);
    calls
        .call(platform::open)
        .thenCompose(opened -> fleet.recover())
        .thenCompose(recovered -> calls.call(reconciler::start))
        .whenComplete((done, error) -> began(error));
    return started.copy();
  }

  private void began(@Nullable Throwable error) {
    if (error != null) {
      Throwable cause =
          error instanceof java.util.concurrent.CompletionException && error.getCause() != null
              ? error.getCause()
              : error;
      started.completeExceptionally(
          cause instanceof ManyhandsException
              ? cause
              : new ManyhandsException(
                  ErrorCode.RESOURCE_UNAVAILABLE,
                  "provisioner " + options.name() + ": " + cause.getMessage(),
                  cause));
      return;
    }
    state.compareAndSet(State.STARTING, State.RUNNING);
    started.complete(null);
  }

  @Override
  public CompletionStage<ProvisionedWorker> request(ProvisionRequest request) {
    if (stacks().stream().noneMatch(info -> request.stack().acceptsWorkerOf(info.stack()))) {
      return CompletableFuture.failedFuture(unknown(request.stack()));
    }
    if (state.get() != State.RUNNING) {
      return CompletableFuture.failedFuture(refused(request.stack(), "it is not running", null));
    }
    PlatformWorker worker = new PlatformWorker(request.id(), request.stack());
    ManyhandsException no = fleet.add(worker);
    if (no != null) {
      return CompletableFuture.failedFuture(no);
    }
    CompletableFuture<ProvisionedWorker> answer = worker.accepted().copy();
    submit(worker, request);
    if (state.get() != State.RUNNING) {
      release(request.id(), Duration.ZERO);
    }
    return answer;
  }

  private void submit(PlatformWorker worker, ProvisionRequest request) {
    CallQueue.Task task =
        calls.task(
            () -> launch(worker, request),
            e -> fleet.refuse(worker, busy(worker, "the Runtime is too busy")));
    worker.task(task);
    try {
      calls.start(task);
    } catch (RejectedExecutionException e) {
      fleet.refuse(worker, busy(worker, String.valueOf(e.getMessage())));
    }
    if (worker.isUnwanted()) {
      withdraw(worker);
    }
  }

  private void launch(PlatformWorker worker, ProvisionRequest request) {
    if (!worker.starting()) {
      fleet.refuse(worker, refused(worker.stack(), "it was released before it started", null));
      return;
    }
    Platform.Started accepted;
    try {
      accepted = platform.start(request);
    } catch (PlatformException e) {
      failed(worker, request, e);
      return;
    } catch (RuntimeException e) {
      LOG.error("start of a worker of stack {} failed", worker.stack(), e);
      discard(worker, refused(worker.stack(), "its start failed: " + e, null));
      return;
    }
    if (!worker.accepting(reconciler.round())) {
      discard(
          worker, refused(worker.stack(), "it was released before the platform accepted it", null));
      return;
    }
    LOG.info(
        "worker {} of stack {} started as {} by provisioner {}",
        worker.id(),
        worker.stack(),
        accepted.platformId(),
        options.name());
    fleet.accepted(worker, accepted.worker());
  }

  private void failed(PlatformWorker worker, ProvisionRequest request, PlatformException e) {
    switch (e.kind()) {
      case CONFLICT -> {
        int times = worker.conflict();
        if (times > CONFLICTS || worker.isUnwanted()) {
          discard(worker, busy(worker, String.valueOf(e.getMessage())));
          return;
        }
        long millis = CONFLICT_PAUSE.toMillis() << times;
        long jittered = millis / 2 + time.randomness().nextInt((int) (millis / 2) + 1);
        calls.later(Duration.ofMillis(jittered), () -> submit(worker, request));
      }
      case BUSY ->
          fleet.refuse(
              worker,
              refused(
                  worker.stack(),
                  "the platform is busy: " + e.getMessage(),
                  e.retryAfter().orElse(options.busyPause())));
      case UNREACHABLE ->
          discard(
              worker,
              refused(
                  worker.stack(),
                  "no sound answer: " + e.getMessage(),
                  e.retryAfter().orElse(null)));
      default -> discard(worker, refused(worker.stack(), String.valueOf(e.getMessage()), null));
    }
  }

  /** Nothing may be left of it. */
  private void discard(PlatformWorker worker, ManyhandsException why) {
    try {
      platform.remove(worker.key());
    } catch (PlatformException | RuntimeException e) {
      LOG.warn(
          "worker {} may have been started and is removed later: {}", worker.id(), e.getMessage());
    }
    fleet.refuse(worker, why);
  }

  @Override
  public CompletionStage<Void> release(WorkerId id, Duration grace) {
    PlatformWorker worker = fleet.find(id);
    if (worker == null) {
      return CompletableFuture.completedFuture(null);
    }
    if (worker.release(grace)) {
      fleet.end(worker, grace);
    }
    withdraw(worker);
    return worker.ended().copy();
  }

  private void withdraw(PlatformWorker worker) {
    CallQueue.Task task = worker.task();
    if (task != null && calls.withdraw(task)) {
      fleet.refuse(worker, refused(worker.stack(), "it was released before it started", null));
    }
  }

  @Override
  public CompletionStage<Void> stop(Duration grace) {
    State before = state.getAndSet(State.STOPPED);
    if (before == State.STOPPED) {
      return stopped.copy();
    }
    if (before == State.NEW) {
      platform.close();
      stopped.complete(null);
      return stopped.copy();
    }
    CompletableFuture<Void> over = new CompletableFuture<>();
    calls.later(grace.plus(STOP_MARGIN), () -> over.complete(null));
    CompletableFuture.anyOf(started.handle((done, error) -> null), over)
        .thenCompose(begun -> CompletableFuture.anyOf(releaseAll(grace), over))
        .thenRun(reconciler::close)
        .thenCompose(ended -> calls.call(fleet::sweep))
        .whenComplete((done, error) -> closeAll(error));
    return stopped.copy();
  }

  private CompletableFuture<Void> releaseAll(Duration grace) {
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    for (PlatformWorker worker : fleet.all()) {
      ends.add(release(worker.id(), grace).toCompletableFuture());
    }
    return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
  }

  private void closeAll(@Nullable Throwable error) {
    calls.close();
    fleet.close();
    platform.close();
    if (error == null) {
      stopped.complete(null);
      return;
    }
    Throwable cause = error.getCause() == null ? error : error.getCause();
    stopped.completeExceptionally(
        new ManyhandsException(
            ErrorCode.RESOURCE_UNAVAILABLE,
            "provisioner "
                + options.name()
                + ": something may be left behind: "
                + cause.getMessage(),
            cause));
  }

  private ManyhandsException busy(PlatformWorker worker, String why) {
    return refused(worker.stack(), why, options.busyPause());
  }

  private ManyhandsException refused(WorkerStack stack, String why, @Nullable Duration retryAfter) {
    return fleet.refused(stack, why, retryAfter);
  }

  private ManyhandsException unknown(WorkerStack stack) {
    return new ManyhandsException(
        ErrorCode.INVALID_ARGUMENT,
        "stack %s: provisioner %s has no image of it (known: %s)"
            .formatted(
                stack,
                options.name(),
                stacks().stream()
                    .map(info -> info.stack().toString())
                    .collect(Collectors.joining(", "))));
  }
}
