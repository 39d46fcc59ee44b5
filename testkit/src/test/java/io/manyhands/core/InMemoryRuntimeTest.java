/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core;

import static io.manyhands.testkit.InMemoryRuntime.FAKE;
import static io.manyhands.testkit.InMemoryRuntime.application;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.AppLimits;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.invocation.ColdStart;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.HealthMonitor;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.testkit.FakeWorker;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.WorkerScript.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The Runtime's behaviour as a whole, on virtual time. */
class InMemoryRuntimeTest {
  private static final Payload HI = Payload.text("hi");

  @Test
  void callReachesTheFunctionAndItsAnswerComesBack() {
    try (InMemoryRuntime runtime = pooled(1)) {
      runtime.script().function("hello", request -> Reply.succeed(request.inputs().get("request")));
      runtime.deploy("a");

      InvocationResult result = runtime.call("a", "Hello").orThrow();

      assertThat(result.returnValue().asText()).isEqualTo("x");
      assertThat(result.worker()).isPresent();
    }
  }

  @Test
  void firstCallWhileTheApplicationStartsIsServedFromAPlaceholder() {
    try (InMemoryRuntime runtime = pooled(1)) {
      runtime.script().function("hello", request -> Reply.succeed(HI));
      CompletableFuture<?> started = runtime.runtime().jobHosts().start(application("a").build());

      InvocationResult result = runtime.call("a", "hello").orThrow();

      assertThat(result.phases().coldStart()).isEqualTo(ColdStart.PLACEHOLDER);
      assertThat(started).isCompleted();
      assertThat(runtime.call("a", "hello").phases().coldStart()).isEqualTo(ColdStart.NONE);
    }
  }

  @Test
  void placeholderIsSpecializedByReloadThenIndexThenLoad() {
    try (InMemoryRuntime runtime = pooled(1)) {
      runtime.script().function("hello", request -> Reply.succeed(HI));
      FakeWorker placeholder = runtime.provisioner().delivered().get(0);
      runtime.await(
          runtime.runtime().jobHosts().start(application("a").setting("COLOUR", "blue").build()),
          Duration.ofMinutes(1));

      assertThat(placeholder.received())
          .extracting(message -> message.getClass().getSimpleName())
          .containsSubsequence(
              "InitRequest",
              "EnvironmentReloadRequest",
              "FunctionsMetadataRequest",
              "FunctionLoadRequest");
      Map<String, String> environment =
          placeholder.received(HostMessage.EnvironmentReloadRequest.class).get(0).environment();
      assertThat(environment)
          .containsEntry("COLOUR", "blue")
          .containsEntry("PATH", "/bin")
          .doesNotContainValue("");
    }
  }

  @Test
  void poolIsRefilledAsSoonAsAPlaceholderIsTaken() {
    try (InMemoryRuntime runtime = pooled(2)) {
      runtime.script().function("hello", request -> Reply.succeed(HI));
      runtime.deploy("a");
      runtime.advance(Duration.ofSeconds(1));

      assertThat(states(runtime))
          .containsExactlyInAnyOrder(
              WorkerState.READY, WorkerState.PLACEHOLDER, WorkerState.PLACEHOLDER);
    }
  }

  @Test
  void burstOfFirstCallsAsksForOneWorker() {
    try (InMemoryRuntime runtime = pooled(0)) {
      runtime.script().function("hello", request -> Reply.succeed(HI));
      CompletableFuture<?> started = runtime.runtime().jobHosts().start(application("a").build());
      List<CompletableFuture<InvocationResult>> calls = new ArrayList<>();
      for (int call = 0; call < 50; call++) {
        calls.add(runtime.send("a", "hello"));
      }
      calls.forEach(call -> runtime.await(call, Duration.ofMinutes(1)).orThrow());

      assertThat(started).isCompleted();
      assertThat(runtime.provisioner().requests()).hasSize(1);
      assertThat(calls.get(0).join().phases().coldStart()).isEqualTo(ColdStart.NEW_WORKER);
    }
  }

  @Test
  void lostWorkerFailsItsInFlightInvocationsAndNobodyElses() {
    try (InMemoryRuntime runtime = pooled(2)) {
      runtime.script().function("hang", request -> Reply.never());
      runtime.script().function("hello", request -> Reply.succeed(HI));
      runtime.deploy("a");
      runtime.deploy("b");
      CompletableFuture<InvocationResult> first = runtime.send("a", "hang");
      CompletableFuture<InvocationResult> second = runtime.send("a", "hang");
      CompletableFuture<InvocationResult> others = runtime.send("b", "hang");
      runtime.advance(Duration.ofMillis(1));

      workerOf(runtime, "a").die();
      runtime.advance(Duration.ofMillis(1));

      assertThat(code(first)).isEqualTo(ErrorCode.WORKER_LOST);
      assertThat(code(second)).isEqualTo(ErrorCode.WORKER_LOST);
      assertThat(others).isNotDone();
      assertThat(runtime.call("a", "hello").succeeded()).isTrue();
      workerOf(runtime, "b").die();
    }
  }

