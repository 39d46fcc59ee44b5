/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import static io.manyhands.testkit.InMemoryRuntime.FAKE;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.testkit.FakeWorker;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.WorkerScript.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A worker of our extension that is away for a while; within one start of the Runtime. */
class ResumeTest {
  private static final Payload HI = Payload.text("hi");

  private InMemoryRuntime world;

  @BeforeEach
  void start() {
    world = InMemoryRuntime.start(options -> options.placeholders(FAKE, 0));
    world.provisioner().extended(true);
    world.script().function("fast", request -> Reply.succeed(HI));
    world.script().function("slow", request -> Reply.later(Duration.ofSeconds(2), HI));
    world.script().function("never", request -> Reply.never());
  }

  @AfterEach
  void end() {
    world.close();
    assertThat(world.runtime().metrics().gauges().get("routing.outstanding")).isZero();
  }

  @Test
  void callOfDroppedWorkerIsAnsweredAfterItsReturn() {
    FakeWorker worker = serving();
    CompletableFuture<InvocationResult> call = world.send("greeter", "slow");
    world.advance(Duration.ofSeconds(1));

    drop(worker);
    assertThat(state(worker)).isEqualTo(WorkerState.DISCONNECTED);
    assertThat(call).isNotDone();
    world.advance(Duration.ofMillis(100));
    back(worker);

    assertThat(state(worker)).isEqualTo(WorkerState.READY);
    assertThat(world.await(call, Duration.ofSeconds(2)).orThrow().returnValue()).isEqualTo(HI);
    assertThat(received(worker, HostMessage.EnvironmentReloadRequest.class)).isEqualTo(1);
  }

  @Test
  void answerProducedWhileAwayIsDeliveredOnce() {
    FakeWorker worker = serving();
    CompletableFuture<InvocationResult> call = world.send("greeter", "slow");
    world.advance(Duration.ofSeconds(1));
    drop(worker);
    world.advance(Duration.ofSeconds(2));
    assertThat(call).isNotDone();

    back(worker);
    assertThat(world.await(call, Duration.ofSeconds(1)).succeeded()).isTrue();
    drop(worker);
    back(worker);

    assertThat(counter("session.responses.unknown")).isZero();
    assertThat(call("fast").succeeded()).isTrue();
  }

  @Test
  void callsWaitForTheWorkerThatIsAwayAndNobodyElseIsAskedFor() {
    FakeWorker worker = serving();
    drop(worker);
    CompletableFuture<InvocationResult> call = world.send("greeter", "fast");
    world.advance(Duration.ofSeconds(1));
    assertThat(call).isNotDone();

    back(worker);

    assertThat(call).isDone();
    assertThat(world.provisioner().requests()).hasSize(1);
  }

  @Test
  void callThatNeverReachedTheWorkerIsLostAtItsReturn() {
    FakeWorker worker = serving();
    CompletableFuture<InvocationResult> call = world.send("greeter", "never");
    world.advance(Duration.ofMillis(10));
    worker.forget();
    drop(worker);

    back(worker);

    assertThat(call).isDone();
    assertThat(call.join().error().orElseThrow().code()).isEqualTo(ErrorCode.WORKER_LOST);
    assertThat(call("fast").succeeded()).isTrue();
  }

  @Test
  void workerThatStaysAwayIsLostAtTheGraceWithItsCallsAndReplaced() {
    FakeWorker worker = serving();
    CompletableFuture<InvocationResult> call = world.send("greeter", "never");
    world.advance(Duration.ofMillis(10));
    drop(worker);

    world.advance(Duration.ofMillis(4900));
    assertThat(call).isNotDone();
    world.advance(Duration.ofMillis(200));

    InvocationResult.Failure why = call.join().error().orElseThrow();
    assertThat(why.code()).isEqualTo(ErrorCode.WORKER_LOST);
    assertThat(why.message()).contains("did not come back within");
    assertThat(call("fast").succeeded()).isTrue();
    assertThat(world.provisioner().delivered()).hasSize(2);
  }

