/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A failing seed can be replayed only where the same seed is the same run, always. */
class SimulationDeterminismTest {
  private static final long FIRST = 300;
  private static final long SEEDS = 60;

  @Test
  void theSameSeedsHaveTheSameHashInTwoJvms(@TempDir Path folder) throws Exception {
    RangeReport here = SeedRange.run(FIRST, SEEDS, 2, report -> {});
    String there = elsewhere(folder);

    assertThat(here.violations()).isEmpty();
    assertThat(there)
        .as("the other JVM's iteration orders and identity hashes differ from those of this one")
        .contains(String.format("hash of all events: %016x", here.hash()));
  }

  @Test
  void whoReadsAlongChangesNothing() {
    assertThat(Simulation.run(FIRST, line -> {}).hash()).isEqualTo(Simulation.run(FIRST).hash());
  }

  @Test
  void otherSeedsAreOtherRuns() {
    assertThat(Simulation.run(FIRST).hash()).isNotEqualTo(Simulation.run(FIRST + 1).hash());
  }

  private static String elsewhere(Path folder) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m",
                    "-Dslf4j.provider=" + SimulationLogs.class.getName(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Simulate.class.getName(),
                    "--first-seed",
                    Long.toString(FIRST),
                    "--seeds",
                    Long.toString(SEEDS),
                    "--threads",
                    "1"))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).as("it ends in time").isTrue();
      return Files.readString(output, StandardCharsets.UTF_8);
    } finally {
      process.destroyForcibly();
    }
  }
}