  @Test
  void lastWordsOfALostWorkerStandInTheError() {
    try (InMemoryRuntime runtime = pooled(1)) {
      runtime.script().function("hang", request -> Reply.never());
      runtime.deploy("a");
      CompletableFuture<InvocationResult> call = runtime.send("a", "hang");
      runtime.advance(Duration.ofMillis(1));

      runtime.provisioner().terminate(workerOf(runtime, "a"), 137, "out of memory");
      runtime.advance(Duration.ofSeconds(1));

      assertThat(code(call)).isEqualTo(ErrorCode.WORKER_LOST);
    }
  }

  @Test
  void answerThatComesTwiceCompletesOnce() {
    try (InMemoryRuntime runtime = pooled(1)) {
      runtime.script().function("hello", request -> Reply.twice(HI));
      runtime.deploy("a");

      assertThat(runtime.call("a", "hello").succeeded()).isTrue();
      runtime.advance(Duration.ofSeconds(1));
      assertThat(runtime.runtime().metrics().counter("session.responses.unknown")).isEqualTo(1);
      assertThat(runtime.runtime().metrics().gauge("routing.outstanding")).isZero();
    }
  }

  @Test
  void functionsOwnFailureIsReportedAsSuch() {
    try (InMemoryRuntime runtime = pooled(1)) {
      runtime.script().function("hello", request -> Reply.fail("no such order"));
      runtime.deploy("a");

      InvocationResult result = runtime.call("a", "hello");

      assertThat(result.error()).isPresent();
      assertThat(result.error().get().code()).isEqualTo(ErrorCode.FUNCTION_FAILED);
      assertThat(result.error().get().message()).contains("a/hello").contains("no such order");
    }
  }

  @Test
  void callThatOverrunsIsAnsweredAndItsWorkerIsDestroyedAndReplaced() {
    try (InMemoryRuntime runtime = pooled(1)) {
      runtime
          .script()
          .function("hang", request -> Reply.never())
          .function("hello", request -> Reply.succeed(HI));
      runtime.deploy("a");
      FakeWorker worker = workerOf(runtime, "a");
      CompletableFuture<InvocationResult> call =
          runtime
              .runtime()
              .router()
              .invoke(
                  Invocation.of(ApplicationId.of("a"), "hang", HI)
                      .withTimeout(Duration.ofSeconds(2)));

      runtime.advance(Duration.ofSeconds(3));

      assertThat(code(call)).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
      assertThat(runtime.provisioner().releases()).contains(worker.id());
      assertThat(runtime.call("a", "hello").succeeded()).isTrue();
      assertThat(workerOf(runtime, "a").id()).isNotEqualTo(worker.id());
    }
  }

  @Test
  void overrunLetsTheOtherCallsOfItsWorkerFinish() {
    try (InMemoryRuntime runtime = pooled(1)) {
      runtime
          .script()
          .function("hang", request -> Reply.never())
          .function("slow", request -> Reply.later(Duration.ofSeconds(10), HI));
      runtime.deploy("a");
      CompletableFuture<InvocationResult> slow = runtime.send("a", "slow");
      runtime
          .runtime()
          .router()
          .invoke(
              Invocation.of(ApplicationId.of("a"), "hang", HI).withTimeout(Duration.ofSeconds(2)));
      runtime.advance(Duration.ofSeconds(3));

      assertThat(states(runtime)).contains(WorkerState.QUARANTINED);
      assertThat(runtime.await(slow, Duration.ofMinutes(1)).succeeded()).isTrue();
      runtime.advance(Duration.ofSeconds(1));
      assertThat(states(runtime)).doesNotContain(WorkerState.QUARANTINED);
    }
  }

  @Test
  void fullQueueRefusesAtOnce() {
    try (InMemoryRuntime runtime = pooled(1)) {
      runtime.script().function("slow", request -> Reply.later(Duration.ofSeconds(1), HI));
      runtime.await(
          runtime
              .runtime()
              .jobHosts()
              .start(
                  application("a")
                      .limits(
                          AppLimits.defaults()
                              .withMaximumWorkers(1)
                              .withSlotsPerWorker(1)
                              .withQueueCalls(2))
                      .build()),
          Duration.ofMinutes(1));
      List<CompletableFuture<InvocationResult>> calls = new ArrayList<>();
      for (int call = 0; call < 4; call++) {
        calls.add(runtime.send("a", "slow"));
      }
      runtime.advance(Duration.ofMillis(1));

      assertThat(code(calls.get(3))).isEqualTo(ErrorCode.QUEUE_FULL);
      for (CompletableFuture<InvocationResult> call : calls.subList(0, 3)) {
        assertThat(runtime.await(call, Duration.ofMinutes(1)).succeeded()).isTrue();
      }
      assertThat(calls.get(1).join().phases().coldStart()).isEqualTo(ColdStart.ALL_BUSY);
    }
  }

