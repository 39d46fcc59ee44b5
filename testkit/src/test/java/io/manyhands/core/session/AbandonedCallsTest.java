/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import static io.manyhands.testkit.InMemoryRuntime.FAKE;
import static io.manyhands.testkit.InMemoryRuntime.application;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.app.AppLimits;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.WorkerScript.Reply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Calls that nobody waits for any more and that keep their slots. */
class AbandonedCallsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @Test
  void cancelledCallThatIsNeverAnsweredCostsItsWorkerNotTheApplication() {
    try (InMemoryRuntime runtime = oneSlot()) {
      CompletableFuture<InvocationResult> hanging = send(runtime, "hang");
      runtime.advance(Duration.ofSeconds(1));
      hanging.cancel(true);

      runtime.advance(LIMIT.minusSeconds(2));
      assertThat(states(runtime)).contains(WorkerState.READY);
      runtime.advance(Duration.ofSeconds(2));

      assertThat(runtime.call("a", "hello").succeeded()).isTrue();
    }
  }

  @Test
  void cancelledCallThatIsAnsweredFreesItsSlotAndKeepsItsWorker() {
    try (InMemoryRuntime runtime = oneSlot()) {
      CompletableFuture<InvocationResult> slow = send(runtime, "slow");
      runtime.advance(Duration.ofMillis(1));
      List<WorkerInfo> before = runtime.runtime().workers().workers();
      slow.cancel(true);

      runtime.advance(Duration.ofMinutes(1));

      assertThat(runtime.call("a", "hello").succeeded()).isTrue();
      assertThat(runtime.runtime().workers().workers())
          .extracting(WorkerInfo::id)
          .containsExactlyInAnyOrderElementsOf(before.stream().map(WorkerInfo::id).toList());
    }
  }

  @Test
  void closedRuntimeHasNoTimerOfAnAbandonedCallLeft() {
    InMemoryRuntime runtime = oneSlot();
    CompletableFuture<InvocationResult> hanging = send(runtime, "hang");
    runtime.advance(Duration.ofMillis(1));
    hanging.cancel(true);
    runtime.advance(Duration.ofMillis(1));

    runtime.close();

    assertThat(runtime.time().describePendingTimers()).isEmpty();
  }

  private static InMemoryRuntime oneSlot() {
    InMemoryRuntime runtime = InMemoryRuntime.start(options -> options.placeholders(FAKE, 1));
    runtime
        .script()
        .function("hang", request -> Reply.never())
        .function("slow", request -> Reply.later(Duration.ofSeconds(5), Payload.text("late")))
        .function("hello", request -> Reply.succeed(Payload.text("hi")));
    runtime.await(
        runtime
            .runtime()
            .jobHosts()
            .start(application("a").limits(AppLimits.defaults().withSlotsPerWorker(1)).build()),
        Duration.ofMinutes(1));
    runtime.advance(Duration.ofSeconds(1));
    return runtime;
  }

  private static CompletableFuture<InvocationResult> send(
      InMemoryRuntime runtime, String function) {
    return runtime
        .runtime()
        .router()
        .invoke(
            Invocation.of(ApplicationId.of("a"), function, Payload.text("x")).withTimeout(LIMIT));
  }

  private static List<WorkerState> states(InMemoryRuntime runtime) {
    return runtime.runtime().workers().workers().stream().map(WorkerInfo::state).toList();
  }
}
