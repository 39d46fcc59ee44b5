/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.spi.transport.StatusInfo;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.testkit.VirtualTime;
import io.manyhands.testkit.simulation.LoggedLines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** Bounds and cleanliness of what workers write; the callbacks wait until the test runs them. */
class WorkerLogTest {
  private final VirtualTime callbacks = new VirtualTime(1);
  private final Metrics metrics = new Metrics();
  private final LogBacklog backlog = new LogBacklog(metrics, callbacks.seams().ticker(), 100_000);
  private final WorkerLog log = log("w-1");
  private LoggedLines lines;

  @BeforeEach
  void read() {
    lines = LoggedLines.read();
  }

  @AfterEach
  void stop() {
    lines.close();
  }

  @Test
  void backlogOfEntriesIsBoundedAndWhatIsDroppedIsCountedAndMentioned() {
    IntStream.range(0, 1500).forEach(number -> log.onEntry(user("entry " + number), null));
    WorkerLog other = log("w-2");
    other.onEntry(user("of another"), null);
    callbacks.runUntilIdle();
    log.onEntry(user("afterwards"), null);
    callbacks.runUntilIdle();

    assertThat(lines.with("entry ")).hasSize(1000);
    assertThat(lines.with("entry 999")).hasSize(1);
    assertThat(lines.with("of another")).hasSize(1);
    assertThat(lines.with("afterwards")).hasSize(1);
    assertThat(lines.with("500 log entries of this worker were dropped")).hasSize(1);
    assertThat(metrics.snapshot().counters()).containsEntry("logs.dropped", 500L);
  }

  @Test
  void applicationThatWritesTooMuchASecondIsCutAndItsNeighbourIsNot() {
    LogBacklog limited = new LogBacklog(metrics, callbacks.seams().ticker(), 200);
    WorkerLog noisy = log("w-1", limited);
    WorkerLog second = log("w-2", limited);
    WorkerLog quiet = log("w-3", limited);
    noisy.specialize(ApplicationId.of("noisy"));
    second.specialize(ApplicationId.of("noisy"));
    quiet.specialize(ApplicationId.of("quiet"));
    for (int tenth = 0; tenth < 100; tenth++) {
      for (int number = 0; number < 50; number++) {
        noisy.onEntry(user("noise"), null);
        second.onOutput("noise", false);
      }
      quiet.onEntry(user("calm"), null);
      callbacks.advance(Duration.ofMillis(100));
    }

    // 2,000 at once, and 200 a second for 10 seconds.
    assertThat(lines.with("noise")).hasSizeBetween(3950, 4000);
    assertThat(lines.with("calm")).hasSize(100);
    assertThat(metrics.snapshot().counter("logs.dropped")).isBetween(6000L, 6050L);
  }

  @Test
  void backlogOfLongEntriesIsBoundedBySize() {
    IntStream.range(0, 500).forEach(number -> log.onEntry(user("x".repeat(1_000_000)), null));
    callbacks.runUntilIdle();

    assertThat(lines.with("xxx")).hasSizeBetween(250, 256);
    assertThat(lines.with("xxx"))
        .allSatisfy(line -> assertThat(line.text()).hasSizeLessThan(5000).contains("(1000000"));
  }

  @Test
  void workersTogetherHoldNoMoreThanTheRuntimeTakesAndGiveItBack() {
    List<WorkerLog> many = new ArrayList<>();
    for (int worker = 0; worker < 100; worker++) {
      WorkerLog one = log("w-" + worker);
      many.add(one);
      IntStream.range(0, 300).forEach(number -> one.onEntry(user("y".repeat(4096)), null));
    }
    assertThat(metrics.snapshot().gauges().get("logs.waiting_characters"))
        .isBetween(60L << 20, 64L << 20);

    callbacks.runUntilIdle();

    assertThat(metrics.snapshot().gauges()).containsEntry("logs.waiting_characters", 0L);
    many.get(99).onEntry(user("room again"), null);
    callbacks.runUntilIdle();
    assertThat(lines.with("room again")).hasSize(1);
  }

  @Test
  void textOfAWorkerIsOneLineWhateverItHolds() {
    String text =
        "first\r\n2026-01-01 ERROR forged\u001b[2J\u2028\u202egnihton\u2066 caf\u00e9\ttab";
    log.onEntry(entry("id\nERROR forged", text, false), "fun\nction.name");
    callbacks.runUntilIdle();

    LoggedLines.Line line = lines.with("first").get(0);
    assertThat(line.text())
        .endsWith(
            "first\\r\\n2026-01-01 ERROR forged\\u001b[2J\\u2028\\u202egnihton\\u2066 caf\u00e9\ttab")
        .startsWith("INFO io.manyhands.app.shop.fun_ction_name:");
    assertThat(line.context())
        .containsEntry("invocation", "id_ERROR_forged")
        .containsEntry("function", "fun_ction_name");
  }

  @Test
  void cutDividesNoCharacter() {
    log.onEntry(user("z".repeat(4095) + "\ud83d\ude00"), null);
    callbacks.runUntilIdle();

    assertThat(lines.with("zzz").get(0).text()).endsWith("z... (4097 characters)");
  }

  @Test
  void workersOwnEntriesAndOutputGoToLoggersOfTheirOwn() {
    log.onEntry(entry("", "own entry", true), null);
    log.onOutput("LanguageWorkerConsoleLog own output", false);
    log.onOutput("said aloud", true);
    callbacks.runUntilIdle();

    assertThat(lines.with("own entry").get(0).text()).startsWith("INFO io.manyhands.worker:");
    assertThat(lines.with("own output").get(0).text()).startsWith("INFO io.manyhands.worker:");
    assertThat(lines.with("said aloud").get(0).text()).startsWith("WARN io.manyhands.output.shop:");
    assertThat(log.lastOutput())
        .containsExactly("LanguageWorkerConsoleLog own output", "said aloud");
  }

  @Test
  void levelsAndErrorsAreKept() {
    Optional<StatusInfo.WorkerError> error =
        Optional.of(new StatusInfo.WorkerError("it broke", "IOException", "f", "at f()", false));
    for (int level = 0; level <= 6; level++) {
      log.onEntry(new WorkerMessage.LogEntry("", "", level, "level " + level, false, error), null);
    }
    callbacks.runUntilIdle();

    assertThat(lines.with("level ").stream().map(line -> line.text().substring(0, 5)))
        .as("debug and trace are not enabled here, none is none")
        .containsExactly("INFO ", "WARN ", "ERROR", "ERROR");
    assertThat(lines.with("level 4").get(0).text()).contains("it broke", "at f()", "IOException");
  }

  @Test
  void contextOfAnEntryIsNobodyElses() {
    log.onEntry(entry("id", "text", false), "f");
    callbacks.runUntilIdle();

    assertThat(lines.with("text").get(0).context())
        .containsOnlyKeys("worker", "app", "function", "invocation");
    assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
  }

  private WorkerLog log(String name) {
    return log(name, backlog);
  }

  private WorkerLog log(String worker, LogBacklog of) {
    WorkerLog made = new WorkerLog(new WorkerId(worker), callbacks, of, 10);
    made.specialize(new ApplicationId("shop"));
    return made;
  }

  private static WorkerMessage.LogEntry user(String text) {
    return entry("", text, false);
  }

  private static WorkerMessage.LogEntry entry(String invocation, String text, boolean system) {
    return new WorkerMessage.LogEntry(invocation, "", 2, text, system, Optional.empty());
  }
}
