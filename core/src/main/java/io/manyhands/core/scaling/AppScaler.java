/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.scaling;

import io.manyhands.api.ScalingSnapshot;
import io.manyhands.core.placement.AppPlacement;
import io.manyhands.core.placement.Placement;
import io.manyhands.core.routing.AppRoute;
import io.manyhands.core.routing.RevisionRoute;
import io.manyhands.spi.policy.KeepAlivePolicy;
import io.manyhands.spi.policy.ScalePolicy;
import io.manyhands.spi.time.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one application's calls and asks placement for as many workers as the policies say. On
 * the scaling strand, but for {@link #snapshot}.
 */
final class AppScaler {
  private static final Logger LOG = LoggerFactory.getLogger(AppScaler.class);

  /** What it has done in a time without calls. */
  private enum Idle {
    /** There are calls. */
    NO,
    /** Workers are kept. */
    KEEPS,
    /** They are gone, and one comes before the next call is due. */
    AWAITS,
    /** That one is kept. */
    WARM,
    /** They are gone until the next call. */
    RELEASED
  }

  private final AppRoute route;
  private final Placement placement;
  private final ScalePolicy.Scaler scaler;
  private final KeepAlivePolicy.KeepAlive keepAlive;
  private final KeepAlivePolicy.Windows fallback;
  private final ScalingMeters meters;
  private @Nullable AppPlacement watched;
  private Idle idle = Idle.NO;
  private KeepAlivePolicy.Windows windows;
  private long idleNanos;
  private boolean called;
  private Scheduler.@Nullable Cancellable pressing;
  private int admitted;
  private int desired;
  private Instant since;
  private boolean panic;
  private String reason = "it has not been decided yet";
  private volatile Optional<ScalingSnapshot.Application> snapshot = Optional.empty();

  AppScaler(
      AppRoute route,
      Placement placement,
      ScalePolicy.Scaler scaler,
      KeepAlivePolicy.KeepAlive keepAlive,
      KeepAlivePolicy.Windows fallback,
      ScalingMeters meters,
      Instant since) {
    this.route = route;
    this.placement = placement;
    this.scaler = scaler;
    this.keepAlive = keepAlive;
    this.fallback = fallback;
    this.windows = fallback;
    this.meters = meters;
    this.since = since;
    this.admitted = route.admitted();
  }

  /** Empty while it does not serve; any thread. */
  Optional<ScalingSnapshot.Application> snapshot() {
    return snapshot;
  }

  /** The timer of the look that calls without a slot have asked for. */
  void pressing(Scheduler.@Nullable Cancellable timer) {
    Scheduler.Cancellable before = pressing;
    if (before != null) {
      before.cancel();
    }
    pressing = timer;
  }

  /** So long nobody looked, because the machine stood still: that was no time without calls. */
  void skip(long nanos) {
    idleNanos += nanos;
  }

  /** Looks and decides. */
  void look(long nanos, Instant now) {
    Optional<RevisionRoute> serving = route.serving();
    if (serving.isEmpty()) {
      snapshot = Optional.empty();
      return;
    }
    RevisionRoute revision = serving.get();
    AppPlacement application = revision.placement();
    if (application != watched) {
      // Its index may have left a worker behind: the time without calls begins anew.
      watched = application;
      begin(nanos, false);
    }
    boolean calls = route.outstanding() > 0 || route.admitted() != admitted;
    admitted = route.admitted();
    AppPlacement.Counts counts = application.counts();
    if (calls) {
      busy(application, nanos);
    } else {
      idle(application, counts, nanos);
    }
    if (counts.desired() > 0 && (idle == Idle.NO || idle == Idle.KEEPS)) {
      scale(revision, application, counts, nanos);
    }
    publish(application.counts(), now);
  }

  private void publish(AppPlacement.Counts counts, Instant now) {
    if (counts.desired() != desired) {
      desired = counts.desired();
      since = now;
    }
    snapshot =
        Optional.of(
            new ScalingSnapshot.Application(
                route.id(), desired, counts.serving(), counts.coming(), panic, reason, since));
  }

  // ---- how many

  private void scale(
      RevisionRoute revision, AppPlacement application, AppPlacement.Counts counts, long nanos) {
    ScalePolicy.Load load =
        new ScalePolicy.Load(
            nanos,
            revision.running(),
            route.waiting(),
            Math.max(1, application.slots()),
            revision.ready(),
            counts.desired(),
            counts.limits().maximumWorkers());
    ScalePolicy.Decision decision;
    try {
      decision = scaler.decide(load);
    } catch (RuntimeException e) {
      meters.failed().increment();
      LOG.warn("application {}: the scale policy failed for {}", route.id(), load, e);
      return;
    }
    panic = decision.panic();
    reason = decision.reason();
    int wanted =
        Math.max(
            Math.max(1, counts.limits().minimumWorkers()),
            Math.min(decision.workers(), counts.limits().maximumWorkers()));
    if (wanted > counts.desired() && !counts.proven()) {
      reason = "none of its workers has served yet; " + reason;
    } else if (wanted != counts.desired()) {
      (wanted > counts.desired() ? meters.out() : meters.in()).increment();
      placement.resize(application, wanted, reason);
    }
  }

  // ---- whether at all

  private void busy(AppPlacement application, long nanos) {
    if (idle != Idle.NO) {
      if (called) {
        learn(Duration.ofNanos(nanos - idleNanos));
      }
      if (idle == Idle.RELEASED || idle == Idle.AWAITS) {
        meters.fromZero().increment();
      } else if (idle == Idle.WARM) {
        meters.preWarmHits().increment();
      }
      placement.idle(application, false);
    }
    idle = Idle.NO;
    called = true;
    idleNanos = nanos;
  }

  private void begin(long nanos, boolean afterCalls) {
    idle = Idle.NO;
    called = afterCalls;
    idleNanos = nanos;
  }

  private void idle(AppPlacement application, AppPlacement.Counts counts, long nanos) {
    Duration passed = Duration.ofNanos(nanos - idleNanos);
    if (idle == Idle.NO) {
      windows = ask();
      placement.idle(application, true);
      if (windows.preWarm().isZero()) {
        idle = Idle.KEEPS;
      } else {
        idle = Idle.AWAITS;
        release(application, counts);
      }
    }
    Duration end = windows.preWarm().plus(windows.keepAlive());
    if ((idle == Idle.KEEPS || idle == Idle.WARM) && passed.compareTo(end) >= 0) {
      idle = Idle.RELEASED;
      release(application, counts);
    } else if (idle == Idle.AWAITS && passed.compareTo(windows.preWarm()) >= 0) {
      idle = Idle.WARM;
      reason = windows.reason();
      meters.preWarmed().increment();
      placement.resize(application, Math.max(1, counts.limits().minimumWorkers()), reason);
    }
  }

  private void release(AppPlacement application, AppPlacement.Counts counts) {
    reason = windows.reason();
    panic = false;
    if (counts.desired() > 0 && counts.limits().minimumWorkers() == 0) {
      meters.toZero().increment();
    }
    placement.resize(application, 0, "no calls; " + reason);
  }

  private KeepAlivePolicy.Windows ask() {
    try {
      KeepAlivePolicy.Windows answer = keepAlive.windows();
      if (!answer.preWarm().isNegative()
          && !answer.keepAlive().isNegative()
          && !answer.keepAlive().isZero()) {
        return answer;
      }
      LOG.warn(
          "application {}: the keep-alive policy answered {} (expected: nothing negative)",
          route.id(),
          answer);
    } catch (RuntimeException e) {
      LOG.warn("application {}: the keep-alive policy failed", route.id(), e);
    }
    meters.failed().increment();
    return fallback;
  }

  private void learn(Duration idleTime) {
    try {
      keepAlive.onIdleEnded(idleTime);
    } catch (RuntimeException e) {
      meters.failed().increment();
      LOG.warn("application {}: the keep-alive policy failed", route.id(), e);
    }
  }
}
