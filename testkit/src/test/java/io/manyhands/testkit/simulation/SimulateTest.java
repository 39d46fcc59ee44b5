/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulateTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int simulate(String... words) {
    return Simulate.run(words, print(out), print(err));
  }

  private static PrintStream print(ByteArrayOutputStream stream) {
    return new PrintStream(stream, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--seeds 1                               | --first-seed is missing (expected: --first-seed N --seeds N",
        "--first-seed 1                          | --seeds is missing (expected: --first-seed N --seeds N",
        "--first-seed 1 --seeds                  | --seeds without a value (expected: ",
        "--first-seed --seeds 1                  | --first-seed without a value (expected: ",
        "--first-seed 1 --seeds 2 --seeds 3      | --seeds is given twice (expected: ",
        "--first-seed x --seeds 1                | --first-seed x (expected: a whole number from 0 to ",
        "--first-seed -1 --seeds 1               | --first-seed -1 (expected: a whole number from 0 to ",
        "--first-seed 1 --seeds 0                | --seeds 0 (expected: a whole number from 1 to 1000000000)",
        "--first-seed 1 --seeds 1 --threads 0    | --threads 0 (expected: a whole number from 1 to 256)",
        "--first-seed 1 --seeds 1 --quick        | unknown option --quick (expected: ",
        "--first-seed 1 --seeds 1 --json /no/a.j | --json /no/a.j (expected: a file in a directory that exists)",
      })
  void badOptionsAreRefusedNamingOptionValueAndExpectation(String words, String said) {
    assertThat(simulate(words.split(" "))).isEqualTo(2);
    assertThat(text(err)).startsWith("simulate: " + said);
    assertThat(text(out)).isEmpty();
  }

  @Test
  void aRangeThatHoldsPrintsItsTableAndWritesItsRows(@TempDir Path folder) throws IOException {
    Path json = folder.resolve("rows.json");
    assertThat(simulate("--first-seed", "1", "--seeds", "9", "--json", json.toString()))
        .as(text(out) + text(err))
        .isZero();
    assertThat(text(out)).contains("what happened", "median events a seed", "fault ", "call ");
    List<String> rows = Files.readAllLines(json, StandardCharsets.UTF_8);
    assertThat(rows.get(0))
        .isEqualTo(
            "[{\"name\":\"seeds\",\"value\":9.000,\"unit\":\"seeds\",\"baseline\":null,"
                + "\"ratio\":null,\"target\":null,\"holds\":true},");
    assertThat(rows.get(1))
        .contains("\"name\":\"violations\",\"value\":0.000,")
        .endsWith("\"target\":0.0,\"holds\":true},");
    assertThat(rows.get(2))
        .contains("\"name\":\"median events a seed\"")
        .endsWith("\"target\":1000.0,\"holds\":true},");
  }

  @Test
  void aTraceShowsEachEventAndTheHash() {
    assertThat(simulate("--first-seed", "1", "--seeds", "1", "--trace")).isZero();
    SeedReport report = Simulation.run(1);
    assertThat(text(out))
        .contains(String.format("seed 1: %d events, hash %016x", report.events(), report.hash()));
    assertThat(text(out).lines().count()).isGreaterThan(report.events());
  }

  @Test
  void anInterruptedRangeGoesOnAtTheFirstSeedThatWasNotRun() {
    Remaining remaining = new Remaining(100, 5);
    assertThat(remaining).hasToString(going(100, 5));
    remaining.onDone(101);
    assertThat(remaining).hasToString(going(100, 5));
    remaining.onDone(100);
    assertThat(remaining).hasToString(going(102, 3));
    List.of(104L, 103L, 102L).forEach(remaining::onDone);
    assertThat(remaining).hasToString("every seed was run");
  }

  private static String going(long first, long seeds) {
    return "interrupted; to go on: ./simulate --first-seed " + first + " --seeds " + seeds;
  }
}
