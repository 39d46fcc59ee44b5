/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.routing;

import static io.manyhands.testkit.InMemoryRuntime.FAKE;
import static io.manyhands.testkit.InMemoryRuntime.application;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.AppLimits;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.RetryPolicy;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.testkit.FakeWorker;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.WorkerScript.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OrderedCallsTest {
  private static final Duration WORK = Duration.ofSeconds(1);
  private static final Payload DONE = Payload.text("done");

  private final List<String> begun = new ArrayList<>();
  private InMemoryRuntime world;

  @BeforeEach
  void start() {
    world = InMemoryRuntime.start(options -> options.placeholders(FAKE, 1));
  }

  @AfterEach
  void end() {
    world.close();
  }

  @Test
  void callsOfAKeyRunOneAfterAnotherInTheirOrder() {
    deploy(AppLimits.defaults().withSlotsPerWorker(10), name -> Reply.later(WORK, DONE));

    List<CompletableFuture<InvocationResult>> calls = send("k", "1", "2", "3", "4");
    world.advance(WORK.dividedBy(2));
    assertThat(begun).containsExactly("1");
    world.advance(WORK);
    assertThat(begun).containsExactly("1", "2");
    assertThat(world.runtime().metrics().gauges()).containsEntry("routing.ordered.behind", 2L);
    world.advance(WORK.multipliedBy(4));

    assertThat(begun).containsExactly("1", "2", "3", "4");
    assertThat(calls).allSatisfy(call -> assertThat(call.join().succeeded()).isTrue());
    assertThat(world.runtime().metrics().gauges())
        .containsEntry("routing.ordered.behind", 0L)
        .containsEntry("routing.outstanding", 0L);
  }

  @Test
  void otherKeysAndCallsWithoutOneDoNotWait() {
    deploy(AppLimits.defaults().withSlotsPerWorker(10), name -> Reply.later(WORK, DONE));

    send("k", "1", "2");
    send("l", "3", "4");
    send(plain("5"));
    world.advance(WORK.dividedBy(2));

    assertThat(begun).containsExactlyInAnyOrder("1", "3", "5");
  }

  @Test
  void keyHasOneWorkerAndAllWorkersHaveKeys() {
    deploy(
        AppLimits.defaults().withSlotsPerWorker(2).withMinimumWorkers(3),
        name -> Reply.later(Duration.ofMillis(10), DONE));
    world.advance(Duration.ofMinutes(1));

    List<CompletableFuture<InvocationResult>> calls = new ArrayList<>();
    for (int round = 0; round < 5; round++) {
      for (int key = 0; key < 40; key++) {
        calls.addAll(send("key" + key, "key" + key));
      }
    }
    world.advance(Duration.ofMinutes(1));

    assertThat(calls).allSatisfy(call -> assertThat(call.join().succeeded()).isTrue());
    Map<String, Set<String>> workers = new HashMap<>();
    Set<String> all = new HashSet<>();
    for (FakeWorker worker : world.provisioner().delivered()) {
      for (var request : worker.received(HostMessage.InvocationRequest.class)) {
        workers.computeIfAbsent(text(request), key -> new HashSet<>()).add(worker.id().value());
        all.add(worker.id().value());
      }
    }
    assertThat(workers).hasSize(40).allSatisfy((key, its) -> assertThat(its).hasSize(1));
    assertThat(all).hasSize(3);
  }

  @Test
  void callWaitsForTheFullWorkerOfItsKeyAndOthersPassIt() {
    deploy(AppLimits.defaults().withSlotsPerWorker(1), name -> Reply.later(WORK, DONE));

    send("k", "1");
    send("l", "2");
    CompletableFuture<InvocationResult> free = send(plain("3"));
    world.advance(WORK.multipliedBy(4));

    assertThat(begun).hasSize(3).startsWith("1");
    assertThat(free.join().succeeded()).isTrue();
  }

  @Test
  void lossOfAWorkerFailsItsCallAndTheNextGoesInOrder() {
    deploy(AppLimits.defaults(), name -> name.equals("2") ? Reply.die() : Reply.later(WORK, DONE));

    List<CompletableFuture<InvocationResult>> calls = send("k", "1", "2", "3", "4");
    world.advance(Duration.ofMinutes(1));

    assertThat(begun).containsExactly("1", "2", "3", "4");
    assertThat(code(calls.get(1))).isEqualTo(ErrorCode.WORKER_LOST);
    assertThat(calls.get(2).join().succeeded()).isTrue();
    assertThat(calls.get(3).join().succeeded()).isTrue();
  }

  @Test
  void lostCallIsRunAgainBeforeTheNextWhereAPolicySaysSo() {
    world.script().retry("task", RetryPolicy.fixedDelay(1, Duration.ofSeconds(5)));
    deploy(
        AppLimits.defaults(),
        name ->
            name.equals("2") && begun.stream().filter("2"::equals).count() == 1
                ? Reply.die()
                : Reply.later(WORK, DONE));

    List<CompletableFuture<InvocationResult>> calls = send("k", "1", "2", "3");
    world.advance(Duration.ofMinutes(1));

    assertThat(begun).containsExactly("1", "2", "2", "3");
    assertThat(calls).allSatisfy(call -> assertThat(call.join().succeeded()).isTrue());
  }

  @Test
  void orderIsKeptAcrossAnUpdate() {
    deploy(AppLimits.defaults().withSlotsPerWorker(10), name -> Reply.later(WORK, DONE));

    List<CompletableFuture<InvocationResult>> calls = new ArrayList<>(send("k", "1", "2", "3"));
    world
        .runtime()
        .jobHosts()
        .update(
            application("a")
                .setting("version", "2")
                .limits(AppLimits.defaults().withSlotsPerWorker(10))
                .build());
    for (int next = 4; next <= 12; next++) {
      world.advance(WORK.dividedBy(3));
      calls.addAll(send("k", String.valueOf(next)));
    }
    world.advance(Duration.ofMinutes(1));

    assertThat(begun)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 12).mapToObj(String::valueOf).toList());
    assertThat(calls).allSatisfy(call -> assertThat(call.join().succeeded()).isTrue());
    assertThat(
            world.provisioner().delivered().stream()
                .filter(worker -> !worker.received(HostMessage.InvocationRequest.class).isEmpty()))
        .hasSize(2);
  }

  @Test
  void nextCallDoesNotRunBesideOneThatOverranItsDeadline() {
    deploy(
        AppLimits.defaults().withSlotsPerWorker(10),
        name ->
            switch (name) {
              case "1" -> Reply.later(WORK.multipliedBy(3), DONE);
              case "other" -> Reply.later(WORK.multipliedBy(9), DONE);
              default -> Reply.succeed(DONE);
            });

    // Its worker lives on as long as it has another call.
    send(plain("other"));
    CompletableFuture<InvocationResult> first = send(invocation("k", "1").withTimeout(WORK));
    CompletableFuture<InvocationResult> second = send(invocation("k", "2"));
    world.advance(WORK.multipliedBy(2));
    assertThat(code(first)).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
    assertThat(begun).containsExactly("other", "1");
    world.advance(WORK.multipliedBy(4));

    assertThat(second.join().succeeded()).isTrue();
  }

  @Test
  void callThatOverrunsAndNeverEndsHoldsTheNextUntilItsWorkerIsDestroyed() {
    deploy(
        AppLimits.defaults().withSlotsPerWorker(10),
        name -> name.equals("1") ? Reply.never() : Reply.succeed(DONE));

    send(invocation("k", "1").withTimeout(WORK));
    CompletableFuture<InvocationResult> second = send(invocation("k", "2"));
    InvocationResult result = world.await(second, Duration.ofMinutes(2));

    assertThat(result.succeeded()).isTrue();
    assertThat(world.provisioner().delivered().stream().filter(w -> w.ended().isPresent()))
        .isNotEmpty();
  }

  @Test
  void deadlineRunsWhileACallWaitsForItsTurn() {
    deploy(AppLimits.defaults().withSlotsPerWorker(10), name -> Reply.later(WORK, DONE));

    send("k", "1");
    CompletableFuture<InvocationResult> second =
        send(invocation("k", "2").withTimeout(WORK.dividedBy(2)));
    CompletableFuture<InvocationResult> third = send(invocation("k", "3"));
    world.advance(WORK.multipliedBy(3));

    assertThat(code(second)).isEqualTo(ErrorCode.NO_WORKER);
    assertThat(third.join().succeeded()).isTrue();
    assertThat(begun).containsExactly("1", "3");
  }

  @Test
  void callThatIsGivenUpLeavesItsPlace() {
    deploy(AppLimits.defaults().withSlotsPerWorker(10), name -> Reply.later(WORK, DONE));

    List<CompletableFuture<InvocationResult>> calls = send("k", "1", "2", "3");
    calls.get(1).cancel(true);
    world.advance(WORK.multipliedBy(3));

    assertThat(code(calls.get(1))).isEqualTo(ErrorCode.CANCELLED);
    assertThat(begun).containsExactly("1", "3");
  }

  @Test
  void callsBeyondTheBoundAreRefused() {
    deploy(
        AppLimits.defaults().withSlotsPerWorker(10).withQueueCalls(2),
        name -> Reply.later(WORK, DONE));

    List<CompletableFuture<InvocationResult>> calls = send("k", "1", "2", "3", "4");
    world.advance(Duration.ofMillis(1));

    assertThat(code(calls.get(3))).isEqualTo(ErrorCode.QUEUE_FULL);
    world.advance(WORK.multipliedBy(4));
    assertThat(begun).containsExactly("1", "2", "3");
    assertThat(send("k", "5")).hasSize(1);
    world.advance(WORK.multipliedBy(2));
    assertThat(begun).endsWith("5");
  }

  @Test
  void thousandsThatFailOneAfterAnotherDoNotNest() {
    deploy(AppLimits.defaults().withQueueCalls(20_000), name -> Reply.later(WORK, DONE));
    List<CompletableFuture<InvocationResult>> calls = new ArrayList<>();
    for (int call = 0; call < 20_000; call++) {
      calls.add(send(invocation("k", "x" + call)));
    }
    world.runtime().jobHosts().stop(ApplicationId.of("a"), Duration.ofMillis(10));
    world.advance(Duration.ofMinutes(1));

    assertThat(calls).allSatisfy(call -> assertThat(call).isDone());
    assertThat(code(calls.get(19_999))).isEqualTo(ErrorCode.APP_STOPPED);
  }

  @Test
  void callsBeforeTheFirstWorkerKeepTheirOrder() {
    world.script().task("task", request -> begin(request, name -> Reply.succeed(DONE)));
    world.runtime().jobHosts().start(application("a").build());
    List<CompletableFuture<InvocationResult>> calls = send("k", "1", "2", "3");
    world.advance(Duration.ofMinutes(1));

    assertThat(begun).containsExactly("1", "2", "3");
    assertThat(calls).allSatisfy(call -> assertThat(call.join().succeeded()).isTrue());
  }

  @Test
  void keyHasBounds() {
    assertThatThrownBy(() -> invocation("", "1"))
        .isInstanceOf(ManyhandsException.class)
        .hasMessageContaining("ordering key of 0 characters");
    assertThatThrownBy(() -> invocation("k".repeat(1025), "1"))
        .isInstanceOf(ManyhandsException.class)
        .hasMessageContaining("1025");
  }

  private void deploy(AppLimits limits, Function<String, Reply> behaviour) {
    world.script().task("task", request -> begin(request, behaviour));
    world.await(
        world.runtime().jobHosts().start(application("a").limits(limits).build()),
        Duration.ofMinutes(1));
  }

  private Reply begin(HostMessage.InvocationRequest request, Function<String, Reply> behaviour) {
    begun.add(text(request));
    return behaviour.apply(text(request));
  }

  private static String text(HostMessage.InvocationRequest request) {
    return ((Payload.Text) request.inputs().values().iterator().next()).value();
  }

  private List<CompletableFuture<InvocationResult>> send(String key, String... names) {
    List<CompletableFuture<InvocationResult>> calls = new ArrayList<>();
    for (String name : names) {
      calls.add(send(invocation(key, name)));
    }
    return calls;
  }

  private CompletableFuture<InvocationResult> send(Invocation invocation) {
    return world.runtime().router().invoke(invocation);
  }

  private static Invocation invocation(String key, String name) {
    return plain(name).withOrderingKey(key);
  }

  private static Invocation plain(String name) {
    return Invocation.of(ApplicationId.of("a"), "task", Payload.text(name));
  }

  private static ErrorCode code(CompletableFuture<InvocationResult> call) {
    assertThat(call).isDone();
    return call.join().error().map(InvocationResult.Failure::code).orElseThrow();
  }
}
