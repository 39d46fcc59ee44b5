/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every build runs these seeds; docs/simulation.md says how to run others. */
class SimulationSeedsTest {
  private static final int SEEDS = 2000;

  @Test
  void everyInvariantHoldsInEverySeed() {
    int cores = Runtime.getRuntime().availableProcessors();
    RangeReport report = SeedRange.run(1, SEEDS, cores, seed -> {});

    assertThat(report.violations())
        .as(() -> report.violations().stream().map(this::told).collect(Collectors.joining("\n")))
        .isEmpty();
    assertThat(report.seeds()).isEqualTo(SEEDS);
    assertThat(report.medianEvents()).isGreaterThanOrEqualTo(1000);
  }

  private String told(SeedReport report) {
    return "./simulate --first-seed "
        + report.seed()
        + " --seeds 1 --trace: "
        + report.violation().orElseThrow();
  }
}
