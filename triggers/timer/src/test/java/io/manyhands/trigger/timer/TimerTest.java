/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.timer;

import static io.manyhands.trigger.timer.TimerFixture.function;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.app.JobHostState;
import io.manyhands.api.invocation.Payload;
import io.manyhands.spi.store.ScheduleStore.ScheduleStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When a timer fires, and when it does not, on virtual time. */
class TimerTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final TimerFixture timers = new TimerFixture();

  @Test
  void timerFiresAtEachTimeOfItsSchedule() {
    TimerFixture.App app = timers.run(function("0 */5 * * * *"));
    timers.advance(Duration.ofSeconds(299));
    assertThat(app.fired()).isZero();

    timers.advance(SECOND);
    assertThat(app.fired()).isEqualTo(1);
    timers.advance(Duration.ofMinutes(10));

    assertThat(app.fired()).isEqualTo(3);
    assertThat(app.sink.submissions().get(0).delivery().brokerRetries()).isFalse();
    assertThat(app.payload(0))
        .isEqualTo(
            "{\"Schedule\":{\"AdjustForDST\":true},\"ScheduleStatus\":{"
                + "\"Last\":\"0001-01-01T00:00:00Z\","
                + "\"LastUpdated\":\"2026-01-01T00:05:00Z\","
                + "\"Next\":\"2026-01-01T00:10:00Z\"},\"IsPastDue\":false}");
    assertThat(app.payload(1)).contains("\"Last\":\"2026-01-01T00:05:00Z\"");
  }

  @Test
  void timerOfEachSecondFiresEachSecond() {
    TimerFixture.App app = timers.run(function("* * * * * *"));

    timers.advance(MINUTE);

    assertThat(app.fired()).isEqualTo(60);
    assertThat(timers.next()).as("too often to be written down").isEmpty();
  }

  @Test
  void intervalIsCountedFromWhenItWasDueAndNotFromTheEndOfTheRun() {
    TimerFixture.App app = timers.run(function("00:10:00"));
    app.sink.holding();
    timers.advance(Duration.ofMinutes(10));
    assertThat(app.fired()).isEqualTo(1);
    timers.advance(Duration.ofMinutes(4));
    app.sink.open().get(0).succeed(Payload.empty());
    timers.advance(Duration.ofSeconds(359));
    assertThat(app.fired()).isEqualTo(1);

    timers.advance(SECOND);

    assertThat(app.fired()).isEqualTo(2);
  }

  @Test
  void runThatTakesLongerThanThePeriodIsNotOverlapped() {
    TimerFixture.App app = timers.run(function("0 */5 * * * *"));
    app.sink.holding();
    timers.advance(Duration.ofMinutes(23));
    assertThat(app.fired()).isEqualTo(1);

    app.sink.open().get(0).succeed(Payload.empty());
    timers.advance(MINUTE);
    assertThat(app.fired()).as("what came meanwhile is over").isEqualTo(1);
    timers.advance(MINUTE);

    assertThat(app.fired()).isEqualTo(2);
    assertThat(app.isPastDue(1)).isFalse();
  }

  @Test
  void failedRunCountsAsARun() {
    TimerFixture.App app = timers.run(function("0 */5 * * * *"));
    app.sink.failing(ErrorCode.FUNCTION_FAILED);

    timers.advance(Duration.ofMinutes(11));

    assertThat(app.fired()).isEqualTo(2);
    assertThat(app.isPastDue(1)).isFalse();
    assertThat(timers.next()).contains(Instant.parse("2026-01-01T00:15:00Z"));
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorCode.class,
      names = {"NO_WORKER", "QUEUE_FULL", "WORKER_START_FAILED", "PROVISIONING_FAILED"})
  void runThatNeverReachedAWorkerIsMadeUpFor(ErrorCode code) {
    TimerFixture.App app = timers.run(function("0 0 3 * * *"));
    app.sink.failing(code);
    timers.advance(Duration.ofHours(3).plus(MINUTE));
    assertThat(app.fired()).isEqualTo(3);
    assertThat(timers.next()).as("not done yet").contains(Instant.parse("2026-01-01T03:00:00Z"));

    app.sink.answering(Payload.empty());
    timers.advance(MINUTE);

    assertThat(app.fired()).isEqualTo(4);
    assertThat(app.isPastDue(3)).isTrue();
    assertThat(timers.next()).contains(Instant.parse("2026-01-02T03:00:00Z"));
    timers.advance(HOUR);
    assertThat(app.fired()).isEqualTo(4);
  }

  @Test
  void runOnStartupRunsAtOnceAndThenBySchedule() {
    TimerFixture.App app =
        timers.run(function("tick", Map.of("schedule", "0 0 * * * *", "runOnStartup", true)));
    assertThat(app.fired()).isEqualTo(1);
    assertThat(app.isPastDue(0)).isFalse();

    timers.advance(HOUR);

    assertThat(app.fired()).isEqualTo(2);
  }

  @Test
  void runOnStartupThatFindsNoWorkerIsTriedAgain() {
    TimerFixture.App app = timers.app();
    app.sink.failing(ErrorCode.NO_WORKER);
    app.run(function("tick", Map.of("schedule", "0 0 12 * * *", "runOnStartup", "true")));
    app.sink.answering(Payload.empty());

    timers.advance(MINUTE);

    assertThat(app.fired()).isEqualTo(2);
  }

  @Test
  void whatWasMissedWhileNobodyRanIsMadeUpForByOneRunThatIsPastDue() {
    timers.store.write(
        TimerFixture.SHOP,
        "tick",
        new ScheduleStatus(
            Optional.of(Instant.parse("2025-12-24T09:00:00Z")),
            Instant.parse("2025-12-25T09:00:00Z")));

    TimerFixture.App app = timers.run(function("0 0 9 * * *"));

    assertThat(app.fired()).isEqualTo(1);
    assertThat(app.isPastDue(0)).isTrue();
    assertThat(app.payload(0)).contains("\"Last\":\"2025-12-24T09:00:00Z\"");
    assertThat(timers.next()).contains(Instant.parse("2026-01-01T09:00:00Z"));
    timers.advance(Duration.ofHours(9));
    assertThat(app.fired()).isEqualTo(2);
    assertThat(app.isPastDue(1)).isFalse();
  }

  @Test
  void withoutMonitorNothingIsRememberedNorMadeUpFor() {
    ScheduleStatus missed =
        new ScheduleStatus(
            Optional.of(Instant.parse("2025-12-24T09:00:00Z")),
            Instant.parse("2025-12-25T09:00:00Z"));
    timers.store.write(TimerFixture.SHOP, "tick", missed);

    TimerFixture.App app =
        timers.run(function("tick", Map.of("schedule", "0 0 9 * * *", "useMonitor", false)));
    assertThat(app.fired()).isZero();
    timers.advance(Duration.ofHours(10));

    assertThat(app.fired()).isEqualTo(1);
    assertThat(timers.store.read(TimerFixture.SHOP, "tick")).contains(missed);
  }

  @Test
  void timeThatAnotherScheduleNamedDoesNotCount() {
    timers.store.write(
        TimerFixture.SHOP,
        "tick",
        new ScheduleStatus(
            Optional.of(Instant.parse("2025-12-24T09:17:00Z")),
            Instant.parse("2025-12-25T09:17:00Z")));

    TimerFixture.App app = timers.run(function("0 0 9 * * *"));

    assertThat(app.fired()).isZero();
    timers.advance(Duration.ofHours(9));
    assertThat(app.fired()).isEqualTo(1);
  }

  @Test
  void timeThatAWrongClockNamedDoesNotSilenceTheTimer() {
    timers.store.write(
        TimerFixture.SHOP,
        "tick",
        new ScheduleStatus(
            Optional.of(Instant.parse("2040-01-01T09:00:00Z")),
            Instant.parse("2040-01-02T09:00:00Z")));

    TimerFixture.App app = timers.run(function("0 0 9 * * *"));
    timers.advance(Duration.ofHours(9));

    assertThat(app.fired()).isEqualTo(1);
  }

  @Test
  void processThatDiesInsideARunMakesItAgain() {
    TimerFixture.App first = timers.run(function("0 0 * * * *"));
    first.sink.holding();
    timers.advance(HOUR);
    assertThat(first.fired()).isEqualTo(1);

    timers.advance(SECOND);

    timers.crash();
    TimerFixture.App second = timers.app();
    second.sink.holding();
    second.run(function("0 0 * * * *"));
    assertThat(second.fired()).isEqualTo(1);
    assertThat(second.isPastDue(0)).isTrue();

    timers.crash();
    TimerFixture.App third = timers.run(function("0 0 * * * *"));

    assertThat(third.fired()).isEqualTo(1);
    assertThat(third.isPastDue(0)).isTrue();
  }

  @Test
  void firstRunIsMissedTooWhereNobodyRunsWhenItIsDue() {
    timers.run(function("0 0 * * * *"));
    timers.crash();
    timers.time.jump(Duration.ofMinutes(90));

    TimerFixture.App app = timers.run(function("0 0 * * * *"));

    assertThat(app.fired()).isEqualTo(1);
    assertThat(app.isPastDue(0)).isTrue();
    assertThat(app.payload(0)).contains("\"Last\":\"0001-01-01T00:00:00Z\"");
  }

  @Test
  void processThatDiesAfterARunDoesNotMakeItAgain() {
    TimerFixture.App first = timers.run(function("0 0 * * * *"));
    timers.advance(HOUR);
    assertThat(first.fired()).isEqualTo(1);

    timers.crash();
    TimerFixture.App second = timers.run(function("0 0 * * * *"));

    assertThat(second.fired()).isZero();
  }

  // ---- the life of the application

  @Test
  void nothingFiresBeforeTheApplicationRunsNorAfter() {
    TimerFixture.App app = timers.app();
    app.listener.onState(JobHostState.STARTING);
    app.listener.onState(JobHostState.INDEXING);
    app.listener.prepare(List.of(function("* * * * * *")));
    timers.advance(MINUTE);
    assertThat(app.fired()).isZero();

    app.listener.onState(JobHostState.RUNNING);
    timers.advance(Duration.ofSeconds(10));
    int fired = app.fired();
    assertThat(fired).isPositive();
    app.listener.onState(JobHostState.DRAINING);
    timers.advance(MINUTE);

    assertThat(app.fired()).isEqualTo(fired);
  }

  @Test
  void stopWaitsForTheRunThatIsUnderWay() {
    TimerFixture.App app = timers.run(function("0 * * * * *"));
    app.sink.holding();
    timers.advance(MINUTE);
    CompletableFuture<Void> stopped = app.listener.stop().toCompletableFuture();
    timers.advance(Duration.ofMinutes(5));
    assertThat(stopped).isNotDone();

    app.sink.open().get(0).succeed(Payload.empty());
    timers.advance(SECOND);

    assertThat(stopped).isCompleted();
    assertThat(timers.next()).as("it is remembered nevertheless").isPresent();
    timers.advance(HOUR);
    assertThat(app.fired()).isEqualTo(1);
    assertThat(timers.context.measured("timers")).isZero();
  }

  @Test
  void stopOfAnIdleTimerIsDoneAtOnceAndTwiceIsNoHarm() {
    TimerFixture.App app = timers.run(function("0 0 * * * *"));

    assertThat(app.listener.stop().toCompletableFuture()).isCompleted();
    assertThat(app.listener.stop().toCompletableFuture()).isCompleted();
    app.listener.onState(JobHostState.STOPPED);
    assertThat(timers.context.measured("timers")).isZero();
  }

  @Test
  void nextRevisionNeitherRepeatsNorOverlapsARunThatIsUnderWay() {
    TimerFixture.App old = timers.run(function("0 0 * * * *"));
    timers.advance(HOUR);
    assertThat(old.fired()).isEqualTo(1);
    old.sink.holding();
    timers.advance(HOUR);
    assertThat(old.fired()).isEqualTo(2);

    TimerFixture.App next = timers.run(function("0 0 * * * *"));
    old.listener.onState(JobHostState.STOPPED);
    CompletableFuture<Void> stopped = old.listener.stop().toCompletableFuture();
    timers.advance(HOUR.plus(MINUTE));
    assertThat(next.fired()).as("the old one's run is under way").isZero();
    old.sink.open().get(0).succeed(Payload.empty());
    timers.advance(SECOND);

    assertThat(stopped).isCompleted();
    assertThat(next.fired()).as("it was no run for the next one").isZero();
    timers.advance(HOUR);
    assertThat(next.fired()).isEqualTo(1);
    assertThat(old.fired()).isEqualTo(2);
    assertThat(timers.context.measured("timers")).isEqualTo(1);
  }

  @Test
  void bothRevisionsOfAnUpdateTogetherFireOncePerTime() {
    TimerFixture.App old = timers.run(function("0 * * * * *"));
    timers.advance(Duration.ofSeconds(90));
    TimerFixture.App next = timers.run(function("0 * * * * *"));
    timers.advance(Duration.ofSeconds(30));
    old.listener.onState(JobHostState.STOPPED);
    timers.advance(Duration.ofSeconds(60));

    assertThat(old.fired() + next.fired()).isEqualTo(3);
  }

  @Test
  void functionsOfOneApplicationHaveTimersOfTheirOwn() {
    TimerFixture.App app =
        timers
            .app()
            .run(
                function("slow", Map.of("schedule", "0 * * * * *")),
                function("quick", Map.of("schedule", "0 * * * * *")));
    app.sink.answering(
        submission -> {
          if (submission.invocation().function().equals("quick")) {
            submission.succeed(Payload.empty());
          }
        });

    timers.advance(Duration.ofMinutes(3));

    assertThat(app.sink.functions()).containsOnlyOnce("slow").hasSize(4);
  }

  // ---- clocks

  @Test
  void clockThatJumpsForwardIsNoticedWithinAMinuteAndMakesOneRunThatIsPastDue() {
    TimerFixture.App app = timers.run(function("0 0 * * * *"));
    timers.time.jump(Duration.ofHours(5).plusMinutes(30));

    timers.advance(MINUTE);

    assertThat(app.fired()).isEqualTo(1);
    assertThat(app.isPastDue(0)).isTrue();
    timers.advance(Duration.ofMinutes(29));
    assertThat(app.fired()).isEqualTo(2);
    assertThat(app.isPastDue(1)).isFalse();
  }

  @Test
  void clockThatIsCorrectedALittleBackMakesNothingComeTwice() {
    TimerFixture.App app = timers.run(function("0 0 * * * *"));
    timers.advance(HOUR);
    assertThat(app.fired()).isEqualTo(1);
    timers.time.jump(Duration.ofSeconds(-5));

    timers.advance(Duration.ofMinutes(59));
    assertThat(app.fired()).isEqualTo(1);
    timers.advance(Duration.ofSeconds(65));

    assertThat(app.fired()).isEqualTo(2);
  }

  @Test
  void clockThatIsSetFarBackDoesNotSilenceATimer() {
    TimerFixture.App app = timers.run(function("0 0 * * * *"));
    timers.advance(HOUR);
    assertThat(app.fired()).isEqualTo(1);
    timers.time.jump(Duration.ofDays(-30));

    timers.advance(Duration.ofHours(2));

    assertThat(app.fired()).isEqualTo(3);
  }

  @Test
  void clockThatIsSetBackBeforeTheFirstRunDoesNotSilenceATimer() {
    TimerFixture.App app = timers.run(function("0 0 * * * *"));
    timers.time.jump(Duration.ofDays(-30));

    timers.advance(Duration.ofHours(2));

    assertThat(app.fired()).isEqualTo(2);
  }
}