  @Test
  void callCancelledWhileItWaitsLeavesTheQueue() {
    try (InMemoryRuntime runtime = pooled(1)) {
      runtime.script().function("hang", request -> Reply.never());
      runtime.await(
          runtime
              .runtime()
              .jobHosts()
              .start(application("a").limits(AppLimits.defaults().withSlotsPerWorker(1)).build()),
          Duration.ofMinutes(1));
      runtime.send("a", "hang");
      CompletableFuture<InvocationResult> waiting = runtime.send("a", "hang");

      assertThat(waiting.cancel(true)).isTrue();
      runtime.advance(Duration.ofMillis(1));

      assertThat(code(waiting)).isEqualTo(ErrorCode.CANCELLED);
      assertThat(runtime.runtime().metrics().gauge("routing.queued")).isZero();
      workerOf(runtime, "a").die();
    }
  }

  @Test
  void secondStreamWithAUsedIdEndsBoth() {
    try (InMemoryRuntime runtime = pooled(1)) {
      runtime.script().function("hello", request -> Reply.succeed(HI));
      runtime.deploy("a");
      FakeWorker worker = workerOf(runtime, "a");

      runtime.provisioner().impostorOf(worker);
      runtime.advance(Duration.ofSeconds(1));

      assertThat(worker.ended()).isPresent();
      assertThat(runtime.runtime().metrics().counter("registry.refused.second-stream"))
          .isEqualTo(1);
      assertThat(runtime.call("a", "hello").succeeded()).isTrue();
    }
  }

  @Test
  void streamThatSpeaksOutOfTurnIsRefused() {
    try (InMemoryRuntime runtime = pooled(1)) {
      FakeWorker stranger = runtime.provisioner().stranger(new WorkerMessage.Heartbeat());
      runtime.advance(Duration.ofSeconds(1));

      assertThat(stranger.ended()).isPresent();
      assertThat(runtime.runtime().metrics().counter("registry.refused.order")).isEqualTo(1);
    }
  }

  @Test
  void silentWorkerBecomesSuspectTakesNoCallsAndComesBack() {
    try (InMemoryRuntime runtime = pooled(1)) {
      runtime.script().function("hello", request -> Reply.succeed(HI));
      runtime.deploy("a");
      runtime.script().answersStatus(false);
      runtime.advance(Duration.ofSeconds(50));

      assertThat(states(runtime)).contains(WorkerState.SUSPECT);
      assertThat(runtime.runtime().health().overall().status())
          .isEqualTo(HealthMonitor.Status.DEGRADED);
      runtime.script().answersStatus(true);
      runtime.advance(Duration.ofSeconds(20));
      assertThat(states(runtime)).doesNotContain(WorkerState.SUSPECT);
    }
  }

  @Test
  void closeLetsRunningCallsFinishAndEndsEveryWorker() {
    InMemoryRuntime runtime = pooled(2);
    runtime.script().function("slow", request -> Reply.later(Duration.ofSeconds(5), HI));
    runtime.deploy("a");
    CompletableFuture<InvocationResult> call = runtime.send("a", "slow");
    runtime.advance(Duration.ofMillis(1));

    runtime.close();

    assertThat(call.join().succeeded()).isTrue();
    assertThat(runtime.provisioner().alive()).isEmpty();
    assertThat(runtime.runtime().workers().workers()).isEmpty();
  }

  @Test
  void runtimeWithoutTransportIsRefused() {
    assertThatThrownBy(
            () ->
                ManyhandsRuntime.builder()
                    .options(RuntimeOptions.defaults())
                    .discoverPlugins(false)
                    .build())
        .isInstanceOf(ManyhandsException.class)
        .hasMessageContaining("no transport");
  }

  private static InMemoryRuntime pooled(int placeholders) {
    return InMemoryRuntime.start(
        options -> placeholders == 0 ? options : options.placeholders(FAKE, placeholders));
  }

  private static List<WorkerState> states(InMemoryRuntime runtime) {
    return runtime.runtime().workers().workers().stream().map(WorkerInfo::state).toList();
  }

  private static FakeWorker workerOf(InMemoryRuntime runtime, String application) {
    WorkerInfo info =
        runtime.runtime().workers().workers().stream()
            .filter(
                worker ->
                    worker.application().filter(ApplicationId.of(application)::equals).isPresent())
            .findFirst()
            .orElseThrow(() -> new AssertionError("no worker of " + application));
    return runtime.provisioner().alive().stream()
        .filter(worker -> worker.id().equals(info.id()))
        .findFirst()
        .orElseThrow();
  }

  private static ErrorCode code(CompletableFuture<InvocationResult> call) {
    assertThat(call).isDone();
    return call.join().error().orElseThrow().code();
  }
}
