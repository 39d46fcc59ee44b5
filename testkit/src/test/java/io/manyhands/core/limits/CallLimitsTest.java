/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.limits;

import static io.manyhands.testkit.InMemoryRuntime.FAKE;
import static io.manyhands.testkit.InMemoryRuntime.application;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.app.AppLimits;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.CallLimits;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.WorkerScript.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Limits as callers meet them. */
class CallLimitsTest {
  private static final Duration WORK = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration MOMENT = Duration.ofMillis(1);
  private static final Payload DONE = Payload.text("done");
  private static final long MEMORY = 100_000;

  private InMemoryRuntime world;

  @BeforeEach
  void start() {
    world =
        InMemoryRuntime.start(
            options ->
                options
                    .placeholders(FAKE, 2)
                    .bytesInFlight(MEMORY)
                    .tenantCallLimits(CallLimits.none().withConcurrency(8)));
    world.script().task("task", request -> Reply.later(WORK, DONE));
    world.script().task("other", request -> Reply.succeed(DONE));
  }

  @AfterEach
  void end() {
    world.close();
  }

  @Test
  void callBeyondALimitIsRefusedAtOnceAndOthersGoOn() {
    deploy("a", AppLimits.defaults().withFunction("TASK", CallLimits.none().withConcurrency(2)));

    List<CompletableFuture<InvocationResult>> calls = new ArrayList<>();
    for (int call = 0; call < 3; call++) {
      calls.add(world.send("a", "Task"));
    }
    CompletableFuture<InvocationResult> other = world.send("a", "other");
    world.advance(MOMENT);

    assertThat(code(calls.get(2))).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    assertThat(message(calls.get(2)))
        .isEqualTo("function a/task: too many calls are under way (at most 2)");
    world.advance(WORK.multipliedBy(2));
    assertThat(calls.get(1).join().succeeded()).isTrue();
    assertThat(other.join().succeeded()).isTrue();
    assertThat(world.call("a", "task").succeeded()).isTrue();
    assertThat(world.runtime().metrics().counter("limits.refused")).isEqualTo(1);
  }

  @Test
  void calleeOfTheSameLimitIsRefusedRatherThanThatBothWaitForEver() {
    List<CompletableFuture<InvocationResult>> inner = new ArrayList<>();
    world
        .script()
        .task(
            "caller",
            request -> {
              inner.add(world.send("a", "other"));
              return Reply.later(MOMENT, DONE);
            });
    deploy("a", AppLimits.defaults().withCalls(CallLimits.none().withConcurrency(1)));

    CompletableFuture<InvocationResult> outer = world.send("a", "caller");
    world.advance(Duration.ofMillis(100));

    assertThat(outer.join().succeeded()).isTrue();
    assertThat(code(inner.get(0))).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
  }

  @Test
  void rateSaysWhenToComeAgain() {
    deploy("a", AppLimits.defaults().withCalls(CallLimits.none().withRate(2, 1)));

    assertThat(world.call("a", "other").succeeded()).isTrue();
    CompletableFuture<InvocationResult> second = world.send("a", "other");
    world.advance(MOMENT);
    Duration wait = second.join().error().orElseThrow().retryAfter().orElseThrow();
    assertThat(wait).isBetween(MOMENT, Duration.ofMillis(500));
    world.advance(wait);

    assertThat(world.call("a", "other").succeeded()).isTrue();
  }

  @Test
  void applicationsOfATenantShareItsLimit() {
    deploy("a", AppLimits.defaults());
    deploy("b", AppLimits.defaults());

    for (int call = 0; call < 8; call++) {
      world.send(call % 2 == 0 ? "a" : "b", "task");
    }
    CompletableFuture<InvocationResult> beyond = world.send("b", "task");
    world.advance(MOMENT);

    assertThat(message(beyond)).contains("tenant ").contains("at most 8");
  }

  @Test
  void limitsChangeWithoutANewRevision() {
    deploy("a", AppLimits.defaults().withCalls(CallLimits.none().withConcurrency(1)));
    String revision = world.runtime().jobHosts().list().get(0).revision().value();
    world.send("a", "task");
    CompletableFuture<InvocationResult> refused = world.send("a", "task");
    world.await(
        world
            .runtime()
            .jobHosts()
            .update(
                application("a")
                    .limits(AppLimits.defaults().withCalls(CallLimits.none().withConcurrency(2)))
                    .build()),
        MINUTE);
    assertThat(code(refused)).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    world.advance(WORK.multipliedBy(2));

    world.send("a", "task");
    CompletableFuture<InvocationResult> second = world.send("a", "task");
    CompletableFuture<InvocationResult> third = world.send("a", "task");
    world.advance(WORK.multipliedBy(2));

    assertThat(second.join().succeeded()).isTrue();
    assertThat(code(third)).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    assertThat(world.runtime().jobHosts().list().get(0).revision().value()).isEqualTo(revision);
  }

