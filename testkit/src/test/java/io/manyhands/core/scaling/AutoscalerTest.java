/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.scaling;

import static io.manyhands.core.placement.Observed.workersOf;
import static io.manyhands.testkit.InMemoryRuntime.FAKE;
import static io.manyhands.testkit.InMemoryRuntime.application;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.ScalingSnapshot;
import io.manyhands.api.app.AppLimits;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.JobHostInfo;
import io.manyhands.api.app.RetryPolicy;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.spi.transport.StatusInfo;
import io.manyhands.spi.trigger.Delivery;
import io.manyhands.testkit.FakeProvisioner.Behaviour;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.WorkerScript.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Workers come with the calls and go when they end, within every limit. */
class AutoscalerTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final AppLimits ONE_SLOT = AppLimits.defaults().withSlotsPerWorker(1);

  private @Nullable InMemoryRuntime world;

  @AfterEach
  void end() {
    if (world != null) {
      world.close();
    }
  }

  // ---- out

  @Test
  void burstBringsAsManyWorkersAsItNeedsWithinASecondWherePlaceholdersAreAtHand() {
    InMemoryRuntime runtime = start(options -> options.placeholders(FAKE, 10));
    deploy("a", ONE_SLOT);
    send("a", "slow", 10);

    runtime.advance(SECOND);

    assertThat(ready("a")).isEqualTo(10);
    assertThat(scaling("a").panic()).isTrue();
    assertThat(scaling("a").reason()).contains("panic", "10 ", "wait");
    assertThat(gauge("scaling.panic")).isEqualTo(1);
    assertThat(gauge("scaling.desired")).isEqualTo(10);
    assertThat(gauge("scaling.ready")).isEqualTo(10);
  }

  @Test
  void callsOfABurstAreMadeAndWorkersAreAskedForOnceEach() {
    InMemoryRuntime runtime = start(options -> options.maximumWorkers(50));
    deploy("a", ONE_SLOT.withMaximumWorkers(5));
    int before = runtime.provisioner().requests().size();

    List<CompletableFuture<InvocationResult>> calls = send("a", "slow", 250);
    runtime.advance(MINUTE.multipliedBy(10));

    assertThat(calls).allMatch(call -> call.join().succeeded());
    assertThat(runtime.provisioner().requests().size() - before).isEqualTo(4);
  }

  @Test
  void loadThatGrowsSlowlyIsFollowedWithoutPanic() {
    InMemoryRuntime runtime = start(options -> options.placeholders(FAKE, 5));
    deploy("a", AppLimits.defaults().withSlotsPerWorker(10));
    for (int minute = 0; minute < 3; minute++) {
      send("a", "hour", 3);
      runtime.advance(MINUTE);
      assertThat(scaling("a").panic()).isFalse();
    }
    runtime.advance(Duration.ofSeconds(5));

    assertThat(ready("a")).isEqualTo(2);
    assertThat(scaling("a").reason()).contains("steady", "on average 9.0 in PT1M");
  }

  @Test
  void callsThatWaitForTheirRetryAreNoLoad() {
    InMemoryRuntime runtime = start(options -> options.placeholders(FAKE, 3));
    runtime
        .script()
        .task("failing", request -> Reply.fail("planted"))
        .retry("failing", RetryPolicy.fixedDelay(20, MINUTE));
    deploy("a", ONE_SLOT);
    send("a", "failing", 100);
    for (int second = 0; second < 300; second++) {
      runtime.advance(SECOND);
      assertThat(scaling("a").desired()).isEqualTo(1);
    }

    assertThat(runtime.runtime().metrics().gauge("routing.retrying")).isEqualTo(100);
  }

  @Test
  void queueThatIsGoneInAMomentIsNoLoad() {
    InMemoryRuntime runtime = start(options -> options.placeholders(FAKE, 3));
    deploy("a", ONE_SLOT);
    for (int second = 0; second < 100; second++) {
      send("a", "hello", 500);
      runtime.advance(SECOND);
      assertThat(scaling("a").desired()).isEqualTo(1);
    }
  }

  @Test
  void maximumOfTheApplicationIsNeverExceededAndSaid() {
    InMemoryRuntime runtime = start(options -> options.placeholders(FAKE, 3));
    deploy("a", ONE_SLOT.withMaximumWorkers(3));
    send("a", "slow", 100);
    for (int step = 0; step < 600; step++) {
      runtime.advance(Duration.ofMillis(100));
      assertThat(workersOf(runtime, "a")).hasSizeLessThanOrEqualTo(3);
    }

    assertThat(ready("a")).isEqualTo(3);
    assertThat(scaling("a").reason()).contains("would be needed, 3 are allowed");
  }

  @Test
  void maximaOfTenantAndRuntimeAreNeverExceeded() {
    InMemoryRuntime runtime =
        start(
            options -> options.maximumWorkersPerTenant(4).maximumWorkers(6).placeholders(FAKE, 2));
    deploy("a", ONE_SLOT);
    deploy("b", ONE_SLOT);
    start(application("other").tenant("somebody").limits(ONE_SLOT).build());
    for (String id : List.of("a", "b", "other")) {
      send(id, "slow", 100);
    }
    for (int step = 0; step < 600; step++) {
      runtime.advance(Duration.ofMillis(100));
      assertThat(runtime.runtime().workers().workers()).hasSizeLessThanOrEqualTo(6);
      assertThat(workersOf(runtime, "a").size() + workersOf(runtime, "b").size())
          .isLessThanOrEqualTo(4);
    }

    assertThat(ready("other")).isGreaterThanOrEqualTo(1);
    assertThat(ready("a") + ready("b")).isEqualTo(4);
  }

  @Test
  void neighboursKeepTheirWorkersAndTheirAnswers() {
    InMemoryRuntime runtime = start(options -> options.placeholders(FAKE, 2).maximumWorkers(8));
    deploy("quiet", ONE_SLOT);
    deploy("busy", ONE_SLOT);
    List<WorkerInfo> before = workersOf(runtime, "quiet");
    send("busy", "slow", 200);
    for (int step = 0; step < 60; step++) {
      assertThat(runtime.call("quiet", "hello").succeeded()).isTrue();
      runtime.advance(SECOND);
    }

    assertThat(workersOf(runtime, "quiet"))
        .extracting(WorkerInfo::id)
        .containsExactlyElementsOf(before.stream().map(WorkerInfo::id).toList());
  }

  @Test
  void applicationWhoseWorkersCrashOverAndOverIsTriedWithOneAtATime() {
    InMemoryRuntime runtime = start(options -> options.placeholders(FAKE, 5));
    deploy("a", ONE_SLOT);
    runtime.script().function("slow", request -> Reply.die());
    List<CompletableFuture<InvocationResult>> calls = send("a", "slow", 50);
    int most = 0;
    for (int step = 0; step < 1200; step++) {
      runtime.advance(Duration.ofMillis(100));
      if (step > 20) {
        most = Math.max(most, workersOf(runtime, "a", WorkerState.SPECIALIZING).size());
      }
    }

    assertThat(most).isLessThanOrEqualTo(1);
    assertThat(calls.stream().filter(CompletableFuture::isDone).count()).isLessThan(50);
  }

  @Test
  void applicationThatCannotBeLoadedIsNotScaledOut() {
    InMemoryRuntime runtime = start(options -> options.placeholders(FAKE, 3));
    deploy("a", ONE_SLOT);
    runtime.advance(Duration.ofMinutes(11));
    runtime.script().reload(StatusInfo.failure("out of order"));
    send("a", "slow", 100);

    runtime.advance(Duration.ofSeconds(10));

    assertThat(scaling("a").desired()).isLessThanOrEqualTo(1);
  }

  // ---- in

  @Test
  void nothingIsTakenAwayInPanicAndThenAtMostHalfInAWindow() {
    InMemoryRuntime runtime = start(options -> options.placeholders(FAKE, 8));
    deploy("a", ONE_SLOT.withMaximumWorkers(8));
    send("a", "slow", 8);
    runtime.advance(SECOND);
    assertThat(ready("a")).isEqualTo(8);

    List<Integer> desired = new ArrayList<>();
    for (int second = 0; second < 400; second++) {
      runtime.advance(SECOND);
      if (second < 58) {
        assertThat(scaling("a").panic()).isTrue();
        assertThat(scaling("a").desired()).isEqualTo(8);
      }
      if (desired.isEmpty() || desired.get(desired.size() - 1) != scaling("a").desired()) {
        desired.add(scaling("a").desired());
      }
    }

    assertThat(desired).containsExactly(8, 4, 2, 1);
    assertThat(ready("a")).isEqualTo(1);
    assertThat(counter("scaling.in")).isEqualTo(3);
  }

  @Test
  void workersThatAreTakenAwayFinishTheirCalls() {
    InMemoryRuntime runtime = start(options -> options.placeholders(FAKE, 4));
    deploy("a", ONE_SLOT.withMaximumWorkers(4));
    send("a", "slow", 4);
    runtime.advance(SECOND);
    List<CompletableFuture<InvocationResult>> calls = new ArrayList<>();
    for (int second = 0; second < 300; second++) {
      calls.addAll(send("a", "brief", 1));
      runtime.advance(SECOND);
    }

    assertThat(ready("a")).isLessThan(4);
    assertThat(calls).allMatch(call -> call.join().succeeded());
  }

  // ---- to zero and back

  @Test
  void applicationWithoutCallsFallsToZeroAfterTheIdleTimeout() {
    InMemoryRuntime runtime = start(options -> options.idleTimeout(MINUTE.multipliedBy(3)));
    deploy("a", ONE_SLOT);
    assertThat(runtime.call("a", "hello").succeeded()).isTrue();

    runtime.advance(Duration.ofSeconds(175));
    assertThat(ready("a")).isEqualTo(1);
    runtime.advance(Duration.ofSeconds(15));

    assertThat(workersOf(runtime, "a")).isEmpty();
    assertThat(scaling("a").desired()).isZero();
    assertThat(scaling("a").reason()).contains("workers are kept for PT3M");
    assertThat(counter("scaling.to-zero")).isEqualTo(1);
  }

  @Test
  void minimumIsKeptWhateverTheIdleTime() {
    InMemoryRuntime runtime = start(options -> options);
    deploy("a", ONE_SLOT.withMinimumWorkers(2));

    runtime.advance(Duration.ofHours(2));

    assertThat(ready("a")).isEqualTo(2);
  }

  @Test
  void callBringsAnApplicationUpFromZeroWithTheCatalogueThatItHad() {
    InMemoryRuntime runtime = start(options -> options.placeholders(FAKE, 1));
    deploy("a", ONE_SLOT);
    runtime.advance(Duration.ofMinutes(11));
    assertThat(workersOf(runtime, "a")).isEmpty();

    assertThat(runtime.call("a", "hello").succeeded()).isTrue();
    runtime.advance(SECOND);

    assertThat(ready("a")).isEqualTo(1);
    assertThat(counter("scaling.from-zero")).isEqualTo(1);
  }

  @Test
  void burstFromZeroAsksForAllThatItNeedsAtOnce() {
    InMemoryRuntime runtime = start(options -> options.placeholders(FAKE, 6));
    deploy("a", ONE_SLOT.withMaximumWorkers(6));
    runtime.advance(Duration.ofMinutes(11));

    send("a", "slow", 6);
    runtime.advance(SECOND);

    assertThat(ready("a")).isEqualTo(6);
  }

  @Test
  void triggerBringsAnApplicationUpFromZero() {
    InMemoryRuntime runtime = start(options -> options.placeholders(FAKE, 1));
    deploy("a", ONE_SLOT);
    runtime.advance(Duration.ofMinutes(11));
    assertThat(workersOf(runtime, "a")).isEmpty();

    CompletableFuture<InvocationResult> run =
        runtime
            .trigger()
            .deliver(
                Invocation.of(ApplicationId.of("a"), "hello", Payload.text("x")), Delivery.once());

    assertThat(runtime.await(run, MINUTE).succeeded()).isTrue();
  }

  @Test
  void callThatComesWithTheDecisionToFallToZeroIsServed() {
    InMemoryRuntime runtime = start(options -> options.placeholders(FAKE, 1));
    deploy("a", ONE_SLOT);
    for (int step = 0; step < 200; step++) {
      runtime.advance(Duration.ofMinutes(10).plusMillis(10L * step));
      assertThat(runtime.call("a", "hello").succeeded()).isTrue();
    }
  }

  @Test
  void machineThatStoodStillTakesNobodysWorkers() {
    InMemoryRuntime runtime = start(options -> options);
    deploy("a", ONE_SLOT);

    runtime.time().stall(Duration.ofHours(1));
    runtime.advance(Duration.ofMinutes(9));

    assertThat(ready("a")).isEqualTo(1);
  }

  // ---- while something else happens

  @Test
  void updateKeepsAsManyWorkersAsThereAreAndLosesNoCall() {
    InMemoryRuntime runtime = start(options -> options.placeholders(FAKE, 6));
    deploy("a", ONE_SLOT.withMaximumWorkers(6));
    List<CompletableFuture<InvocationResult>> calls = new ArrayList<>(send("a", "slow", 60));
    runtime.advance(SECOND);
    assertThat(ready("a")).isEqualTo(6);

    CompletableFuture<JobHostInfo> update =
        runtime
            .runtime()
            .jobHosts()
            .update(
                application("a")
                    .limits(ONE_SLOT.withMaximumWorkers(6))
                    .setting("COLOUR", "red")
                    .build());
    runtime.await(update, MINUTE);

    assertThat(workersOf(runtime, "a", WorkerState.READY))
        .filteredOn(
            worker -> worker.revision().equals(java.util.Optional.of(update.join().revision())))
        .hasSize(6);
    runtime.advance(MINUTE.multipliedBy(5));
    assertThat(calls).allMatch(call -> call.join().succeeded());
  }

  @Test
  void updateInTheMiddleOfAScaleOutEndsWithAllWorkersOfTheNewRevision() {
    InMemoryRuntime runtime = start(options -> options);
    deploy("a", ONE_SLOT.withMaximumWorkers(5));
    runtime.provisioner().behave(Behaviour.DELIVER);
    List<CompletableFuture<InvocationResult>> calls = send("a", "slow", 100);
    runtime.advance(Duration.ofMillis(150));
    CompletableFuture<JobHostInfo> update =
        runtime
            .runtime()
            .jobHosts()
            .update(
                application("a")
                    .limits(ONE_SLOT.withMaximumWorkers(5))
                    .setting("COLOUR", "red")
                    .build());
    runtime.await(update, MINUTE);
    runtime.advance(Duration.ofSeconds(20));

    assertThat(workersOf(runtime, "a", WorkerState.READY))
        .hasSize(5)
        .allMatch(
            worker -> worker.revision().equals(java.util.Optional.of(update.join().revision())));
    runtime.advance(MINUTE.multipliedBy(10));
    assertThat(calls).allMatch(CompletableFuture::isDone);
  }

  @Test
  void workerThatIsLostInPanicIsReplaced() {
    InMemoryRuntime runtime = start(options -> options.placeholders(FAKE, 6));
    deploy("a", ONE_SLOT.withMaximumWorkers(4));
    send("a", "slow", 50);
    runtime.advance(SECOND);
    WorkerInfo lost = workersOf(runtime, "a", WorkerState.READY).get(0);
    runtime
        .provisioner()
        .terminate(
            runtime.provisioner().delivered().stream()
                .filter(worker -> worker.id().equals(lost.id()))
                .findFirst()
                .orElseThrow(),
            1);

    runtime.advance(SECOND);

    assertThat(ready("a")).isEqualTo(4);
  }

  // ---- what tests see and do

  private InMemoryRuntime start(UnaryOperator<RuntimeOptions.Builder> change) {
    InMemoryRuntime runtime = InMemoryRuntime.start(change, builder -> {});
    runtime
        .script()
        .function("hello", request -> Reply.succeed(Payload.text("hi")))
        .function("brief", request -> Reply.later(Duration.ofMillis(100), Payload.text("hi")))
        .function("slow", request -> Reply.later(Duration.ofSeconds(5), Payload.text("hi")))
        .function("hour", request -> Reply.later(Duration.ofHours(1), Payload.text("hi")));
    world = runtime;
    return runtime;
  }

  private InMemoryRuntime world() {
    return java.util.Objects.requireNonNull(world);
  }

  private void deploy(String id, AppLimits limits) {
    start(application(id).limits(limits).build());
  }

  private void start(ApplicationDefinition definition) {
    world().await(world().runtime().jobHosts().start(definition), MINUTE);
  }

  private List<CompletableFuture<InvocationResult>> send(String id, String function, int count) {
    List<CompletableFuture<InvocationResult>> calls = new ArrayList<>();
    for (int call = 0; call < count; call++) {
      calls.add(world().send(id, function));
    }
    return calls;
  }

  private int ready(String id) {
    return workersOf(world(), id, WorkerState.READY).size();
  }

  private ScalingSnapshot.Application scaling(String id) {
    return world().runtime().scaling().application(ApplicationId.of(id)).orElseThrow();
  }

  private long gauge(String name) {
    return world().runtime().metrics().gauge(name);
  }

  private long counter(String name) {
    return world().runtime().metrics().counter(name);
  }
}
