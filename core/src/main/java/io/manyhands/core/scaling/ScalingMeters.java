/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.scaling;

import io.manyhands.core.metrics.Metrics;
import java.util.concurrent.atomic.LongAdder;

/**
 * What scaling counts.
 *
 * @param out decisions for more workers
 * @param in decisions for fewer
 * @param toZero applications that fell to none
 * @param fromZero times without calls and workers that a call ended
 * @param preWarmed workers made ready before a call was due
 * @param preWarmHits of those, the ones that a call found
 * @param failed policies that threw or answered nonsense
 */
record ScalingMeters(
    LongAdder out,
    LongAdder in,
    LongAdder toZero,
    LongAdder fromZero,
    LongAdder preWarmed,
    LongAdder preWarmHits,
    LongAdder failed) {
  static ScalingMeters of(Metrics metrics) {
    return new ScalingMeters(
        metrics.counter("scaling.out"),
        metrics.counter("scaling.in"),
        metrics.counter("scaling.to-zero"),
        metrics.counter("scaling.from-zero"),
        metrics.counter("scaling.pre-warmed"),
        metrics.counter("scaling.pre-warm.hits"),
        metrics.counter("scaling.policy.failed"));
  }
}