  @Test
  void workerThatIsGoneNeverComesBack() {
    FakeWorker worker = serving();
    drop(worker);
    world.advance(Duration.ofSeconds(6));

    back(worker);

    assertThat(worker.received(HostMessage.LinkRefusal.class)).hasSize(1);
    assertThat(worker.received(HostMessage.LinkRefusal.class).get(0).retryAfter()).isEmpty();
    assertThat(worker.ended()).isPresent();
    assertThat(counter("registry.refused.gone")).isEqualTo(1);
  }

  @Test
  void eachAcceptanceHasAGreaterEpochAndAnOldTokenIsRefused() {
    FakeWorker worker = serving();
    String old = worker.token();
    drop(worker);
    back(worker);
    assertThat(info(worker).epoch()).isEqualTo(2);
    assertThat(worker.epoch()).isEqualTo(2);
    drop(worker);

    worker.comeBack(world.network(), old);
    world.advance(Duration.ofMillis(10));

    assertThat(worker.received(HostMessage.LinkRefusal.class)).hasSize(1);
    assertThat(state(worker)).isEqualTo(WorkerState.DISCONNECTED);
    assertThat(counter("session.resume.refused")).isEqualTo(1);
    back(worker);
    assertThat(state(worker)).isEqualTo(WorkerState.READY);
  }

  @Test
  void welcomeThatWasLostShutsNobodyOut() {
    FakeWorker worker = serving();
    String before = worker.token();
    drop(worker);
    worker.setDeaf(true);
    worker.comeBack(world.network(), before);
    world.advance(Duration.ofMillis(10));
    worker.die();
    world.advance(Duration.ofMillis(10));
    worker.setDeaf(false);

    worker.comeBack(world.network(), before);
    world.advance(Duration.ofMillis(10));

    assertThat(worker.received(HostMessage.LinkRefusal.class)).isEmpty();
    assertThat(state(worker)).isEqualTo(WorkerState.READY);
    assertThat(call("fast").succeeded()).isTrue();
  }

  @Test
  void newerStreamReplacesOneThatStillLooksAliveAndWhatTheOldOneSaysIsStale() {
    FakeWorker worker = serving();
    CompletableFuture<InvocationResult> call = world.send("greeter", "slow");
    world.advance(Duration.ofMillis(10));

    back(worker);

    assertThat(state(worker)).isEqualTo(WorkerState.READY);
    assertThat(counter("session.resume.replaced")).isEqualTo(1);
    assertThat(world.await(call, Duration.ofSeconds(3)).succeeded()).isTrue();
    assertThat(call("fast").succeeded()).isTrue();
  }

  @Test
  void deadlineWhileAwayAnswersTheCallerAndEndsTheWorkerAfterItsReturn() {
    FakeWorker worker = serving();
    CompletableFuture<InvocationResult> call =
        world.send("greeter", "never", Duration.ofSeconds(1));
    world.advance(Duration.ofMillis(10));
    drop(worker);
    world.advance(Duration.ofSeconds(2));
    assertThat(call.join().error().orElseThrow().code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);

    back(worker);
    world.advance(Duration.ofMillis(10));

    assertThat(world.provisioner().releases()).contains(worker.id());
    assertThat(call("fast").succeeded()).isTrue();
  }

  @Test
  void drainWhileAwayLetsItsCallFinishAfterItsReturnAndThenEndsIt() {
    FakeWorker worker = serving();
    CompletableFuture<InvocationResult> call = world.send("greeter", "slow");
    world.advance(Duration.ofMillis(10));
    drop(worker);
    CompletableFuture<Void> drained = world.runtime().workers().drain(worker.id());
    world.advance(Duration.ofMillis(10));

    back(worker);
    assertThat(state(worker)).isEqualTo(WorkerState.DRAINING);
    assertThat(world.await(call, Duration.ofSeconds(3)).succeeded()).isTrue();

    assertThat(world.await(drained, Duration.ofSeconds(1))).isNull();
    assertThat(worker.received(HostMessage.LinkFarewell.class))
        .extracting(HostMessage.LinkFarewell::comeBack)
        .containsExactly(false);
  }

