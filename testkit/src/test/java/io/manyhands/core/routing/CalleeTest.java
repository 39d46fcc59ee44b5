/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.routing;

import static io.manyhands.testkit.InMemoryRuntime.FAKE;
import static io.manyhands.testkit.InMemoryRuntime.application;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.app.AppLimits;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.WorkerScript.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Functions that call functions of their own application. */
class CalleeTest {
  private static final Duration MOMENT = Duration.ofMillis(1);
  private static final Duration WORK = Duration.ofSeconds(1);
  private static final Payload DONE = Payload.text("done");

  private static final Payload ORDERED = Payload.text("ordered");

  private final List<CompletableFuture<InvocationResult>> callees = new ArrayList<>();
  private final List<String> begun = new ArrayList<>();
  private InMemoryRuntime world;

  @BeforeEach
  void start() {
    world = InMemoryRuntime.start(options -> options.placeholders(FAKE, 1));
    world.script().task("caller", this::call);
    world.script().task("callee", request -> begin("callee", MOMENT));
    world.script().task("other", request -> begin("other", WORK));
  }

  @AfterEach
  void end() {
    world.close();
  }

  @Test
  void calleeIsRefusedWhereCallersHoldEverySlot() {
    deploy(2, 1);

    CompletableFuture<InvocationResult> first = send("caller");
    CompletableFuture<InvocationResult> second = send("caller");
    world.advance(MOMENT);

    assertThat(callees).hasSize(2);
    assertThat(callees.get(0)).isNotDone();
    assertThat(error(callees.get(1)).code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    assertThat(error(callees.get(1)).message())
        .contains("every slot of its 1 workers is held by a call that waits");
    world.advance(WORK.multipliedBy(3));
    assertThat(first.join().succeeded()).isTrue();
    assertThat(second.join().succeeded()).isTrue();
    assertThat(callees.get(0).join().succeeded()).isTrue();
  }

  @Test
  void calleeGoesBeforeOthersThatWait() {
    deploy(2, 1);

    send("other");
    send("caller");
    send("other");
    send("other");
    world.advance(WORK.plusMillis(100));

    assertThat(begun.subList(0, 2)).containsExactly("other", "callee");
  }

  @Test
  void calleeWaitsWhereAnotherWorkerMayCome() {
    deploy(1, 2);

    send("caller");
    world.advance(MOMENT);

    assertThat(callees.get(0)).isNotDone();
    world.advance(WORK.multipliedBy(3));
    assertThat(callees.get(0).join().succeeded()).isTrue();
  }

  @Test
  void calleeWithItsCallersOrderingKeyIsRefused() {
    deploy(10, 1);

    CompletableFuture<InvocationResult> caller =
        world
            .runtime()
            .router()
            .invoke(Invocation.of(ApplicationId.of("a"), "caller", ORDERED).withOrderingKey("k"));
    world.advance(WORK.multipliedBy(3));

    assertThat(caller.join().succeeded()).isTrue();
    assertThat(error(callees.get(0)).code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    assertThat(error(callees.get(0)).message()).contains("same trace and ordering key");
  }

  /** Calls with the trace of its own call, and with the same key where that has one. */
  private Reply call(HostMessage.InvocationRequest request) {
    Invocation callee = invocation("callee").withTrace(request.trace());
    boolean isOrdered = request.inputs().containsValue(ORDERED);
    callees.add(world.runtime().router().invoke(isOrdered ? callee.withOrderingKey("k") : callee));
    return Reply.later(WORK, DONE);
  }

  private Reply begin(String name, Duration duration) {
    begun.add(name);
    return Reply.later(duration, DONE);
  }

  private void deploy(int slots, int workers) {
    AppLimits limits = AppLimits.defaults().withSlotsPerWorker(slots).withMaximumWorkers(workers);
    world.await(
        world.runtime().jobHosts().start(application("a").limits(limits).build()),
        Duration.ofMinutes(1));
  }

  private CompletableFuture<InvocationResult> send(String function) {
    return world.runtime().router().invoke(invocation(function));
  }

  private static Invocation invocation(String function) {
    return Invocation.of(ApplicationId.of("a"), function, Payload.text("x"));
  }

  private static InvocationResult.Failure error(CompletableFuture<InvocationResult> call) {
    assertThat(call).isDone();
    return call.join().error().orElseThrow();
  }
}
