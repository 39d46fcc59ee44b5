/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.agent;

import io.manyhands.benchmarks.harness.Pairs;
import io.manyhands.benchmarks.harness.Part;
import io.manyhands.benchmarks.harness.Row;
import io.manyhands.benchmarks.harness.Scale;
import io.manyhands.benchmarks.harness.Table;
import io.manyhands.benchmarks.harness.Target;
import io.manyhands.support.launch.ProcessMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** A worker behind an agent, side by side with one that dials the Runtime itself. */
public final class AgentPart implements Part {
  private static final int KILOBYTE = 1024;
  private static final int PAIRS = 41;
  private static final int LEAST_CALLS = 10_000;
  private static final double MEGABYTE = 1_000_000;
  private static final Duration WARM_UP = Duration.ofSeconds(8);
  private static final Duration ROUND = Duration.ofMillis(800);
  private static final Path FOLDER = Path.of("workers/agent/target/agent");

  @Override
  public String name() {
    return "agent";
  }

  @Override
  public boolean isForEveryBuild() {
    return false;
  }

  @Override
  public void run(Scale scale, Consumer<Table> tables) throws Exception {
    Path own = Files.createTempDirectory("manyhands-bench-agent");
    AtomicReference<AgentProcess> agent = new AtomicReference<>();
    Path archive = FOLDER.resolve("lib/agent.jsa");
    if (!Files.exists(archive)) {
      makeArchive(archive, own.resolve("first"));
    }
    try (Side direct = Side.direct(KILOBYTE);
        Side behind =
            new Side(
                KILOBYTE,
                (uri, id) -> {
                  AgentProcess started = AgentProcess.start(FOLDER, own, uri, id, "");
                  agent.set(started);
                  return started;
                })) {
      direct.medianMicros(WARM_UP);
      behind.medianMicros(WARM_UP);
      Pairs pairs = new Pairs();
      for (int pair = 0; pair < PAIRS || behind.calls() < LEAST_CALLS; pair++) {
        boolean first = pair % 2 == 0;
        double one = (first ? behind : direct).medianMicros(scale.round(ROUND));
        double other = (first ? direct : behind).medianMicros(scale.round(ROUND));
        pairs.add(first ? one : other, first ? other : one);
      }
      tables.accept(
          new Table(
              "1 KB, 1 in flight",
              "direct connection",
              List.of(
                  pairs.row("median round trip", "us", Target.none()),
                  pairs.beyond(
                      "added to the median round trip" + scale.suffix(), "us", Target.atMost(100))),
              List.of("Both sides: a Runtime, one light worker in another process.")));
      tables.accept(memory(Objects.requireNonNull(agent.get(), "agent").pid(), behind.calls()));
    }
  }

  /** As docs/agent.md tells: at the end of an agent that has served. */
  private static void makeArchive(Path archive, Path own) throws Exception {
    String option = "-XX:ArchiveClassesAtExit=" + archive;
    try (Side first =
        new Side(KILOBYTE, (uri, id) -> AgentProcess.start(FOLDER, own, uri, id, option))) {
      first.medianMicros(Duration.ofSeconds(1));
    }
  }

  private static Table memory(long pid, long calls) {
    ProcessMemory memory = ProcessMemory.of(pid).orElseThrow();
    return new Table(
        "the agent's process after %,d calls of 1 KB".formatted(calls),
        "",
        List.of(
            Row.absolute(
                "PSS",
                "MB",
                memory.proportionalBytes().orElseThrow() / MEGABYTE,
                Target.atMost(64),
                ""),
            Row.absolute("RSS", "MB", memory.residentBytes() / MEGABYTE, Target.none(), "")),
        List.of());
  }
}