  @Test
  void drainLastsNoLongerBecauseItsWorkerIsAway() {
    FakeWorker worker = drainingWithin(Duration.ofSeconds(2));
    CompletableFuture<InvocationResult> call = world.send("greeter", "never");
    world.advance(Duration.ofMillis(10));
    CompletableFuture<Void> drained = world.runtime().workers().drain(worker.id());
    world.advance(Duration.ofSeconds(1));

    drop(worker);
    world.advance(Duration.ofMillis(900));
    assertThat(call).isNotDone();
    world.advance(Duration.ofMillis(100));

    assertThat(drained).isCompleted();
    assertThat(call.join().error().orElseThrow().code()).isEqualTo(ErrorCode.WORKER_LOST);
  }

  @Test
  void drainOfAWorkerThatIsAwayLastsNoLongerThanItsGrace() {
    FakeWorker worker = drainingWithin(Duration.ofSeconds(2));
    CompletableFuture<InvocationResult> call = world.send("greeter", "never");
    world.advance(Duration.ofMillis(10));
    drop(worker);

    CompletableFuture<Void> drained = world.runtime().workers().drain(worker.id());
    world.advance(Duration.ofMillis(1900));
    assertThat(drained).isNotDone();
    world.advance(Duration.ofMillis(100));

    assertThat(drained).isCompleted();
    assertThat(call.join().error().orElseThrow().code()).isEqualTo(ErrorCode.WORKER_LOST);
  }

  @Test
  void workerThatIsBackAfterItsCallsWereCancelledStillEndsAtTheTerminateGrace() {
    FakeWorker worker = cancelled();
    drop(worker);
    world.advance(Duration.ofMillis(100));
    back(worker);
    assertThat(state(worker)).isEqualTo(WorkerState.DRAINING);

    world.advance(Duration.ofSeconds(4));
    assertThat(state(worker)).isEqualTo(WorkerState.DRAINING);
    world.advance(Duration.ofSeconds(1));

    assertThat(world.runtime().workers().find(worker.id())).isEmpty();
  }

  @Test
  void workerThatLeavesAfterItsCallsWereCancelledStillEndsAtTheTerminateGrace() {
    FakeWorker worker = cancelled();
    world.advance(Duration.ofSeconds(4));
    drop(worker);

    world.advance(Duration.ofSeconds(1));

    assertThat(world.runtime().workers().find(worker.id())).isEmpty();
  }

  /** Its drain is over by now, and its call was asked to stop. */
  private FakeWorker cancelled() {
    FakeWorker worker =
        drainingWithin(Duration.ofSeconds(2), Map.of("HandlesInvocationCancelMessage", "true"));
    world.send("greeter", "never");
    world.advance(Duration.ofMillis(10));
    world.runtime().workers().drain(worker.id());
    world.advance(Duration.ofSeconds(2));
    assertThat(received(worker, HostMessage.InvocationCancel.class)).isEqualTo(1);
    return worker;
  }

  private FakeWorker drainingWithin(Duration grace) {
    return drainingWithin(grace, Map.of());
  }

  private FakeWorker drainingWithin(Duration grace, Map<String, String> capabilities) {
    world.close();
    world = InMemoryRuntime.start(options -> options.placeholders(FAKE, 0).drainGrace(grace));
    world.provisioner().extended(true);
    world.script().function("never", request -> Reply.never());
    world.script().capabilities(capabilities);
    return serving();
  }

  @Test
  void workerThatClaimsToBeOfAnotherApplicationIsEnded() {
    FakeWorker worker = serving();
    drop(worker);

    worker.connectRaw(
        world.network(),
        new WorkerMessage.LinkHello(
            worker.id().value(),
            "",
            true,
            Map.of(),
            new WorkerMessage.LinkStack("", ""),
            java.util.Optional.of(
                new WorkerMessage.LinkResume(
                    worker.token(),
                    "tenant",
                    "billing",
                    "0000",
                    Map.of(),
                    java.util.Optional.empty(),
                    List.of(),
                    List.of(),
                    List.of()))));
    world.advance(Duration.ofMillis(10));

    assertThat(world.runtime().workers().find(worker.id())).isEmpty();
    assertThat(call("fast").succeeded()).isTrue();
  }

