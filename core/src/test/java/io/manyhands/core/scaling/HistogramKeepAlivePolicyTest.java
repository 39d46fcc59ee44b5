/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.ManyhandsException;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.policy.KeepAlivePolicy.KeepAlive;
import io.manyhands.spi.policy.KeepAlivePolicy.Windows;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the histogram makes of the times that an application was idle. */
class HistogramKeepAlivePolicyTest {
  private static final Duration FIXED = Duration.ofMinutes(10);

  private final KeepAlive keepAlive = policy(Map.of());

  @Test
  void tooFewTimesAreNoPattern() {
    idle(9, Duration.ofMinutes(30));

    assertThat(keepAlive.windows())
        .isEqualTo(
            new Windows(
                Duration.ZERO,
                FIXED,
                "9 idle times are known, 10 needed: workers are kept for PT10M"));
  }

  @Test
  void regularCallIsPreWarmedForWithTheMargin() {
    idle(50, Duration.ofSeconds(30 * 60 + 20));

    Windows windows = keepAlive.windows();

    // Bin 30 reaches from minute 30 to 31: 10% sooner and 10% longer.
    assertThat(windows.preWarm()).isEqualTo(Duration.ofMinutes(27));
    assertThat(windows.preWarm().plus(windows.keepAlive()))
        .isEqualTo(Duration.ofSeconds(34 * 60 + 6));
    assertThat(windows.reason()).contains("50 idle times", "PT27M", "PT34M6S");
  }

  @Test
  void headAndTailLeaveOutliersAside() {
    idle(3, Duration.ofSeconds(30));
    idle(94, Duration.ofMinutes(20));
    idle(2, Duration.ofMinutes(40));
    idle(1, Duration.ofMinutes(200));

    Windows windows = keepAlive.windows();

    assertThat(windows.preWarm()).isEqualTo(Duration.ofMinutes(18));
    assertThat(windows.preWarm().plus(windows.keepAlive()))
        .isEqualTo(Duration.ofSeconds(45 * 60 + 6));
  }

  @Test
  void callsInQuickSuccessionKeepAWorkerWithoutPreWarming() {
    idle(100, Duration.ofSeconds(40));

    Windows windows = keepAlive.windows();

    assertThat(windows.preWarm()).isZero();
    assertThat(windows.keepAlive()).isEqualTo(Duration.ofSeconds(66));
  }

  @Test
  void timesThatAreSpreadAreNoPattern() {
    for (int minute = 0; minute < 240; minute++) {
      keepAlive.onIdleEnded(Duration.ofMinutes(minute));
    }

    assertThat(keepAlive.windows().keepAlive()).isEqualTo(FIXED);
    assertThat(keepAlive.windows().reason()).startsWith("idle times are spread");
  }

  @Test
  void timesBeyondTheRangeAreNoPattern() {
    idle(20, Duration.ofMinutes(30));
    idle(21, Duration.ofHours(5));

    assertThat(keepAlive.windows().keepAlive()).isEqualTo(FIXED);
    assertThat(keepAlive.windows().reason()).startsWith("21 of 41 idle times were over PT4H");
  }

  @Test
  void newHabitIsLearnedThoughTheOldOneWasLong() {
    idle(5000, Duration.ofMinutes(30));
    idle(5000, Duration.ofMinutes(90));

    assertThat(keepAlive.windows().preWarm()).isEqualTo(Duration.ofMinutes(81));
  }

  @Test
  void everyFigureCanBeSet() {
    KeepAlive other =
        policy(
            Map.of(
                "bin", "10s",
                "range", "10m",
                "headPercent", "0",
                "tailPercent", "100",
                "marginPercent", "0",
                "minimumSamples", "2",
                "minimumVariationPercent", "0"));
    other.onIdleEnded(Duration.ofSeconds(65));
    other.onIdleEnded(Duration.ofSeconds(125));

    assertThat(other.windows().preWarm()).isEqualTo(Duration.ofSeconds(60));
    assertThat(other.windows().keepAlive()).isEqualTo(Duration.ofSeconds(70));
  }

  @Test
  void rangeOfNoBinsAndUnknownKeysAreRefused() {
    assertThatThrownBy(() -> policy(Map.of("bin", "2m", "range", "1m")))
        .isInstanceOf(ManyhandsException.class)
        .hasMessageContaining("1 to 10,000 bins");
    assertThatThrownBy(() -> policy(Map.of("head", "5")))
        .isInstanceOf(ManyhandsException.class)
        .hasMessageContaining("head");
  }

  private void idle(int times, Duration idle) {
    for (int time = 0; time < times; time++) {
      keepAlive.onIdleEnded(idle);
    }
  }

  private static KeepAlive policy(Map<String, String> values) {
    PluginConfig config = new PluginConfig("keep-alive policy histogram", values);
    HistogramKeepAlivePolicy policy =
        new HistogramKeepAlivePolicy(HistogramKeepAlivePolicy.Settings.from(config), FIXED);
    config.finish();
    return policy.keepAlive();
  }
}
