/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.cli.serve;

import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.MetricsSnapshot;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;

/**
 * A Runtime's metrics as Prometheus reads them: {@code routing.accepted} is {@code
 * manyhands_routing_accepted_total}; timings are summaries in seconds.
 */
final class PrometheusMetrics implements MultiCollector {
  private static final double NANOS = 1e9;

  private final FunctionRuntime runtime;

  PrometheusMetrics(FunctionRuntime runtime) {
    this.runtime = runtime;
  }

  @Override
  public MetricSnapshots collect() {
    MetricsSnapshot snapshot = runtime.metrics();
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    snapshot
        .counters()
        .forEach(
            (name, value) ->
                all.metricSnapshot(
                    CounterSnapshot.builder()
                        .name(name(name))
                        .dataPoint(
                            CounterSnapshot.CounterDataPointSnapshot.builder().value(value).build())
                        .build()));
    snapshot
        .gauges()
        .forEach(
            (name, value) ->
                all.metricSnapshot(
                    GaugeSnapshot.builder()
                        .name(name(name))
                        .dataPoint(
                            GaugeSnapshot.GaugeDataPointSnapshot.builder().value(value).build())
                        .build()));
    snapshot.timings().forEach((name, timing) -> all.metricSnapshot(summary(name, timing)));
    return all.build();
  }

  private static SummarySnapshot summary(String name, MetricsSnapshot.Timing timing) {
    return SummarySnapshot.builder()
        .name(name(name) + "_seconds")
        .dataPoint(
            SummarySnapshot.SummaryDataPointSnapshot.builder()
                .count(timing.count())
                .sum(timing.totalNanos() / NANOS)
                .quantiles(
                    Quantiles.of(
                        new Quantile(0.5, timing.p50Nanos() / NANOS),
                        new Quantile(0.99, timing.p99Nanos() / NANOS),
                        new Quantile(1, timing.maxNanos() / NANOS)))
                .build())
        .build();
  }

  private static String name(String dotted) {
    return PrometheusNaming.sanitizeMetricName(
        "manyhands_" + dotted.replace('.', '_').replace('-', '_'));
  }
}
