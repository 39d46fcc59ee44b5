/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.MetricsSnapshot;
import org.junit.jupiter.api.Test;

class MetricsTest {
  @Test
  void quantilesAreUpperBoundsWithinAnEighth() {
    Metrics metrics = new Metrics();
    for (int value = 1; value <= 1000; value++) {
      metrics.timing("t").record(value * 1000L);
    }
    MetricsSnapshot.Timing timing = metrics.snapshot().timings().get("t");

    assertThat(timing.count()).isEqualTo(1000);
    assertThat(timing.p50Nanos()).isBetween(500_000L, 562_500L);
    assertThat(timing.p99Nanos()).isBetween(990_000L, 1_000_000L);
    assertThat(timing.maxNanos()).isEqualTo(1_000_000);
  }

  @Test
  void snapshotHoldsCountersAndGauges() {
    Metrics metrics = new Metrics();
    metrics.counter("c").add(3);
    metrics.gauge("g", () -> 7);

    assertThat(metrics.snapshot().counter("c")).isEqualTo(3);
    assertThat(metrics.snapshot().gauge("g")).isEqualTo(7);
    assertThat(metrics.snapshot().counter("unknown")).isZero();
  }
}