  @Test
  void floodOfPayloadsAndMetadataNeverExceedsTheMemoryAndIsGoneAfterIt() {
    world.close();
    world = InMemoryRuntime.start(options -> options.placeholders(FAKE, 1).bytesInFlight(MEMORY));
    world.script().task("task", request -> Reply.later(WORK, DONE));
    deploy(
        "a",
        AppLimits.defaults()
            .withMaximumWorkers(1)
            .withSlotsPerWorker(3)
            .withCalls(CallLimits.none().withBytesInFlight(2 * MEMORY)));

    List<CompletableFuture<InvocationResult>> calls = new ArrayList<>();
    for (int call = 0; call < 500; call++) {
      Payload large = Payload.text("x".repeat(3000));
      Invocation invocation =
          Invocation.of(ApplicationId.of("a"), "task", large)
              .withTriggerMetadata(Map.of("large", large))
              .withTimeout(MINUTE);
      calls.add(world.runtime().router().invoke(invocation));
      assertThat(world.runtime().metrics().gauge("limits.bytes_in_flight"))
          .isBetween(6000L, MEMORY);
      world.advance(Duration.ofMillis(5));
    }
    world.advance(MINUTE);

    assertThat(calls).allSatisfy(call -> assertThat(call).isDone());
    assertThat(calls.stream().filter(call -> call.join().succeeded()).count()).isBetween(16L, 40L);
    assertThat(calls.stream().filter(call -> !call.join().succeeded()))
        .allSatisfy(call -> assertThat(code(call)).isEqualTo(ErrorCode.QUEUE_FULL));
    assertThat(world.runtime().metrics().gauge("limits.bytes_in_flight")).isZero();
    assertThat(world.runtime().metrics().counter("limits.refused_memory")).isGreaterThan(400);
    assertThat(world.call("a", "task").succeeded()).isTrue();
  }

  @Test
  void oneApplicationAloneTakesHalfOfTheMemoryAndLeavesTheRest() {
    deploy("a", AppLimits.defaults());
    deploy("b", AppLimits.defaults());
    Payload large = Payload.text("x".repeat((int) (MEMORY / 10)));
    List<CompletableFuture<InvocationResult>> calls = new ArrayList<>();
    for (int call = 0; call < 6; call++) {
      calls.add(
          world.runtime().router().invoke(Invocation.of(ApplicationId.of("a"), "task", large)));
    }
    CompletableFuture<InvocationResult> neighbour =
        world.runtime().router().invoke(Invocation.of(ApplicationId.of("b"), "task", large));
    world.advance(WORK.multipliedBy(8));

    assertThat(calls.subList(0, 5))
        .allSatisfy(call -> assertThat(call.join().succeeded()).isTrue());
    assertThat(message(calls.get(5)))
        .isEqualTo("application a: too many payload bytes are in flight (at most 50000)");
    assertThat(neighbour.join().succeeded()).isTrue();
  }

  @Test
  void everyEndOfACallGivesBackWhatItTook() {
    world.script().task("never", request -> Reply.never());
    world.script().task("dies", request -> Reply.die());
    deploy("a", AppLimits.defaults().withCalls(CallLimits.none().withConcurrency(4)));

    for (int round = 0; round < 5; round++) {
      world.send("a", "never", WORK);
      world.send("a", "nosuch");
      world.send("a", "task").cancel(true);
      world.advance(MOMENT);
      world.send("a", "dies");
      world.advance(MINUTE);
    }
    world.await(world.runtime().jobHosts().stop(ApplicationId.of("a"), WORK), MINUTE);
    world.send("a", "task");
    world.advance(MOMENT);

    assertThat(world.runtime().metrics().gauge("limits.bytes_in_flight")).isZero();
    assertThat(world.runtime().metrics().counter("limits.refused")).isZero();
  }

  private void deploy(String id, AppLimits limits) {
    world.await(world.runtime().jobHosts().start(application(id).limits(limits).build()), MINUTE);
  }

  private static ErrorCode code(CompletableFuture<InvocationResult> call) {
    assertThat(call).isDone();
    return call.join().error().orElseThrow().code();
  }

  private static String message(CompletableFuture<InvocationResult> call) {
    assertThat(call).isDone();
    return call.join().error().orElseThrow().message();
  }
}
