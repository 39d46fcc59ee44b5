/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import static io.manyhands.core.placement.Observed.in;
import static io.manyhands.core.placement.Observed.pooled;
import static io.manyhands.core.placement.Observed.serving;
import static io.manyhands.core.placement.Observed.workersOf;
import static io.manyhands.testkit.InMemoryRuntime.application;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.testkit.FakeProvisioner.Behaviour;
import io.manyhands.testkit.FakeWorker;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.WorkerScript.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Workers that are lost are replaced, by themselves and once. */
class HealingTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void lostWorkerIsReplacedAtOnceThoughNobodyCalls() {
    try (InMemoryRuntime runtime = pooled(1)) {
      runtime.deploy("a");
      runtime.advance(SECOND);
      FakeWorker lost = serving(runtime, "a");

      runtime.provisioner().terminate(lost, 137);
      runtime.advance(Duration.ofMillis(10));

      assertThat(serving(runtime, "a").id()).isNotEqualTo(lost.id());
      assertThat(runtime.runtime().metrics().counter("placement.workers.lost")).isEqualTo(1);
    }
  }

  @Test
  void replacementThatDoesNotComeIsAskedForAgain() {
    try (InMemoryRuntime runtime = pooled(0)) {
      runtime.deploy("a");
      runtime.provisioner().behave(Behaviour.NEVER_DELIVER);
      runtime.provisioner().terminate(serving(runtime, "a"), 1);
      runtime.advance(Duration.ofSeconds(59));
      assertThat(runtime.provisioner().requests()).hasSize(2);

      runtime.advance(Duration.ofSeconds(3));
      assertThat(runtime.provisioner().requests()).hasSize(3);
      runtime.provisioner().behave(Behaviour.DELIVER);
      runtime.advance(Duration.ofSeconds(65));

      assertThat(workersOf(runtime, "a", WorkerState.READY)).hasSize(1);
      assertThat(runtime.provisioner().alive()).hasSize(1);
    }
  }

  @Test
  void longOutageOfThePlatformHealsWithoutACall() {
    try (InMemoryRuntime runtime = pooled(1)) {
      runtime.deploy("a");
      runtime.advance(SECOND);
      runtime.provisioner().behave(Behaviour.REFUSE);
      runtime.provisioner().terminate(serving(runtime, "a"), 1);
      runtime.advance(SECOND);
      runtime.provisioner().terminate(serving(runtime, "a"), 1);
      runtime.advance(MINUTE.multipliedBy(9));
      assertThat(runtime.runtime().workers().workers()).isEmpty();

      runtime.provisioner().behave(Behaviour.DELIVER);
      runtime.advance(Duration.ofSeconds(31));

      assertThat(workersOf(runtime, "a", WorkerState.READY)).hasSize(1);
      assertThat(in(runtime, WorkerState.PLACEHOLDER)).isEqualTo(1);
    }
  }

  @Test
  void provisionerThatStaysSilentIsGivenUpAndAskedAgain() {
    try (InMemoryRuntime runtime = pooled(0)) {
      runtime.provisioner().behave(Behaviour.SILENT);
      CompletableFuture<?> started = runtime.runtime().jobHosts().start(application("a").build());
      runtime.advance(Duration.ofSeconds(61));
      runtime.provisioner().behave(Behaviour.DELIVER);
      runtime.advance(Duration.ofSeconds(63));

      assertThat(started).isCompleted();
      assertThat(runtime.provisioner().requests()).hasSize(3);
      assertThat(runtime.provisioner().releases())
          .contains(runtime.provisioner().requests().get(0).id());
    }
  }

  @Test
  void acceptanceThatComesAfterItWasGivenUpIsReleasedAgain() {
    try (InMemoryRuntime runtime = pooled(0)) {
      runtime.provisioner().behave(Behaviour.SILENT);
      CompletableFuture<?> started = runtime.runtime().jobHosts().start(application("a").build());
      runtime.advance(Duration.ofSeconds(61));

      FakeWorker late = runtime.provisioner().answer(runtime.provisioner().requests().get(0));
      runtime.advance(SECOND);

      assertThat(late.received()).isEmpty();
      assertThat(runtime.provisioner().alive()).doesNotContain(late);
      assertThat(runtime.runtime().metrics().counter("placement.accepted.late")).isEqualTo(1);
      assertThat(started).isNotDone();
      runtime.provisioner().behave(Behaviour.DELIVER);
    }
  }

  @Test
  void workerThatConnectsAfterItWasGivenUpIsDestroyedNotUsed() {
    try (InMemoryRuntime runtime = pooled(1)) {
      runtime.provisioner().behave(Behaviour.NEVER_DELIVER);
      runtime.provisioner().terminate(runtime.provisioner().alive().get(0), 1);
      runtime.advance(SECOND);
      FakeWorker dawdling = runtime.provisioner().alive().get(0);
      // The platform says that it is gone, but it is not.
      runtime.advance(Duration.ofSeconds(61));
      long releases = releases(runtime, dawdling);

      runtime.provisioner().dial(dawdling);
      runtime.advance(SECOND);

      assertThat(dawdling.received()).isEmpty();
      assertThat(dawdling.ended()).isPresent();
      assertThat(releases(runtime, dawdling)).isEqualTo(releases + 1);
      assertThat(runtime.runtime().metrics().counter("registry.refused.late")).isEqualTo(1);
    }
  }

  @Test
  void releaseThatFailsIsTriedAgain() {
    try (InMemoryRuntime runtime = pooled(1)) {
      runtime.deploy("a");
      FakeWorker worker = serving(runtime, "a");
      runtime.provisioner().failReleases(2);
      runtime.await(runtime.runtime().jobHosts().stop(ApplicationId.of("a"), SECOND), MINUTE);
      assertThat(runtime.provisioner().alive()).contains(worker);

      runtime.advance(Duration.ofSeconds(20));

      assertThat(runtime.provisioner().alive()).doesNotContain(worker);
      assertThat(releases(runtime, worker)).isEqualTo(3);
    }
  }

  @Test
  void startsThatFailBackOffTryOneAtATimeAndRecover() {
    try (InMemoryRuntime runtime = pooled(5)) {
      runtime.provisioner().behave(Behaviour.DIE_AT_START);
      List.copyOf(runtime.provisioner().alive())
          .forEach(worker -> runtime.provisioner().terminate(worker, 1));
      runtime.advance(Duration.ofMillis(500));
      int firstRound = runtime.provisioner().requests().size();
      assertThat(firstRound).isEqualTo(10);

      runtime.advance(MINUTE.multipliedBy(3));
      // 1 s, 2 s, 4 s, 8 s, 16 s, then every 30 s at most, one worker each.
      assertThat(runtime.provisioner().requests()).hasSizeBetween(firstRound + 8, firstRound + 14);

      runtime.provisioner().behave(Behaviour.DELIVER);
      runtime.advance(Duration.ofSeconds(32));
      assertThat(in(runtime, WorkerState.PLACEHOLDER)).isEqualTo(5);
    }
  }

  @Test
  void otherLanguagesAreServedWhileStartsOfOneFail() {
    try (InMemoryRuntime runtime = pooled(1)) {
      runtime.provisioner().behave(Behaviour.DIE_AT_START);
      runtime.provisioner().terminate(runtime.provisioner().alive().get(0), 1);
      runtime.advance(MINUTE);
      runtime.provisioner().behave(Behaviour.DELIVER);

      runtime.await(
          runtime
              .runtime()
              .jobHosts()
              .start(application("a").stack(InMemoryRuntime.LINKED).build()),
          SECOND);
    }
  }

  @Test
  void busyPlatformIsLeftAloneForAsLongAsItSaid() {
    try (InMemoryRuntime runtime = pooled(0)) {
      runtime.provisioner().behave(Behaviour.BUSY);
      CompletableFuture<?> started = runtime.runtime().jobHosts().start(application("a").build());
      CompletableFuture<InvocationResult> call = runtime.send("a", "hello");
      runtime.advance(Duration.ofMillis(19_900));
      assertThat(runtime.provisioner().requests()).hasSize(1);

      runtime.advance(Duration.ofMillis(2_200));
      assertThat(runtime.provisioner().requests()).hasSize(2);
      runtime.advance(MINUTE);
      assertThat(started).isNotDone();
      assertThat(call).isNotDone();

      runtime.provisioner().behave(Behaviour.DELIVER);
      runtime.await(started, Duration.ofSeconds(23));
      assertThat(runtime.await(call, SECOND).succeeded()).isTrue();
    }
  }

  @Test
  void crashLoopingApplicationBacksOffAloneAndIsForgivenLater() {
    try (InMemoryRuntime runtime = pooled(1)) {
      runtime.script().function("crash", request -> Reply.die());
      runtime.deploy("loop");
      runtime.deploy("good");
      runtime.advance(SECOND);
      String good = serving(runtime, "good").id().value();

      long before = runtime.runtime().metrics().counter("placement.placeholder.hits");
      for (int second = 0; second < 300; second++) {
        runtime.send("loop", "crash");
        runtime.advance(SECOND);
        assertThat(runtime.call("good", "hello").succeeded()).isTrue();
      }
      long replacements =
          runtime.runtime().metrics().counter("placement.placeholder.hits") - before;
      assertThat(replacements).isBetween(8L, 20L);
      assertThat(serving(runtime, "good").id().value()).isEqualTo(good);
      assertThat(in(runtime, WorkerState.PLACEHOLDER)).isEqualTo(1);

      // Ten quiet minutes, then one more crash: replaced at once.
      runtime.script().function("crash", request -> Reply.succeed(Payload.text("well")));
      runtime.advance(MINUTE.multipliedBy(9));
      FakeWorker worker = serving(runtime, "loop");
      runtime.provisioner().terminate(worker, 1);
      runtime.advance(Duration.ofMillis(10));
      assertThat(serving(runtime, "loop").id()).isNotEqualTo(worker.id());
    }
  }

  @Test
  void callsOfACrashLoopingApplicationThatWaitAreServedByItsNextWorker() {
    try (InMemoryRuntime runtime = pooled(1)) {
      runtime.script().function("crash", request -> Reply.die());
      runtime.deploy("loop");
      for (int crash = 0; crash < 4; crash++) {
        runtime.call("loop", "crash");
        runtime.advance(Duration.ofMillis(500));
      }

      assertThat(runtime.await(runtime.send("loop", "hello"), Duration.ofSeconds(31)).succeeded())
          .isTrue();
    }
  }

  @Test
  void twoLossesAtOnceAreReplacedOnceEach() {
    try (InMemoryRuntime runtime = pooled(2)) {
      runtime.deploy("a");
      runtime.deploy("b");
      runtime.advance(SECOND);
      int before = runtime.provisioner().requests().size();

      runtime.provisioner().terminate(serving(runtime, "a"), 1);
      runtime.provisioner().terminate(serving(runtime, "b"), 1);
      runtime.advance(SECOND);

      assertThat(runtime.provisioner().requests()).hasSize(before + 2);
      assertThat(workersOf(runtime, "a", WorkerState.READY)).hasSize(1);
      assertThat(workersOf(runtime, "b", WorkerState.READY)).hasSize(1);
      assertThat(in(runtime, WorkerState.PLACEHOLDER)).isEqualTo(2);
    }
  }

  @Test
  void connectionsThatFailDoNotInflateTheCount() {
    try (InMemoryRuntime runtime = pooled(2)) {
      int before = runtime.provisioner().requests().size();
      for (int round = 0; round < 5; round++) {
        FakeWorker worker = runtime.provisioner().alive().get(0);
        runtime.provisioner().impostorOf(worker);
        runtime.advance(Duration.ofSeconds(1));
      }

      // Each time both streams are ended, and one worker takes the place of one.
      assertThat(runtime.provisioner().requests()).hasSize(before + 5);
      assertThat(in(runtime, WorkerState.PLACEHOLDER)).isEqualTo(2);
      assertThat(runtime.runtime().workers().workers()).hasSize(2);
      assertThat(runtime.runtime().metrics().gauge("registry.workers")).isEqualTo(2);
    }
  }

  @Test
  void afterAReplacementTheOldWorkerGetsNoCalls() {
    try (InMemoryRuntime runtime = pooled(1)) {
      runtime.deploy("a");
      FakeWorker old = serving(runtime, "a");
      runtime.call("a", "hello");
      old.die();
      runtime.advance(SECOND);
      // Its process lives, and dials in again under its old id.
      runtime.provisioner().dial(old);
      runtime.advance(SECOND);

      for (int call = 0; call < 20; call++) {
        assertThat(runtime.call("a", "hello").succeeded()).isTrue();
      }
      assertThat(old.received(HostMessage.InvocationRequest.class)).hasSize(1);
    }
  }

  @Test
  void suspectWorkerIsStoodInForAndTheSurplusGoesWhenItComesBack() {
    try (InMemoryRuntime runtime = pooled(1)) {
      runtime.deploy("a");
      FakeWorker silent = serving(runtime, "a");
      runtime.script().answersStatus(false);
      runtime.advance(Duration.ofSeconds(40));
      runtime.script().answersStatus(true);
      runtime.advance(SECOND);
      assertThat(workersOf(runtime, "a", WorkerState.SUSPECT)).hasSize(1);
      assertThat(serving(runtime, "a").id()).isNotEqualTo(silent.id());
      assertThat(runtime.call("a", "hello").succeeded()).isTrue();
      assertThat(silent.received(HostMessage.InvocationRequest.class)).isEmpty();

      runtime.advance(Duration.ofSeconds(20));
      assertThat(workersOf(runtime, "a")).hasSize(1);
    }
  }

  @Test
  void updatedApplicationIsNeverServedByAnOldWorker() {
    try (InMemoryRuntime runtime = pooled(2)) {
      runtime.script().function("slow", request -> Reply.later(SECOND, Payload.text("old")));
      runtime.deploy("a");
      FakeWorker old = serving(runtime, "a");
      CompletableFuture<InvocationResult> slow = runtime.send("a", "slow");
      runtime.await(
          runtime.runtime().jobHosts().update(application("a").setting("COLOUR", "red").build()),
          MINUTE);

      List<String> answeredBy = new ArrayList<>();
      for (int call = 0; call < 10; call++) {
        answeredBy.add(runtime.call("a", "hello").orThrow().worker().orElseThrow().value());
      }
      assertThat(answeredBy).doesNotContain(old.id().value());
      assertThat(runtime.await(slow, MINUTE).succeeded()).isTrue();
    }
  }

  @Test
  void deletedApplicationThatIsDeployedAgainGetsANewWorker() {
    try (InMemoryRuntime runtime = pooled(1)) {
      runtime.deploy("a");
      FakeWorker old = serving(runtime, "a");
      runtime.await(runtime.runtime().jobHosts().stop(ApplicationId.of("a"), SECOND), MINUTE);
      runtime.deploy("a");

      assertThat(runtime.call("a", "hello").orThrow().worker().orElseThrow())
          .isNotEqualTo(old.id());
      assertThat(runtime.provisioner().alive()).doesNotContain(old);
    }
  }

  private static long releases(InMemoryRuntime runtime, FakeWorker worker) {
    return runtime.provisioner().releases().stream().filter(worker.id()::equals).count();
  }
}
