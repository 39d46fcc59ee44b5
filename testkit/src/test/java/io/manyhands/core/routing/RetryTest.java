/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.routing;

import static io.manyhands.testkit.InMemoryRuntime.FAKE;
import static io.manyhands.testkit.InMemoryRuntime.application;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.app.AppLimits;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.RetryPolicy;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.StatusInfo;
import io.manyhands.spi.trigger.Delivery;
import io.manyhands.testkit.FakeWorker;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.WorkerScript.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RetryTest {
  private static final Duration DELAY = Duration.ofSeconds(10);
  private static final Payload DONE = Payload.text("done");

  private final List<Instant> sent = new ArrayList<>();
  private InMemoryRuntime world;

  @BeforeEach
  void start() {
    world =
        InMemoryRuntime.start(
            options -> options.placeholders(FAKE, 1).functionTimeout(Duration.ofSeconds(30)));
  }

  @AfterEach
  void end() {
    world.close();
  }

  @Test
  void failedCallIsRunAgainAfterTheDelayAndTellsOfItsAttempts() {
    failing(2, RetryPolicy.fixedDelay(3, DELAY));

    InvocationResult result = call(Duration.ofMinutes(2));

    assertThat(result.succeeded()).isTrue();
    assertThat(result.returnValue()).isEqualTo(DONE);
    assertThat(result.attempts()).isEqualTo(3);
    assertThat(result.furtherAttempts()).hasSize(2).doesNotHaveDuplicates();
    assertThat(result.phases().earlierNanos())
        .isGreaterThanOrEqualTo(DELAY.multipliedBy(2).toNanos());
    assertThat(requests())
        .extracting(HostMessage.InvocationRequest::invocationId)
        .containsExactly(
            result.id().value(),
            result.furtherAttempts().get(0).value(),
            result.furtherAttempts().get(1).value());
    assertThat(requests())
        .extracting(request -> request.retry().orElseThrow())
        .extracting(HostMessage.Retry::count, HostMessage.Retry::maximum, RetryTest::message)
        .containsExactly(
            tuple(0, 3, ""),
            tuple(1, 3, "function a/task: no 1"),
            tuple(2, 3, "function a/task: no 2"));
    assertThat(pauses())
        .allSatisfy(pause -> assertThat(pause).isBetween(DELAY, DELAY.plusMillis(100)));
    assertThat(world.runtime().metrics().counters()).containsEntry("routing.retries", 2L);
  }

  @Test
  void lastFailureIsToldWhenRetriesAreUsedUp() {
    failing(Integer.MAX_VALUE, RetryPolicy.fixedDelay(2, DELAY));

    InvocationResult result = call(Duration.ofMinutes(2));

    assertThat(result.error().orElseThrow().code()).isEqualTo(ErrorCode.FUNCTION_FAILED);
    assertThat(result.error().orElseThrow().message()).contains("no 3");
    assertThat(requests()).hasSize(3);
    assertThat(world.runtime().metrics().counters()).containsEntry("routing.failed", 1L);
  }

  @Test
  void delaysOfABackOffGrowFromTheMinimumToTheMaximum() {
    failing(
        8,
        RetryPolicy.exponentialBackoff(
            RetryPolicy.UNLIMITED, Duration.ofSeconds(1), Duration.ofSeconds(20)));

    assertThat(call(Duration.ofMinutes(5)).succeeded()).isTrue();

    List<Duration> pauses = pauses();
    assertThat(pauses).hasSize(8);
    for (int retry = 0; retry < 8; retry++) {
      double expected = Math.min(20, Math.pow(2, retry));
      assertThat(pauses.get(retry).toMillis() / 1e3)
          .isBetween(Math.max(1, expected * 0.8), Math.min(20, expected * 1.2) + 0.1);
    }
  }

  @Test
  void functionWithoutAPolicyIsRunOnce() {
    world.script().task("task", request -> Reply.fail("no"));
    world.deploy("a");

    InvocationResult result = call(Duration.ofMinutes(1));

    assertThat(result.error()).isPresent();
    assertThat(result.attempts()).isEqualTo(1);
    assertThat(result.furtherAttempts()).isEmpty();
    assertThat(requests()).hasSize(1);
    assertThat(requests().get(0).retry()).isEmpty();
  }

  @Test
  void httpCallerDecidesWhateverThePolicySays() {
    world.script().function("task", request -> Reply.fail("no"));
    world.script().retry("task", RetryPolicy.fixedDelay(5, DELAY));
    world.deploy("a");

    assertThat(call(Duration.ofMinutes(5)).error()).isPresent();
    assertThat(requests()).hasSize(1);
    assertThat(requests().get(0).retry()).isEmpty();
  }

  @Test
  void retriesDoNotMultiplyThoseOfTheBroker() {
    failing(Integer.MAX_VALUE, RetryPolicy.fixedDelay(5, DELAY));

    for (int delivery = 1; delivery <= 5; delivery++) {
      InvocationResult result =
          world.await(
              world.trigger().deliver(invocation(), Delivery.ofBroker(delivery)),
              Duration.ofMinutes(5));
      assertThat(result.error()).isPresent();
    }

    assertThat(requests()).hasSize(5);
    assertThat(requests()).allSatisfy(request -> assertThat(request.retry()).isEmpty());
  }

  @Test
  void callOfALostWorkerIsRunAgainWhereAPolicySaysSo() {
    world
        .script()
        .task("task", request -> remembered(sent.isEmpty() ? Reply.die() : Reply.succeed(DONE)));
    world.script().retry("task", RetryPolicy.fixedDelay(1, DELAY));
    world.deploy("a");

    InvocationResult result = call(Duration.ofMinutes(2));

    assertThat(result.succeeded()).isTrue();
    assertThat(result.attempts()).isEqualTo(2);
  }

  @Test
  void callOfALostWorkerIsNotRunAgainWhereNoPolicySaysSo() {
    world.script().task("task", request -> remembered(Reply.die()));
    world.deploy("a");

    InvocationResult result = call(Duration.ofMinutes(2));

    assertThat(result.error().orElseThrow().code()).isEqualTo(ErrorCode.WORKER_LOST);
    world.advance(Duration.ofMinutes(2));
    assertThat(sent).hasSize(1);
  }

  @Test
  void callersTimeoutSpansAllAttempts() {
    failing(Integer.MAX_VALUE, RetryPolicy.fixedDelay(RetryPolicy.UNLIMITED, DELAY));
    Instant begun = world.time().instant();

    InvocationResult result =
        world.await(
            world.runtime().router().invoke(invocation().withTimeout(Duration.ofSeconds(25))),
            Duration.ofMinutes(2));

    assertThat(result.error().orElseThrow().code()).isEqualTo(ErrorCode.FUNCTION_FAILED);
    assertThat(result.attempts()).isEqualTo(3);
    // A wait that would outlast it is not begun.
    assertThat(Duration.between(begun, world.time().instant())).isLessThan(Duration.ofSeconds(21));
  }

  @Test
  void functionsTimeoutCountsForEachAttempt() {
    world
        .script()
        .task(
            "task",
            request ->
                remembered(
                    sent.size() < 2
                        ? Reply.failLater(Duration.ofSeconds(20), "slow")
                        : Reply.later(Duration.ofSeconds(20), DONE)));
    world.script().retry("task", RetryPolicy.fixedDelay(2, DELAY));
    world.deploy("a");

    assertThat(call(Duration.ofMinutes(3)).succeeded()).isTrue();
    assertThat(sent).hasSize(3);
  }

  @Test
  void attemptThatOverranIsNotRunAgain() {
    world.script().task("task", request -> remembered(Reply.never()));
    world.script().retry("task", RetryPolicy.fixedDelay(5, DELAY));
    world.deploy("a");

    InvocationResult result = call(Duration.ofMinutes(3));

    assertThat(result.error().orElseThrow().code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
    world.advance(Duration.ofMinutes(2));
    assertThat(sent).hasSize(1);
  }

  @Test
  void callThatIsCancelledBetweenAttemptsEndsAtOnce() {
    failing(Integer.MAX_VALUE, RetryPolicy.fixedDelay(5, DELAY));
    CompletableFuture<InvocationResult> call = world.send("a", "task");
    world.advance(Duration.ofSeconds(5));
    assertThat(call).isNotDone();

    call.cancel(true);
    world.advance(Duration.ofMillis(1));

    assertThat(call).isCompletedWithValueMatching(result -> code(result) == ErrorCode.CANCELLED);
    world.advance(Duration.ofMinutes(2));
    assertThat(sent).hasSize(1);
  }

  @Test
  void stopEndsCallsThatWaitForTheirNextAttempt() {
    failing(Integer.MAX_VALUE, RetryPolicy.fixedDelay(5, Duration.ofHours(1)));
    CompletableFuture<InvocationResult> call = world.send("a", "task");
    world.advance(Duration.ofSeconds(5));

    CompletableFuture<Void> stopped =
        world.runtime().jobHosts().stop(ApplicationId.of("a"), Duration.ofSeconds(20));
    world.advance(Duration.ofSeconds(2));

    assertThat(call)
        .isCompletedWithValueMatching(result -> code(result) == ErrorCode.FUNCTION_FAILED);
    assertThat(stopped).isCompleted();
  }

  @Test
  void callsThatWaitForTheirNextAttemptAreNoDemand() {
    failing(Integer.MAX_VALUE, RetryPolicy.fixedDelay(5, Duration.ofHours(1)));
    for (int call = 0; call < 50; call++) {
      world.send("a", "task");
    }
    world.advance(Duration.ofMinutes(1));

    assertThat(world.runtime().metrics().gauges())
        .containsEntry("routing.retrying", 50L)
        .containsEntry("routing.queued", 0L);
    assertThat(world.runtime().workers().workers())
        .filteredOn(worker -> worker.application().isPresent())
        .allSatisfy(worker -> assertThat(worker.inFlight()).isZero());
  }

  @Test
  void callsBeyondTheBoundDoNotWaitForAFurtherAttempt() {
    world.script().task("task", request -> Reply.fail("no"));
    world.script().retry("task", RetryPolicy.fixedDelay(5, Duration.ofHours(1)));
    world.await(
        world
            .runtime()
            .jobHosts()
            .start(application("a").limits(AppLimits.defaults().withQueueCalls(2)).build()),
        Duration.ofMinutes(1));
    world.send("a", "task");
    world.advance(Duration.ofSeconds(5));
    CompletableFuture<InvocationResult> second = world.send("a", "task");
    world.advance(Duration.ofSeconds(5));
    CompletableFuture<InvocationResult> third = world.send("a", "task");
    world.advance(Duration.ofSeconds(5));

    assertThat(second).isNotDone();
    assertThat(third)
        .isCompletedWithValueMatching(result -> code(result) == ErrorCode.FUNCTION_FAILED);
    assertThat(world.runtime().metrics().gauges()).containsEntry("routing.retrying", 2L);
  }

  @Test
  void callThatWaitsForItsNextAttemptGoesOnInTheNextRevision() {
    failing(1, RetryPolicy.fixedDelay(5, Duration.ofMinutes(1)));
    CompletableFuture<InvocationResult> call = world.send("a", "task");
    world.advance(Duration.ofSeconds(5));

    world.await(
        world.runtime().jobHosts().update(application("a").setting("NEW", "1").build()),
        Duration.ofSeconds(30));

    InvocationResult result = world.await(call, Duration.ofMinutes(3));
    assertThat(result.succeeded()).isTrue();
    assertThat(result.attempts()).isEqualTo(2);
  }

  @Test
  void furtherAttemptThatFindsNoRoomIsTriedAgain() {
    world
        .script()
        .task(
            "task",
            request -> remembered(sent.isEmpty() ? Reply.fail("first") : Reply.succeed(DONE)));
    world.script().function("never", request -> Reply.later(Duration.ofSeconds(25), DONE));
    world.script().retry("task", RetryPolicy.fixedDelay(5, DELAY));
    world.await(
        world
            .runtime()
            .jobHosts()
            .start(
                application("a")
                    .limits(
                        AppLimits.defaults()
                            .withMaximumWorkers(1)
                            .withSlotsPerWorker(1)
                            .withQueueCalls(1))
                    .build()),
        Duration.ofMinutes(1));
    CompletableFuture<InvocationResult> call = world.send("a", "task");
    world.advance(Duration.ofSeconds(1));
    world.send("a", "never");
    world.send("a", "never");

    InvocationResult result = world.await(call, Duration.ofMinutes(3));

    assertThat(result.succeeded()).isTrue();
    assertThat(result.attempts()).isGreaterThan(2);
    assertThat(sent).hasSize(2);
  }

  @Test
  void firstAttemptThatFindsNoRoomIsItsSourcesToRepeat() {
    world.script().task("task", request -> Reply.later(DELAY, DONE));
    world.script().retry("task", RetryPolicy.fixedDelay(5, DELAY));
    world.await(
        world
            .runtime()
            .jobHosts()
            .start(
                application("a")
                    .limits(
                        AppLimits.defaults()
                            .withMaximumWorkers(1)
                            .withSlotsPerWorker(1)
                            .withQueueCalls(1))
                    .build()),
        Duration.ofMinutes(1));
    world.call("a", "task");
    world.send("a", "task");
    world.send("a", "task");
    CompletableFuture<InvocationResult> third = world.send("a", "task");
    world.advance(Duration.ofMillis(1));

    assertThat(third).isCompletedWithValueMatching(result -> code(result) == ErrorCode.QUEUE_FULL);
  }

  /** Deploys an application whose task fails that often before it succeeds. */
  private void failing(int times, RetryPolicy policy) {
    world
        .script()
        .task(
            "task",
            request -> {
              boolean fails = sent.size() < times;
              return remembered(
                  fails ? Reply.fail("no " + (sent.size() + 1)) : Reply.succeed(DONE));
            });
    world.script().retry("task", policy);
    world.deploy("a");
  }

  private Reply remembered(Reply reply) {
    sent.add(world.time().instant());
    return reply;
  }

  private InvocationResult call(Duration within) {
    return world.await(world.send("a", "task"), within);
  }

  private static Invocation invocation() {
    return Invocation.of(ApplicationId.of("a"), "task", Payload.text("x"));
  }

  private List<HostMessage.InvocationRequest> requests() {
    List<HostMessage.InvocationRequest> all = new ArrayList<>();
    for (FakeWorker worker : world.provisioner().delivered()) {
      all.addAll(worker.received(HostMessage.InvocationRequest.class));
    }
    return all;
  }

  private List<Duration> pauses() {
    List<Duration> pauses = new ArrayList<>();
    for (int index = 1; index < sent.size(); index++) {
      pauses.add(Duration.between(sent.get(index - 1), sent.get(index)));
    }
    return pauses;
  }

  private static String message(HostMessage.Retry retry) {
    return retry.error().map(StatusInfo.WorkerError::message).orElse("");
  }

  private static ErrorCode code(InvocationResult result) {
    return result.error().map(InvocationResult.Failure::code).orElseThrow();
  }
}