  @Test
  void tokenOfSomebodyElseOrOfNobodyIsRefused() {
    FakeWorker worker = serving();
    drop(worker);

    worker.comeBack(world.network(), worker.token() + "A");
    world.advance(Duration.ofMillis(10));

    assertThat(counter("registry.refused.token")).isEqualTo(1);
    assertThat(state(worker)).isEqualTo(WorkerState.DISCONNECTED);
  }

  @Test
  void silentStreamOfAnExtendedWorkerIsTakenForLostAndItsReturnTakesNothingAway() {
    FakeWorker worker = serving();
    worker.setDeaf(true);
    world.advance(Duration.ofSeconds(62));
    assertThat(state(worker)).isEqualTo(WorkerState.DISCONNECTED);

    worker.setDeaf(false);
    back(worker);

    assertThat(state(worker)).isEqualTo(WorkerState.READY);
    assertThat(call("fast").succeeded()).isTrue();
  }

  @Test
  void answersAreAcknowledgedSoThatTheWorkerKeepsFew() {
    FakeWorker worker = serving();
    for (int call = 0; call < 40; call++) {
      assertThat(call("fast").succeeded()).isTrue();
    }
    assertThat(worker.received(HostMessage.LinkAcknowledgement.class))
        .extracting(HostMessage.LinkAcknowledgement::answers)
        .containsExactly(32L);

    worker.say(
        new WorkerMessage.LinkHeartbeat(new WorkerMessage.LinkResources(0.5, 1 << 20, 0, 1, 0, 0)));
    world.advance(Duration.ofMillis(1));

    assertThat(worker.received(HostMessage.LinkAcknowledgement.class))
        .extracting(HostMessage.LinkAcknowledgement::answers)
        .containsExactly(32L, 40L);
  }

  @Test
  void endOfTheProcessBehindAnAgentIsTheWorkersEndWithItsLastWords() {
    FakeWorker worker = serving();
    CompletableFuture<InvocationResult> call = world.send("greeter", "never");
    world.advance(Duration.ofMillis(10));

    worker.say(
        new WorkerMessage.LinkWorkerExit(137, "", true, "", List.of("allocating", "giving up")));
    world.advance(Duration.ofMillis(1));

    assertThat(call.join().error().orElseThrow().message())
        .contains("out of memory")
        .contains("exit code 137")
        .contains("giving up");
  }

  @Test
  void placeholderThatComesBackIsStillAPlaceholder() {
    world.close();
    world = InMemoryRuntime.start(options -> options.placeholders(FAKE, 1));
    world.script().function("fast", request -> Reply.succeed(HI));
    world.provisioner().extended(true);
    FakeWorker stock = world.provisioner().delivered().get(0);
    world.provisioner().terminate(stock, 1);
    world.advance(Duration.ofSeconds(5));
    FakeWorker worker = world.provisioner().delivered().get(1);
    assertThat(state(worker)).isEqualTo(WorkerState.PLACEHOLDER);

    drop(worker);
    assertThat(state(worker)).isEqualTo(WorkerState.DISCONNECTED);
    back(worker);

    assertThat(state(worker)).isEqualTo(WorkerState.PLACEHOLDER);
    world.deploy("greeter");
    assertThat(call("fast").succeeded()).isTrue();
    assertThat(info(worker).application()).isPresent();
  }

  private FakeWorker serving() {
    world.deploy("greeter");
    return world.provisioner().delivered().get(0);
  }

  private void drop(FakeWorker worker) {
    worker.die();
    world.advance(Duration.ofMillis(1));
  }

  private void back(FakeWorker worker) {
    worker.comeBack(world.network());
    world.advance(Duration.ofMillis(1));
  }

  private InvocationResult call(String function) {
    return world.call("greeter", function);
  }

  private WorkerInfo info(FakeWorker worker) {
    return world.runtime().workers().find(worker.id()).orElseThrow();
  }

  private WorkerState state(FakeWorker worker) {
    return info(worker).state();
  }

  private long counter(String name) {
    return world.runtime().metrics().counters().getOrDefault(name, 0L);
  }

  private static int received(FakeWorker worker, Class<? extends HostMessage> kind) {
    return worker.received(kind).size();
  }
}
