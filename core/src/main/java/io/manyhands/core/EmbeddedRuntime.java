/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core;

import io.manyhands.api.CapacityListener;
import io.manyhands.api.Endpoint;
import io.manyhands.api.ErrorCode;
import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.MetricsSnapshot;
import io.manyhands.api.RuntimeCapacity;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.ScalingSnapshot;
import io.manyhands.api.app.AccessKeyManager;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.JobHostManager;
import io.manyhands.api.invocation.Router;
import io.manyhands.api.worker.HealthMonitor;
import io.manyhands.api.worker.WorkerEnrolments;
import io.manyhands.api.worker.WorkerRegistry;
import io.manyhands.core.concurrent.Futures;
import io.manyhands.core.health.SnapshotHealthMonitor;
import io.manyhands.core.jobhost.JobHosts;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.core.placement.Placement;
import io.manyhands.core.placement.WorkerRequests;
import io.manyhands.core.registry.LiveWorkers;
import io.manyhands.core.registry.WorkerDoor;
import io.manyhands.core.routing.RequestRouter;
import io.manyhands.core.scaling.Autoscaler;
import io.manyhands.core.scaling.CapacitySignal;
import io.manyhands.spi.time.TimeSeams;
import io.manyhands.spi.transport.WorkerTransport;
import io.manyhands.spi.trigger.Trigger;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Runtime: starts its rooms and plug-ins in order and stops them in the reverse. Thread-safe.
 */
