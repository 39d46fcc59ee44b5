/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import static io.manyhands.testkit.InMemoryRuntime.FAKE;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.testkit.FakeProvisioner;
import io.manyhands.testkit.FakeWorker;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.WorkerScript.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Workers of our extension outlive their Runtime, and its next start knows them again. */
class RuntimeRestartTest {
  private static final Payload HI = Payload.text("hi");

  private InMemoryRuntime world;
  private FakeWorker worker;

  @BeforeEach
  void serve() {
    world = InMemoryRuntime.start(options -> options.placeholders(FAKE, 0));
    serveOn();
  }

  private void serveOn() {
    world.provisioner().extended(true);
    world.script().function("fast", request -> Reply.succeed(HI));
    world.script().function("slow", request -> Reply.later(Duration.ofSeconds(2), HI));
    world.deploy("greeter");
    worker = world.provisioner().alive().get(0);
  }

  @AfterEach
  void end() {
    world.close();
  }

  @Test
  void specializedWorkerServesTheNextStartWithoutASecondSpecialization() {
    world.crash();
    restartAndBackAfter(Duration.ofMillis(500));

    assertThat(info().state()).isEqualTo(WorkerState.READY);
    assertThat(info().epoch()).isEqualTo(2);
    assertThat(world.provisioner().requests()).hasSize(1);
    assertThat(world.call("greeter", "fast").orThrow().returnValue()).isEqualTo(HI);
    assertThat(worker.received(HostMessage.EnvironmentReloadRequest.class)).hasSize(1);
    assertThat(worker.received(HostMessage.FunctionsMetadataRequest.class)).hasSize(1);
    assertThat(counter("placement.taken-over")).isEqualTo(1);
  }

  @Test
  void workerThatComesFirstIsHeldUntilItsApplicationIsDeclared() {
    world.crash();
    world.restart();
    back();
    assertThat(info().state()).isEqualTo(WorkerState.CONNECTED);
    assertThat(worker.received(HostMessage.LinkWelcome.class)).hasSize(2);

    world.advance(Duration.ofSeconds(20));
    world.deploy("greeter");

    assertThat(info().state()).isEqualTo(WorkerState.READY);
    assertThat(world.call("greeter", "fast").succeeded()).isTrue();
    assertThat(worker.received(HostMessage.EnvironmentReloadRequest.class)).hasSize(1);
  }

  @Test
  void workerWhoseApplicationNobodyDeclaresIsToldToEnd() {
    world.crash();
    world.restart();
    back();

    world.advance(Duration.ofSeconds(31));

    assertThat(world.runtime().workers().workers()).isEmpty();
    assertThat(worker.received(HostMessage.LinkFarewell.class))
        .extracting(HostMessage.LinkFarewell::comeBack)
        .containsExactly(false);
    assertThat(world.provisioner().releases()).contains(worker.id());
  }

  @Test
  void workerOfAnotherRevisionIsNotTakenOver() {
    world.crash();
    world.restart(InMemoryRuntime.application("greeter").setting("COLOUR", "blue").build());
    world.advance(Duration.ofSeconds(1));
    back();

    assertThat(info().state()).isEqualTo(WorkerState.CONNECTED);
    assertThat(world.call("greeter", "fast").succeeded()).isTrue();
    assertThat(worker.received(HostMessage.InvocationRequest.class)).isEmpty();
  }

  @Test
  void nobodyComesBackToARuntimeThatCloses() {
    FakeWorker placeholder = placeholder();
    world.crash();
    world.provisioner().recoverLate();
    world.restart();
    placeholder.comeBack(world.network());
    world.advance(Duration.ofMillis(5));
    world.provisioner().releases(FakeProvisioner.Release.NEVER_DONE);
    CompletableFuture<Void> closed = world.runtime().shutdown(Duration.ofSeconds(5));
    world.time().runUntilIdle();

    worker.comeBack(world.network());
    world.advance(Duration.ofSeconds(1));
    assertThat(closed).isNotDone();
    world.advance(Duration.ofMinutes(1));

    assertThat(closed).isDone();
    assertThat(worker.received(HostMessage.LinkWelcome.class)).hasSize(1);
    assertThat(world.time().pendingTimers()).isZero();
  }

  @Test
  void answerToACallOfTheEarlierStartIsNotWanted() {
    CompletableFuture<InvocationResult> call = world.send("greeter", "slow");
    world.advance(Duration.ofMillis(10));
    world.crash();
    world.advance(Duration.ofSeconds(3));
    world.restart(InMemoryRuntime.application("greeter").build());

    back();

    assertThat(call).isNotDone();
    List<HostMessage.LinkWelcome> welcomes = worker.received(HostMessage.LinkWelcome.class);
    assertThat(welcomes.get(welcomes.size() - 1).wanted()).isEmpty();
    assertThat(counter("session.responses.unknown")).isZero();
    assertThat(world.call("greeter", "fast").succeeded()).isTrue();
  }

