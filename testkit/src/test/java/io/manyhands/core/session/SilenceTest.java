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
import io.manyhands.api.worker.HealthMonitor;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.testkit.FakeWorker;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.WorkerScript.Reply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is made of a worker that says nothing, and of a Runtime that could not listen. */
class SilenceTest {
  private InMemoryRuntime world;

  @BeforeEach
  void start() {
    world = InMemoryRuntime.start(options -> options.placeholders(FAKE, 2));
    world.script().function("fast", request -> Reply.succeed(Payload.text("hi")));
    world.script().function("long", request -> Reply.later(Duration.ofMinutes(2), hi()));
  }

  @AfterEach
  void end() {
    world.close();
  }

  @Test
  void stallOfTheRuntimeItselfMakesNobodySuspect() {
    world.deploy("greeter");
    world.advance(Duration.ofSeconds(14));

    world.time().stall(Duration.ofMinutes(10));
    world.advance(Duration.ofSeconds(40));

    assertThat(world.runtime().workers().workers())
        .extracting(WorkerInfo::state)
        .doesNotContain(WorkerState.SUSPECT);
    assertThat(counter("registry.gone")).isZero();
  }

  @Test
  void jumpOfTheWallClockChangesNothing() {
    world.deploy("greeter");
    List<WorkerInfo> before = world.runtime().workers().workers();

    world.time().jump(Duration.ofDays(400));
    world.advance(Duration.ofSeconds(40));
    world.time().jump(Duration.ofDays(-800));
    world.advance(Duration.ofSeconds(40));

    assertThat(world.runtime().workers().workers())
        .extracting(WorkerInfo::id)
        .containsExactlyElementsOf(before.stream().map(WorkerInfo::id).toList());
  }

  @Test
  void workerThatIsBusyWithALongCallIsSuspectButNotLost() {
    world.deploy("greeter");
    FakeWorker worker = serving();
    CompletableFuture<InvocationResult> call = world.send("greeter", "long");
    world.script().answersStatus(false);

    world.advance(Duration.ofSeconds(100));
    assertThat(info(worker).state()).isEqualTo(WorkerState.SUSPECT);
    HealthMonitor.Health health = world.runtime().health().worker(worker.id()).orElseThrow();
    assertThat(health.status()).isEqualTo(HealthMonitor.Status.DEGRADED);
    assertThat(health.reasons()).singleElement().asString().contains("status requests");

    world.script().answersStatus(true);
    assertThat(world.await(call, Duration.ofMinutes(1)).succeeded()).isTrue();
    world.advance(Duration.ofSeconds(31));
    assertThat(info(worker).state()).isEqualTo(WorkerState.READY);
  }

  @Test
  void silentWorkerWithoutCallsIsLostAfterFourRequestsAndReplacedAndNeighboursAreLeftAlone() {
    world.deploy("greeter");
    FakeWorker worker = serving();
    List<FakeWorker> others =
        world.provisioner().alive().stream().filter(other -> other != worker).toList();
    worker.setDeaf(true);

    world.advance(Duration.ofSeconds(90));

    assertThat(world.runtime().workers().find(worker.id())).isEmpty();
    assertThat(others)
        .allSatisfy(
            other ->
                assertThat(world.runtime().workers().find(other.id()))
                    .map(WorkerInfo::state)
                    .isPresent());
    assertThat(world.call("greeter", "fast").succeeded()).isTrue();
    assertThat(counter("registry.gone")).isEqualTo(1);
  }

  @Test
  void workerThatIsAwayIsReportedUnhealthyWithTheReason() {
    world.close();
    world = InMemoryRuntime.start(options -> options.placeholders(FAKE, 0));
    world.script().function("fast", request -> Reply.succeed(hi()));
    world.provisioner().extended(true);
    world.deploy("greeter");
    FakeWorker worker = serving();
    worker.die();
    world.advance(Duration.ofMillis(1));

    HealthMonitor.Health health = world.runtime().health().worker(worker.id()).orElseThrow();

    assertThat(health.status()).isEqualTo(HealthMonitor.Status.UNHEALTHY);
    assertThat(health.reasons()).singleElement().asString().contains("its stream ended");
    assertThat(world.runtime().health().overall().status())
        .isEqualTo(HealthMonitor.Status.DEGRADED);
  }

  @Test
  void missingAnswerToALoadFailsThatWorkerAtItsLimit() {
    world.script().answersLoads(false);
    CompletableFuture<?> start =
        world.runtime().jobHosts().start(InMemoryRuntime.application("greeter").build());
    world.advance(Duration.ofSeconds(59));
    assertThat(start).isNotDone();

    world.script().answersLoads(true);
    world.await(start, Duration.ofMinutes(1));

    assertThat(world.call("greeter", "fast").succeeded()).isTrue();
    assertThat(counter("placement.specialization.failed")).isEqualTo(1);
  }

  @Test
  void limitOfALoadThatWasAnsweredNeverFires() {
    world.deploy("greeter");
    FakeWorker worker = serving();

    world.advance(Duration.ofSeconds(90));

    assertThat(info(worker).state()).isEqualTo(WorkerState.READY);
  }

  @Test
  void callOfAStalledRuntimeIsAnsweredOnceWhateverCameFirst() {
    world.deploy("greeter");
    CompletableFuture<InvocationResult> call = world.send("greeter", "long", Duration.ofMinutes(1));

    world.time().stall(Duration.ofMinutes(5));
    world.advance(Duration.ofSeconds(10));

    assertThat(call).isDone();
    assertThat(call.join().error().map(InvocationResult.Failure::code))
        .isIn(java.util.Optional.empty(), java.util.Optional.of(ErrorCode.DEADLINE_EXCEEDED));
  }

  @Test
  void everyWorkerOfARevisionGetsTheSameWholeEnvironment() {
    world.await(
        world
            .runtime()
            .jobHosts()
            .start(InMemoryRuntime.application("greeter").setting("COLOUR", "blue").build()),
        Duration.ofMinutes(1));
    FakeWorker first = serving();
    world.provisioner().terminate(first, 1);
    world.advance(Duration.ofMillis(1));
    assertThat(world.call("greeter", "fast").succeeded()).isTrue();
    FakeWorker second = serving();

    assertThat(second).isNotSameAs(first);
    assertThat(environment(second)).isEqualTo(environment(first)).containsEntry("COLOUR", "blue");
  }

  private static java.util.Map<String, String> environment(FakeWorker worker) {
    return worker.received(HostMessage.EnvironmentReloadRequest.class).get(0).environment();
  }

  private FakeWorker serving() {
    return world.provisioner().alive().stream()
        .filter(worker -> info(worker).state() == WorkerState.READY)
        .findFirst()
        .orElseThrow();
  }

  private WorkerInfo info(FakeWorker worker) {
    return world.runtime().workers().find(worker.id()).orElseThrow();
  }

  private long counter(String name) {
    return world.runtime().metrics().counters().getOrDefault(name, 0L);
  }

  private static Payload hi() {
    return Payload.text("hi");
  }
}
