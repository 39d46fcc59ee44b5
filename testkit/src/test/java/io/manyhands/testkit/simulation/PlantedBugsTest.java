/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each bug of docs/testing.md, planted into a copy, is found by the suite that is named there; the
 * same copy without the bug passes.
 */
class PlantedBugsTest {
  /** The build runs more; a bug that is as plain as these is found in these. */
  private static final int SEEDS = 300;

  /** A copy that is sound runs like the original, which the build runs for longer. */
  private static final int SEEDS_OF_A_SOUND_COPY = 20;

  @TempDir Path folder;

  /** A bug, where it is planted, and what the suite that must find it says. */
  enum Bug {
    COMPLETION_TWICE(
        "io.manyhands.core.session.Call",
        "if (!DONE.compareAndSet(this, 0, 1)) {\n      return false;\n    }",
        "DONE.set(this, 1);",
        "ONE_COMPLETION"),
    LOST_SLOT(
        "io.manyhands.core.session.InFlightTable",
        "if (removed) {",
        "if (removed && !call.isDone()) {",
        "SLOTS_COUNTED"),
    STALE_EPOCH_ACCEPTED(
        "io.manyhands.core.session.SessionLink",
        "return claims.epoch() < confirmed;",
        "return false;",
        "STALE_TOKEN_REFUSED"),
    LOST_WAKE_UP(
        "io.manyhands.core.routing.AppRoute",
        "void onSlotFree() {\n    if (queued() > 0) {",
        "void onSlotFree() {\n    if (queued() > 1) {",
        "NO_LOST_WAKE_UP"),
    WAITS_FOREVER_FOR_A_SILENT_PROVISIONER(
        "io.manyhands.core.session.SessionStart",
        "options.start(),\n        () ->",
        "options.start().plusDays(1),\n        () ->",
        "OPERATIONS_COMPLETE|HEALS"),
    ANSWERS_OF_AN_EARLIER_START_WANTED(
        "io.manyhands.core.session.SessionResume",
        "resume.answered().stream().filter(calls.ids()::contains).toList();",
        "resume.answered();",
        "EARLIER_CALLS_OVER"),
    NOBODY_WAITS_FOR_WORKERS_OF_AN_EARLIER_START(
        "io.manyhands.core.placement.Arrivals",
        "if (returning && session.state() == WorkerState.REQUESTED) {",
        "if (returning && session.state() == WorkerState.DRAINING) {",
        "TAKEN_OVER");

    private final String type;
    private final String sound;
    private final String planted;
    private final Pattern verdict;

    Bug(String type, String sound, String planted, String verdict) {
      this.type = type;
      this.sound = sound;
      this.planted = planted;
      this.verdict = Pattern.compile(verdict);
    }
  }

  /** A bug that no single thread meets, and the model check that must find it. */
  enum RaceBug {
    NO_LOOK_AFTER_REGISTERING(
        "io.manyhands.core.session.WorkerCalls",
        "if (!inFlight.gate().isOpen() || call.isDone()) {",
        "if (call.isDone()) {",
        "io.manyhands.core.session.CallRaceTest",
        "lostWorkersCallCompletesOnceOrGoesElsewhere"),
    NO_LOOK_AFTER_QUEUEING(
        "io.manyhands.core.routing.AppRoute",
        "      return;\n    }\n    pump();\n  }",
        "      return;\n    }\n  }",
        "io.manyhands.core.routing.RouteRaceTest",
        "noCallWaitsWhileASlotIsFree"),
    MEMORY_TAKEN_BY_TWO_AT_ONCE(
        "io.manyhands.core.limits.ByteBudget",
        "if (held.compareAndSet(before, before + bytes)) {",
        "if (held.getAndSet(before + bytes) >= 0) {",
        "io.manyhands.core.limits.LimitsRaceTest",
        "memoryIsNeverOverItsBoundAndComesBack");

    private final String type;
    private final String sound;
    private final String planted;
    private final String suite;
    private final String test;

    RaceBug(String type, String sound, String planted, String suite, String test) {
      this.type = type;
      this.sound = sound;
      this.planted = planted;
      this.suite = suite;
      this.test = test;
    }
  }

  @ParameterizedTest
  @EnumSource
  void plantedRaceIsFoundByItsModelCheck(RaceBug bug) throws Exception {
    assertThat(failure(bug, bug.planted)).isPresent().get().asString().contains("violated: ");
  }

  @ParameterizedTest
  @EnumSource
  void modelCheckOfTheSameCopyWithoutTheRacePasses(RaceBug bug) throws Exception {
    assertThat(failure(bug, bug.sound)).isEmpty();
  }

  /** What the test says where it fails over the copy; empty where it passes. */
  private Optional<String> failure(RaceBug bug, String text) throws Exception {
    try (PatchedCopy copy = PatchedCopy.of(bug.type, bug.sound, text, folder)) {
      return copy.failureOf(bug.suite, bug.test);
    }
  }

  @ParameterizedTest
  @EnumSource
  void plantedBugIsFoundBySimulation(Bug bug) throws Exception {
    assertThat(firstViolation(bug, bug.planted, SEEDS))
        .isPresent()
        .get()
        .asString()
        .containsPattern(bug.verdict);
  }

  @ParameterizedTest
  @EnumSource
  void sameCopyWithoutTheBugPasses(Bug bug) throws Exception {
    assertThat(firstViolation(bug, bug.sound, SEEDS_OF_A_SOUND_COPY)).isEmpty();
  }

  /** What the first seed that breaks an invariant says; empty where none does. */
  private Optional<Object> firstViolation(Bug bug, String text, int seeds)
      throws IOException, ReflectiveOperationException {
    try (PatchedCopy copy = PatchedCopy.of(bug.type, bug.sound, text, folder)) {
      Class<?> simulation = copy.type(Simulation.class.getName());
      for (long seed = 1; seed <= seeds; seed++) {
        Object report = simulation.getMethod("run", long.class).invoke(null, seed);
        Object violation = report.getClass().getMethod("violation").invoke(report);
        if (((Optional<?>) violation).isPresent()) {
          return Optional.of(((Optional<?>) violation).get());
        }
      }
      return Optional.empty();
    } catch (InvocationTargetException e) {
      throw new AssertionError("the simulation itself failed", e.getCause());
    }
  }
}