  @Test
  void answerThatIsStillBeingWorkedOnAtTheRestartIsCountedAndDropped() {
    world.send("greeter", "slow");
    world.advance(Duration.ofMillis(10));
    world.crash();
    restartAndBackAfter(Duration.ofMillis(5));

    world.advance(Duration.ofSeconds(3));

    assertThat(counter("session.responses.unknown")).isEqualTo(1);
    assertThat(info().inFlight()).isZero();
  }

  @Test
  void twoStreamsOfOneWorkerAfterARestartLeaveOne() {
    world.crash();
    world.restart(InMemoryRuntime.application("greeter").build());
    worker.comeBack(world.network());
    worker.comeBack(world.network());
    world.advance(Duration.ofMillis(5));

    assertThat(info().state()).isEqualTo(WorkerState.READY);
    assertThat(counter("session.resumed") + counter("session.resume.refused")).isEqualTo(2);
    assertThat(counter("placement.taken-over")).isEqualTo(1);
    if (worker.ended().isPresent()) {
      // Of two streams the one that arrives last stays, which need not be the one opened last.
      back();
    }
    assertThat(world.call("greeter", "fast").succeeded()).isTrue();
  }

  @Test
  void workerThatEndedAfterTheRestartIsNotTakenUpAgain() {
    String early = worker.token();
    world.crash();
    world.restart(InMemoryRuntime.application("greeter").build());
    back();
    world.await(world.runtime().workers().drain(worker.id()), Duration.ofMinutes(1));

    worker.comeBack(world.network(), early);
    world.advance(Duration.ofMillis(5));

    assertThat(counter("registry.refused.gone")).isEqualTo(1);
    assertThat(world.runtime().workers().find(worker.id())).isEmpty();
  }

  @Test
  void placeholderIsNoApplicationsWhileItsOwnWorkerMayComeBack() {
    FakeWorker placeholder = placeholder();
    world.crash();
    later(Duration.ofMillis(20), () -> placeholder.comeBack(world.network()));

    restartAndBackAfter(Duration.ofMillis(500));

    assertThat(info().state()).isEqualTo(WorkerState.READY);
    assertThat(world.runtime().workers().find(placeholder.id()).orElseThrow().state())
        .isEqualTo(WorkerState.PLACEHOLDER);
    assertThat(world.provisioner().alive()).containsExactly(worker, placeholder);
    assertThat(counter("placement.placeholder.misses")).isZero();
  }

  @Test
  void workerThatDoesNotComeBackIsWaitedForNoLongerThanTwoSeconds() {
    FakeWorker placeholder = placeholder();
    world.crash();
    long crashed = world.time().seams().ticker().nanos();
    later(Duration.ofMillis(20), () -> placeholder.comeBack(world.network()));

    world.restart(InMemoryRuntime.application("greeter").build());

    assertThat(world.runtime().workers().find(placeholder.id()).orElseThrow().state())
        .isEqualTo(WorkerState.READY);
    assertThat(info().state()).isEqualTo(WorkerState.REQUESTED);
    assertThat(world.time().seams().ticker().nanos() - crashed)
        .isBetween(Duration.ofSeconds(2).toNanos(), Duration.ofMillis(2200).toNanos());
  }

  @Test
  void workerThatDoesNotComeBackIsEndedAfterTheDeclarationGraceAndFailsNobody() {
    world.crash();
    world.restart(InMemoryRuntime.application("greeter").build());
    world.advance(Duration.ofSeconds(31));

    assertThat(world.runtime().workers().find(worker.id())).isEmpty();
    assertThat(world.provisioner().releases()).containsExactly(worker.id());
    assertThat(counter("placement.start.failed") + counter("placement.workers.lost")).isZero();
    assertThat(world.call("greeter", "fast").succeeded()).isTrue();
  }

  @Test
  void placeholderThatComesBackIsCountedIntoThePool() {
    FakeWorker placeholder = placeholder();
    world.crash();
    later(Duration.ofMillis(300), () -> placeholder.comeBack(world.network()));
    later(Duration.ofMillis(300), () -> worker.comeBack(world.network()));

    world.restart();
    world.advance(Duration.ofSeconds(5));

    assertThat(world.provisioner().alive()).containsExactly(worker, placeholder);
    assertThat(world.runtime().workers().find(placeholder.id()).orElseThrow().state())
        .isEqualTo(WorkerState.PLACEHOLDER);
  }

  @Test
  void oldPlaceholderTokenOfASpecializedWorkerIsGoodForNothingAfterARestart() {
    String old = welcomeToken(worker);
    world.crash();
    world.restart();

    worker.connectRaw(world.network(), presents(worker, old));
    world.advance(Duration.ofMillis(5));

    assertThat(worker.received(HostMessage.LinkRefusal.class))
        .extracting(HostMessage.LinkRefusal::reason)
        .containsExactly("nothing shows that it is still nobody's worker");
    assertThat(info().state()).isEqualTo(WorkerState.REQUESTED);
    back();
    assertThat(info().state()).isEqualTo(WorkerState.CONNECTED);
  }

