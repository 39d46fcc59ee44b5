/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.routing;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.AppLimits;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.CallLimits;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationId;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Router;
import io.manyhands.api.invocation.TraceContext;
import io.manyhands.core.identity.Ids;
import io.manyhands.core.limits.CallDoors;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.core.placement.Placement;
import io.manyhands.core.session.Call;
import io.manyhands.spi.policy.LoadBalancer;
import io.manyhands.spi.time.TimeSeams;
import io.manyhands.spi.trigger.Delivery;
import io.manyhands.spi.trigger.InvocationSink;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Takes calls from embedders and triggers and hands them to the application's route. Thread-safe,
 * never blocks.
 */
public final class RequestRouter implements Router {
  private final ConcurrentHashMap<ApplicationId, AppRoute> routes = new ConcurrentHashMap<>();
  private final Placement placement;
  private final LoadBalancer balancer;
  private final RuntimeOptions options;
  private final Ids ids;
  private final TimeSeams time;
  private final Executor callbacks;
  private final CallDoors doors;
  private final LongAdder accepted;
  private final LongAdder succeeded;
  private final LongAdder failed;
  private final LongAdder retries;
  private final Metrics.Timing total;
  private volatile @Nullable RouteWatcher watcher;

  public RequestRouter(
      Placement placement,
      LoadBalancer balancer,
      RuntimeOptions options,
      Ids ids,
      TimeSeams time,
      Executor callbacks,
      Metrics metrics) {
    this.placement = placement;
    this.balancer = balancer;
    this.options = options;
    this.ids = ids;
    this.time = time;
    this.callbacks = callbacks;
    this.doors = new CallDoors(options, time.ticker(), metrics);
    this.accepted = metrics.counter("routing.accepted");
    this.succeeded = metrics.counter("routing.succeeded");
    this.failed = metrics.counter("routing.failed");
    this.retries = metrics.counter("routing.retries");
    this.total = metrics.timing("routing.total");
    metrics.gauge(
        "routing.queued", () -> routes.values().stream().mapToLong(AppRoute::queued).sum());
    metrics.gauge(
        "routing.outstanding",
        () -> routes.values().stream().mapToLong(AppRoute::outstanding).sum());
    metrics.gauge(
        "routing.ordered.behind", () -> routes.values().stream().mapToLong(AppRoute::behind).sum());
    metrics.gauge(
        "routing.retrying", () -> routes.values().stream().mapToLong(AppRoute::retrying).sum());
  }

  /** Makes an application's route; nobody finds it until it is added. */
  public AppRoute route(ApplicationDefinition definition) {
    int calls = definition.limits().queueCalls().orElse(options.queueCalls());
    AppRoute route =
        new AppRoute(
            definition.id(),
            new Asking(),
            balancer.picker(time.randomness()),
            AppRoute.Queues.bounded(calls, options.queueBytes()),
            doors.open(definition.id(), definition.tenant()),
            options.functionTimeout());
    limit(route, definition.limits());
    return route;
  }

  /** Other limits of its calls, from now on. */
  public void limit(AppRoute route, AppLimits limits) {
    route.maximumWorkers(limits.maximumWorkers());
    CallLimits calls = limits.calls();
    if (calls.bytesInFlight().isEmpty()) {
      // One application alone does not take the memory of all.
      calls = calls.withBytesInFlight(Math.max(1, options.bytesInFlight() / 2));
    }
    route.door().limit(calls, limits.functions(), Call::key, time.ticker().nanos());
  }

  /** Tells of routes from now on; before the first is added. */
  public void watch(RouteWatcher next) {
    watcher = next;
  }

  /** Calls wait in it until it is opened. */
  public void add(AppRoute route) {
    routes.put(route.id(), route);
    RouteWatcher told = watcher;
    if (told != null) {
      told.onAdded(route);
    }
  }

  public void remove(AppRoute route) {
    if (routes.remove(route.id(), route)) {
      route.door().close();
      RouteWatcher told = watcher;
      if (told != null) {
        told.onRemoved(route);
      }
    }
  }

  @Override
  public CompletableFuture<InvocationResult> invoke(Invocation invocation) {
    InvocationFuture future = new InvocationFuture(options.directCompletion() ? null : callbacks);
    future.handle = submit(invocation, Delivery.once(), future);
    return future;
  }

  /** The same for triggers: the completion is called on an I/O thread, or within this call. */
  public InvocationSink.Handle submit(
      Invocation invocation, Delivery delivery, InvocationSink.Completion completion) {
    AppRoute route = routes.get(invocation.application());
    accepted.increment();
    TraceContext trace = invocation.trace().isPresent() ? invocation.trace().get() : ids.trace();
    if (route == null) {
      Call call =
          new Call(
              newId(),
              invocation,
              trace,
              time.ticker(),
              result -> {
                count(result);
                completion.onCompleted(result);
              },
              true,
              null);
      call.fail(
          ErrorCode.APP_NOT_FOUND, "application " + invocation.application() + ": not found", "");
      return () -> {};
    }
    route.onAdmitted();
    RoutedCall call = new RoutedCall(this, route, invocation, delivery, completion, trace);
    call.begin(newId());
    return call;
  }

  // ---- for the calls on their way

  TimeSeams time() {
    return time;
  }

  /** Where what a timer begins goes on. */
  Executor callbacks() {
    return callbacks;
  }

  InvocationId newId() {
    return ids.invocation();
  }

  void count(InvocationResult result) {
    (result.error().isEmpty() ? succeeded : failed).increment();
    total.record(result.phases().totalNanos());
  }

  void countRetry() {
    retries.increment();
  }

  private final class Asking implements Demand {
    @Override
    public void onNoWorker(RevisionRoute revision) {
      revision.bound().ifPresent(placement::want);
    }

    @Override
    public void onNoSlot(AppRoute route) {
      RouteWatcher told = watcher;
      if (told != null) {
        told.onNoSlot(route);
      }
    }
  }

  /** A future that is its own completion, so that a call costs no further object. */
  private static final class InvocationFuture extends CompletableFuture<InvocationResult>
      implements InvocationSink.Completion {
    private final @Nullable Executor on;
    private volatile InvocationSink.@Nullable Handle handle;

    InvocationFuture(@Nullable Executor on) {
      this.on = on;
    }

    @Override
    public void onCompleted(InvocationResult result) {
      Executor executor = on;
      if (executor == null) {
        complete(result);
      } else {
        executor.execute(() -> complete(result));
      }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      InvocationSink.Handle running = handle;
      if (running != null && !isDone()) {
        running.cancel();
        return true;
      }
      return false;
    }
  }
}
