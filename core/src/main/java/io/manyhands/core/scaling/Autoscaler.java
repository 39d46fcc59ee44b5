/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.scaling;

import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.ScalingSnapshot;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.core.concurrent.Strand;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.core.placement.Placement;
import io.manyhands.core.routing.AppRoute;
import io.manyhands.core.routing.RouteWatcher;
import io.manyhands.spi.policy.KeepAlivePolicy;
import io.manyhands.spi.policy.PoolPolicy;
import io.manyhands.spi.policy.ScalePolicy;
import io.manyhands.spi.time.Scheduler;
import io.manyhands.spi.time.TimeSeams;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every application about once a second, and at one whose calls wait a tenth of a second
 * after the first of them; at the pools every ten seconds. Everything happens on one strand.
 */
public final class Autoscaler implements RouteWatcher {
  private static final int INTERVAL_MILLIS = 1000;

  /** Of the interval, so that regular calls are not met at the same point each time. */
  private static final int JITTER_MILLIS = 100;

  private static final Duration REACTION = Duration.ofMillis(100);
  private static final int POOL_TICKS = 10;

  /** Between two looks: longer and the Runtime itself stood still. */
  private static final long STALL_NANOS = Duration.ofSeconds(5).toNanos();

  /** The three policies of a Runtime. */
  public record Policies(ScalePolicy scale, KeepAlivePolicy keepAlive, PoolPolicy pool) {}

  private final Placement placement;
  private final Policies policies;
  private final KeepAlivePolicy.Windows fallback;
  private final Strand strand;
  private final TimeSeams time;
  private final ScalingMeters meters;
  private final PoolScaler pools;

  /** By application, in their order; changed on the strand alone. */
  private final Map<ApplicationId, AppScaler> scalers = new ConcurrentSkipListMap<>();

  private Scheduler.@Nullable Cancellable next;
  private int ticks;
  private long tickNanos;
  private boolean closed;

  public Autoscaler(
      Placement placement,
      Policies policies,
      RuntimeOptions options,
      Strand strand,
      TimeSeams time,
      Metrics metrics) {
    this.placement = placement;
    this.policies = policies;
    this.fallback =
        new KeepAlivePolicy.Windows(
            Duration.ZERO,
            options.idleTimeout(),
            "the policy failed: workers are kept for " + options.idleTimeout());
    this.strand = strand;
    this.time = time;
    this.meters = ScalingMeters.of(metrics);
    this.pools =
        new PoolScaler(placement, policies.pool(), options.placeholderTargets(), meters.failed());
    metrics.gauge(
        "scaling.desired",
        () -> applications().mapToLong(ScalingSnapshot.Application::desired).sum());
    metrics.gauge(
        "scaling.ready", () -> applications().mapToLong(ScalingSnapshot.Application::ready).sum());
    metrics.gauge(
        "scaling.panic", () -> applications().filter(ScalingSnapshot.Application::panic).count());
    metrics.gauge(
        "scaling.pool.target",
        () -> pools.snapshot().stream().mapToLong(ScalingSnapshot.Pool::target).sum());
  }

  public void start() {
    strand.execute(this::schedule);
  }

  public void stop() {
    strand.execute(
        () -> {
          closed = true;
          Scheduler.Cancellable armed = next;
          if (armed != null) {
            armed.cancel();
          }
          scalers.values().forEach(scaler -> scaler.pressing(null));
          scalers.clear();
          pools.clear();
        });
  }

  /** Any thread. */
  public ScalingSnapshot snapshot() {
    return new ScalingSnapshot(applications().toList(), pools.snapshot());
  }

  private Stream<ScalingSnapshot.Application> applications() {
    return scalers.values().stream().map(AppScaler::snapshot).flatMap(Optional::stream);
  }

  @Override
  public void onAdded(AppRoute route) {
    strand.execute(
        () ->
            scalers.put(
                route.id(),
                new AppScaler(
                    route,
                    placement,
                    policies.scale().scaler(),
                    policies.keepAlive().keepAlive(),
                    fallback,
                    meters,
                    time.clock().instant())));
  }

  @Override
  public void onRemoved(AppRoute route) {
    strand.execute(
        () -> {
          AppScaler scaler = scalers.remove(route.id());
          if (scaler != null) {
            scaler.pressing(null);
          }
        });
  }

  @Override
  public void onNoSlot(AppRoute route) {
    strand.execute(
        () -> {
          AppScaler scaler = scalers.get(route.id());
          if (scaler != null) {
            scaler.pressing(
                time.scheduler()
                    .schedule(() -> strand.execute(() -> pressed(route, scaler)), REACTION));
          }
        });
  }

  private void pressed(AppRoute route, AppScaler scaler) {
    route.relax();
    if (scalers.get(route.id()) == scaler) {
      scaler.pressing(null);
      look(scaler);
    }
  }

  private void look(AppScaler scaler) {
    scaler.look(time.ticker().nanos(), time.clock().instant());
  }

  private void schedule() {
    if (!closed) {
      int millis =
          INTERVAL_MILLIS - JITTER_MILLIS + time.randomness().nextInt(2 * JITTER_MILLIS + 1);
      next = time.scheduler().schedule(() -> strand.execute(this::tick), Duration.ofMillis(millis));
    }
  }

  private void tick() {
    if (closed) {
      return;
    }
    long now = time.ticker().nanos();
    long stalled = now - tickNanos - STALL_NANOS;
    if (ticks > 0 && stalled > 0) {
      scalers.values().forEach(scaler -> scaler.skip(stalled));
    }
    tickNanos = now;
    schedule();
    scalers.values().forEach(this::look);
    if (++ticks % POOL_TICKS == 0) {
      placement.readPools(states -> strand.execute(() -> decide(states)));
    }
  }

  private void decide(List<Placement.PoolState> states) {
    if (!closed) {
      pools.decide(states, time.ticker().nanos());
    }
  }
}