  @Test
  void tokenOfAPlaceholderThatHasEndedIsGoodForNothingAfterARestart() {
    FakeWorker placeholder = placeholder();
    String old = placeholder.token();
    world.await(world.runtime().workers().drain(placeholder.id()), Duration.ofMinutes(1));
    world.advance(Duration.ofSeconds(1));
    world.crash();
    world.restart();

    placeholder.connectRaw(world.network(), presents(placeholder, old));
    world.advance(Duration.ofMillis(5));

    assertThat(placeholder.received(HostMessage.LinkRefusal.class)).hasSize(1);
    assertThat(world.runtime().workers().find(placeholder.id()).map(WorkerInfo::state))
        .isNotEqualTo(Optional.of(WorkerState.PLACEHOLDER));
  }

  @Test
  void noSettingsAreSentToAWorkerThatCouldNotBeTakenOffThePlaceholders() {
    world.close();
    world = InMemoryRuntime.start(options -> options.placeholders(FAKE, 0));
    world.provisioner().extended(true);
    world.placeholders().breakDown();
    world.script().function("fast", request -> Reply.succeed(HI));

    CompletableFuture<?> start =
        world.runtime().jobHosts().start(InMemoryRuntime.application("greeter").build());
    world.advance(Duration.ofSeconds(30));

    assertThat(start).isCompletedExceptionally();
    assertThat(world.provisioner().delivered())
        .isNotEmpty()
        .allSatisfy(
            sent ->
                assertThat(sent.received(HostMessage.EnvironmentReloadRequest.class)).isEmpty());
  }

  private static String welcomeToken(FakeWorker of) {
    return of.received(HostMessage.LinkWelcome.class).get(0).resumeToken();
  }

  /** What hostile code says that kept a token of its worker's past. */
  private static WorkerMessage presents(FakeWorker of, String token) {
    return new WorkerMessage.LinkHello(
        of.id().value(),
        "",
        true,
        Map.of(),
        new WorkerMessage.LinkStack("", ""),
        Optional.of(
            new WorkerMessage.LinkResume(
                token, "", "", "", Map.of(), Optional.empty(), List.of(), List.of(), List.of())));
  }

  @Test
  void workerThatIsBackBeforeItsProvisionerToldOfItIsTheSame() {
    world.crash();
    world.provisioner().recoverLate();
    world.restart();
    back();
    assertThat(info().state()).isEqualTo(WorkerState.CONNECTED);

    world.provisioner().recover();
    world.advance(Duration.ofMillis(5));
    world.deploy("greeter");

    assertThat(info().state()).isEqualTo(WorkerState.READY);
    assertThat(info().labels()).containsEntry("host", "fake");
    assertThat(world.provisioner().requests()).hasSize(1);
  }

  @Test
  void workerThatEndedBeforeItsProvisionerToldOfItIsReleased() {
    world.crash();
    world.provisioner().recoverLate();
    world.restart();
    back();
    world.await(world.runtime().workers().drain(worker.id()), Duration.ofMinutes(1));
    int released = world.provisioner().releases().size();

    world.provisioner().recover();
    world.advance(Duration.ofMillis(5));

    assertThat(world.provisioner().releases()).hasSize(released + 1);
    assertThat(world.runtime().workers().find(worker.id())).isEmpty();
  }

  @Test
  void declaredApplicationIsKnownToTriggersBeforeTheyListen() {
    world.crash();
    assertThat(world.trigger().knownAtStart()).isEmpty();

    world.restart(InMemoryRuntime.application("other").build());

    assertThat(world.trigger().knownAtStart()).contains(ApplicationId.of("other"));
    assertThat(world.call("other", "fast").succeeded()).isTrue();
  }

  /** A worker of the pool, beside the application's. */
  private FakeWorker placeholder() {
    world.close();
    world = InMemoryRuntime.start(options -> options.placeholders(FAKE, 1));
    world.provisioner().extended(true);
    FakeWorker stock = world.provisioner().delivered().get(0);
    world.await(world.runtime().workers().drain(stock.id()), Duration.ofMinutes(1));
    world.advance(Duration.ofSeconds(1));
    serveOn();
    world.advance(Duration.ofSeconds(1));
    return world.provisioner().alive().get(1);
  }

  private void restartAndBackAfter(Duration pause) {
    later(pause, () -> worker.comeBack(world.network()));
    world.restart(InMemoryRuntime.application("greeter").build());
  }

  private void later(Duration pause, Runnable task) {
    world.time().seams().scheduler().schedule(task, pause);
  }

  private void back() {
    worker.comeBack(world.network());
    world.advance(Duration.ofMillis(5));
  }

  private WorkerInfo info() {
    return world.runtime().workers().find(worker.id()).orElseThrow();
  }

  private long counter(String name) {
    return world.runtime().metrics().counters().getOrDefault(name, 0L);
  }
}