final class EmbeddedRuntime implements FunctionRuntime {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRuntime.class);
  private static final Duration PLUGIN_LIMIT = Duration.ofSeconds(30);

  /** How long listeners may take to hear that nothing is taken any more. */
  private static final Duration WITHDRAWAL = Duration.ofSeconds(1);

  private static final Duration CLOSE_MARGIN = Duration.ofMinutes(1);

  /** A plug-in's part with the name that it is configured by. */
  record Named<T>(String name, T value) {}

  record Rooms(
      LiveWorkers workers,
      WorkerRequests requests,
      Placement placement,
      RequestRouter router,
      JobHosts jobHosts,
      WorkerDoor door,
      Metrics metrics) {}

  /** What it issues to workers and callers. */
  record Secrets(WorkerEnrolments enrolments, AccessKeyManager keys) {}

  record Plugins(List<Named<WorkerTransport>> transports, List<Named<Trigger>> triggers) {}

  record Scaling(Autoscaler autoscaler, CapacitySignal capacity) {}

  private enum State {
    NEW,
    STARTING,
    RUNNING,
    CLOSING,
    CLOSED
  }

  private final Rooms rooms;
  private final Secrets secrets;
  private final Plugins plugins;
  private final Scaling scaling;
  private final RuntimeOptions options;
  private final List<ApplicationDefinition> applications;
  private final TimeSeams time;
  private final List<AutoCloseable> owned;
  private final HealthMonitor health;
  private final List<Endpoint> endpoints = new CopyOnWriteArrayList<>();
  private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  /** The start of its plug-ins has come to its end, whatever that is. */
  private final CompletableFuture<Void> plugged = new CompletableFuture<>();

  EmbeddedRuntime(
      Rooms rooms,
      Secrets secrets,
      Plugins plugins,
      Scaling scaling,
      RuntimeOptions options,
      List<ApplicationDefinition> applications,
      RuntimeAssembly.Base base) {
    this.rooms = rooms;
    this.secrets = secrets;
    this.plugins = plugins;
    this.scaling = scaling;
    this.options = options;
    this.applications = applications;
    this.time = base.time();
    this.owned = base.owned();
    this.health =
        new SnapshotHealthMonitor(
            rooms.workers()::workers,
            rooms.jobHosts()::list,
            options.placeholderTargets(),
            () -> state.get() == State.RUNNING);
  }

  @Override
  public CompletableFuture<Void> start() {
    if (!state.compareAndSet(State.NEW, State.STARTING)) {
      return CompletableFuture.failedFuture(notIn(State.NEW));
    }
    CompletableFuture<Void> started = new CompletableFuture<>();
    // Applications first: whoever comes in, caller or worker, is to find those that were declared.
    List<JobHosts.Started> declared = applications.stream().map(rooms.jobHosts()::declare).toList();
    allOf(declared, JobHosts.Started::known)
        .thenCompose(
            known -> {
              requireStarting();
              return startPlugins();
            })
        .whenComplete((done, error) -> plugged.complete(null))
        .thenCompose(done -> allOf(declared, this::orItsFailure))
        .whenComplete(
            (done, error) -> {
              if (error == null) {
                LOG.info("Runtime {} runs at {}", options.runtimeId(), endpoints);
                started.complete(null);
              } else {
                ManyhandsException why = Futures.unwrap(error);
                shutdown(Duration.ofMillis(1))
                    .whenComplete((end, ignored) -> started.completeExceptionally(why));
              }
            });
    return started;
  }

  @Override
  public JobHostManager jobHosts() {
    return rooms.jobHosts();
  }

  @Override
  public WorkerRegistry workers() {
    return rooms.workers();
  }

  @Override
  public WorkerEnrolments enrolments() {
    return secrets.enrolments();
  }

  @Override
  public AccessKeyManager accessKeys() {
    return secrets.keys();
  }

  @Override
  public Router router() {
    return rooms.router();
  }

  @Override
  public HealthMonitor health() {
    return health;
  }

  @Override
  public MetricsSnapshot metrics() {
    return rooms.metrics().snapshot();
  }

  @Override
  public ScalingSnapshot scaling() {
    return scaling.autoscaler().snapshot();
  }

  @Override
  public RuntimeCapacity capacity() {
    return scaling.capacity().capacity();
  }

  @Override
  public AutoCloseable addCapacityListener(CapacityListener listener) {
    return scaling.capacity().addListener(listener);
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.copyOf(endpoints);
  }

  @Override
  public CompletableFuture<Void> shutdown(Duration grace) {
    State before = state.getAndUpdate(now -> now == State.CLOSED ? now : State.CLOSING);
    if (before == State.CLOSING || before == State.CLOSED) {
      return closed.copy();
    }
    if (before == State.NEW) {
      plugged.complete(null);
    }
    Duration end = options.terminateGrace();
    step("capacity", () -> scaling.capacity().withdraw(), WITHDRAWAL)
        .thenCompose(done -> plugged)
        .thenCompose(
            done -> step("applications", () -> rooms.jobHosts().stopAll(grace), grace.plus(end)))
        .thenRun(scaling.autoscaler()::stop)
        .thenCompose(
            done ->
                step("workers", () -> rooms.placement().shutdown(grace), grace.plus(end).plus(end)))
        .thenCompose(done -> stopAll(plugins.triggers(), trigger -> trigger.stop(end), "trigger"))
        .thenCompose(
            done -> step("provisioners", () -> rooms.requests().stop(end), end.multipliedBy(3)))
        .thenCompose(
            done -> stopAll(plugins.transports(), transport -> transport.stop(end), "transport"))
        .whenComplete((done, error) -> finish());
    return closed.copy();
  }

  @Override
  public void close() {
    CountDownLatch done = new CountDownLatch(1);
    shutdown(options.drainGrace()).whenComplete((end, error) -> done.countDown());
    try {
      if (!done.await(options.drainGrace().plus(CLOSE_MARGIN).toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.error(
            "Runtime {}: not closed within {}",
            options.runtimeId(),
            options.drainGrace().plus(CLOSE_MARGIN));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static void closeQuietly(List<AutoCloseable> things) {
    for (AutoCloseable thing : things) {
      try {
        thing.close();
      } catch (Exception e) {
        LOG.warn("cannot close {}", thing, e);
      }
    }
  }

  private CompletableFuture<Void> startPlugins() {
    return startTransports()
        .thenCompose(
            first -> {
              requireStarting();
              return within(rooms.requests().start(first), "start of the provisioners");
            })
        .thenCompose(
            done -> {
              requireStarting();
              return startTriggers();
            })
        .thenRun(
            () -> {
              if (!state.compareAndSet(State.STARTING, State.RUNNING)) {
                throw notIn(State.STARTING);
              }
              rooms.placement().start();
              scaling.autoscaler().start();
              scaling.capacity().open();
            });
  }

  /** It may have been closed meanwhile. */
  private void requireStarting() {
    if (state.get() != State.STARTING) {
      throw notIn(State.STARTING);
    }
  }

  private ManyhandsException notIn(State expected) {
    return new ManyhandsException(
        ErrorCode.RUNTIME_CLOSED,
        "Runtime "
            + options.runtimeId()
            + ": cannot start, it is "
            + state.get()
            + " (expected: "
            + expected
            + ")");
  }

  private CompletableFuture<Endpoint> startTransports() {
    CompletableFuture<Endpoint> first = new CompletableFuture<>();
    CompletableFuture<Void> chain = CompletableFuture.completedFuture(null);
    for (Named<WorkerTransport> transport : plugins.transports()) {
      chain =
          chain.thenCompose(
              done ->
                  within(
                          transport.value().start(rooms.door()),
                          "start of transport " + transport.name())
                      .thenAccept(
                          endpoint -> {
                            endpoints.add(endpoint);
                            first.complete(endpoint);
                          }));
    }
    return chain.thenCompose(done -> first);
  }

  private CompletableFuture<Void> startTriggers() {
    CompletableFuture<Void> chain = CompletableFuture.completedFuture(null);
    for (Named<Trigger> trigger : plugins.triggers()) {
      chain =
          chain.thenCompose(
              done ->
                  within(trigger.value().start(), "start of trigger " + trigger.name())
                      .thenAccept(endpoints::addAll));
    }
    return chain;
  }

  /** One that fails is listed as FAILED and leaves the others and the Runtime alone. */
  private CompletableFuture<Void> orItsFailure(JobHosts.Started application) {
    return application
        .running()
        .handle(
            (info, error) -> {
              if (error != null) {
                LOG.warn("an application does not serve: {}", Futures.unwrap(error).getMessage());
              }
              return null;
            });
  }

  private static <T> CompletableFuture<Void> allOf(
      List<T> things, Function<T, CompletableFuture<Void>> each) {
    return CompletableFuture.allOf(things.stream().map(each).toArray(CompletableFuture[]::new));
  }

  private <T> CompletableFuture<T> within(CompletionStage<T> stage, String what) {
    return Futures.within(stage, PLUGIN_LIMIT, time, what);
  }

  private <T> CompletableFuture<Void> stopAll(
      List<Named<T>> parts, Function<T, CompletionStage<Void>> stop, String kind) {
    CompletableFuture<Void> chain = CompletableFuture.completedFuture(null);
    for (Named<T> part : parts) {
      chain =
          chain.thenCompose(
              done ->
                  step(
                      kind + " " + part.name(),
                      () -> stop.apply(part.value()).toCompletableFuture(),
                      options.terminateGrace().multipliedBy(2)));
    }
    return chain;
  }

  /** A step of the shutdown: bounded, and whatever happens the next one follows. */
  private CompletableFuture<Void> step(
      String what, java.util.function.Supplier<CompletableFuture<Void>> action, Duration limit) {
    CompletableFuture<Void> done;
    try {
      done = action.get();
    } catch (RuntimeException e) {
      done = CompletableFuture.failedFuture(e);
    }
    return Futures.within(done, limit, time, "stop of " + what)
        .handle(
            (ended, error) -> {
              if (error != null) {
                LOG.warn("Runtime {}: {}", options.runtimeId(), Futures.unwrap(error).getMessage());
              }
              return null;
            });
  }

  /** Threads last, and not from one of them: they cannot wait for themselves. */
  private void finish() {
    Thread end =
        new Thread(
            () -> {
              closeQuietly(owned);
              state.set(State.CLOSED);
              LOG.info("Runtime {} is closed", options.runtimeId());
              closed.complete(null);
            },
            options.runtimeId() + "-close");
    if (owned.isEmpty()) {
      state.set(State.CLOSED);
      closed.complete(null);
    } else {
      end.start();
    }
  }
}
