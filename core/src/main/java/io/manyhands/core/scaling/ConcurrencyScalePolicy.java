/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.scaling;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.policy.ScalePolicy;
import java.time.Duration;
import java.util.Locale;

/**
 * As many workers as keep their slots used to a target, by the average of a stable window. A burst
 * is judged by a short window and by the calls that wait: where it needs a multiple of the workers
 * that are ready, the application is in panic, and for a stable window workers are only added.
 * Otherwise they are taken away as well, within a window at most half of them.
 */
final class ConcurrencyScalePolicy implements ScalePolicy {
  /** A worker fewer is not enough where so much more load would call for it again. */
  private static final double STEADY = 1.1;

  /**
   * What can be set.
   *
   * @param target used part of the slots
   * @param stable window of the steady average
   * @param panic window of the burst
   * @param threshold times the ready workers that a burst must need
   */
  record Settings(double target, Duration stable, Duration panic, double threshold) {
    static Settings from(PluginConfig config) {
      Settings settings =
          new Settings(
              config.number("targetPercent", 70, 1, 100) / 100.0,
              config.duration("stableWindow", Duration.ofSeconds(60)),
              config.duration("panicWindow", Duration.ofSeconds(6)),
              config.number("panicThresholdPercent", 200, 110, 10_000) / 100.0);
      config.finish();
      if (settings.panic().compareTo(settings.stable()) > 0) {
        throw new ManyhandsException(
            ErrorCode.INVALID_ARGUMENT,
            "scale policy concurrency: panicWindow "
                + settings.panic()
                + " (expected: at most stableWindow, which is "
                + settings.stable()
                + ")");
      }
      return settings;
    }
  }

  private final Settings settings;

  ConcurrencyScalePolicy(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Scaler scaler() {
    return new OneApplication(settings);
  }

  private static final class OneApplication implements Scaler {
    private final Settings settings;
    private final long stableNanos;
    private final LoadHistory history;
    private boolean panic;
    private long burstNanos;

    OneApplication(Settings settings) {
      this.settings = settings;
      this.stableNanos = settings.stable().toNanos();
      this.history = new LoadHistory(stableNanos);
    }

    @Override
    public Decision decide(Load load) {
      int calls = load.running() + load.waiting();
      history.add(load.nanos(), calls, load.desired());
      double perWorker = load.slots() * settings.target();
      double steady = history.average(load.nanos(), stableNanos);
      double recent = history.average(load.nanos(), settings.panic().toNanos());
      int forSteady = workers(steady / perWorker);
      double waiting = load.waiting() > 0 ? calls / perWorker : 0;
      double sudden = Math.max(recent / perWorker, waiting);
      // Not rounded: one call on one worker is no burst.
      boolean burst = sudden >= settings.threshold() * Math.max(1, load.ready());
      if (burst) {
        burstNanos = load.nanos();
      }
      panic = burst || (panic && load.nanos() - burstNanos < stableNanos);
      int wanted =
          panic
              ? Math.max(Math.max(workers(sudden), forSteady), load.desired())
              : calm(load, Math.max(forSteady, workers(waiting)), steady / perWorker);
      int bounded = Math.max(1, Math.min(wanted, load.maximum()));
      return new Decision(bounded, panic, reason(load, steady, recent, wanted));
    }

    private int calm(Load load, int needed, double steady) {
      if (needed >= load.desired()) {
        return needed;
      }
      int half = (history.mostWorkers() + 1) / 2;
      int least = Math.max(Math.max(needed, workers(steady * STEADY)), half);
      return Math.min(load.desired(), least);
    }

    private static int workers(double exact) {
      return (int) Math.min(Integer.MAX_VALUE, Math.ceil(exact - 1e-9));
    }

    private String reason(Load load, double steady, double recent, int wanted) {
      return String.format(
          Locale.ROOT,
          "%s: %d calls run and %d wait; on average %.1f in %s, %.1f in %s; %.1f a worker are"
              + " the target, %d workers ready%s",
          panic ? "panic" : "steady",
          load.running(),
          load.waiting(),
          steady,
          settings.stable(),
          recent,
          settings.panic(),
          load.slots() * settings.target(),
          load.ready(),
          wanted > load.maximum()
              ? "; " + wanted + " would be needed, " + load.maximum() + " are allowed"
              : "");
    }
  }
}
