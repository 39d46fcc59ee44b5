/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.scaling;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.policy.KeepAlivePolicy;
import java.time.Duration;
import java.util.Locale;

/**
 * The hybrid histogram policy of "Serverless in the Wild" (Shahrad et al., 2020): from the times
 * that an application was idle it learns when the next call is due. Workers go at once where no
 * call is likely soon, one is ready again before the earliest likely call, and is kept until after
 * the latest. Where too little is known or the times are spread it keeps workers for a fixed time.
 */
final class HistogramKeepAlivePolicy implements KeepAlivePolicy {
  /**
   * What can be set.
   *
   * @param bin width of a bin
   * @param range of the histogram
   * @param earliest fraction of the times before which no call is reckoned with
   * @param latest fraction of the times after which none is
   * @param margin fraction by which a worker is ready sooner and kept longer
   * @param samples times that must be known
   * @param variation of the bins' counts that there must be at least
   */
  record Settings(
      Duration bin,
      Duration range,
      double earliest,
      double latest,
      double margin,
      int samples,
      double variation) {
    static Settings from(PluginConfig config) {
      Settings settings =
          new Settings(
              config.duration("bin", Duration.ofMinutes(1)),
              config.duration("range", Duration.ofHours(4)),
              config.number("headPercent", 5, 0, 50) / 100.0,
              config.number("tailPercent", 99, 51, 100) / 100.0,
              config.number("marginPercent", 10, 0, 90) / 100.0,
              (int) config.number("minimumSamples", 10, 1, 1000),
              config.number("minimumVariationPercent", 200, 0, 100_000) / 100.0);
      if (settings.range().compareTo(settings.bin()) < 0
          || settings.range().dividedBy(settings.bin()) > 10_000) {
        throw new ManyhandsException(
            ErrorCode.INVALID_ARGUMENT,
            "keep-alive policy histogram: range "
                + settings.range()
                + " in bins of "
                + settings.bin()
                + " (expected: 1 to 10,000 bins)");
      }
      return settings;
    }
  }

  private final Settings settings;
  private final Duration fallback;

  /**
   * @param fallback how long workers are kept where the histogram says nothing
   */
  HistogramKeepAlivePolicy(Settings settings, Duration fallback) {
    this.settings = settings;
    this.fallback = fallback;
  }

  @Override
  public KeepAlive keepAlive() {
    return new OneApplication(settings, fallback);
  }

  private static final class OneApplication implements KeepAlive {
    private final Settings settings;
    private final Duration fallback;
    private final IdleTimes times;

    OneApplication(Settings settings, Duration fallback) {
      this.settings = settings;
      this.fallback = fallback;
      this.times = new IdleTimes(settings.bin(), settings.range());
    }

    @Override
    public void onIdleEnded(Duration idle) {
      times.add(idle);
    }

    @Override
    public Windows windows() {
      if (times.total() < settings.samples()) {
        return fixed(times.total() + " idle times are known, " + settings.samples() + " needed");
      }
      if (times.beyond() * 2 > times.total()) {
        return fixed(
            times.beyond() + " of " + times.total() + " idle times were over " + settings.range());
      }
      double variation = times.variation();
      if (variation < settings.variation()) {
        return fixed(
            String.format(
                Locale.ROOT,
                "idle times are spread: their bins vary by %.1f, %.1f needed",
                variation,
                settings.variation()));
      }
      Duration preWarm = times(times.floor(settings.earliest()), 1 - settings.margin());
      Duration until = times(times.ceiling(settings.latest()), 1 + settings.margin());
      return new Windows(
          preWarm,
          until.minus(preWarm),
          "of "
              + times.total()
              + " idle times the earliest ended after "
              + times.floor(settings.earliest())
              + ", the latest before "
              + times.ceiling(settings.latest())
              + ": a worker is ready from "
              + preWarm
              + " to "
              + until);
    }

    private Windows fixed(String why) {
      return new Windows(Duration.ZERO, fallback, why + ": workers are kept for " + fallback);
    }

    private static Duration times(Duration duration, double factor) {
      return Duration.ofSeconds(Math.round(duration.toMillis() * factor / 1000));
    }
  }
}
