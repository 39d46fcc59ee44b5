/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.manyhands.testkit.SocketProxy;
import io.manyhands.transport.grpc.protocol.InvocationCancel;
import io.manyhands.transport.grpc.protocol.RpcFunctionMetadata;
import io.manyhands.transport.grpc.protocol.StatusResult;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.StreamingMessage.ContentCase;
import io.manyhands.transport.grpc.protocol.WorkerStatusRequest;
import io.manyhands.transport.grpc.protocol.WorkerTerminate;
import io.manyhands.transport.grpc.protocol.link.CodePackage;
import io.manyhands.transport.grpc.protocol.link.Farewell;
import io.manyhands.transport.grpc.protocol.link.Hello;
import io.manyhands.transport.grpc.protocol.link.PackageState;
import io.manyhands.transport.grpc.protocol.link.Refusal;
import io.manyhands.transport.grpc.protocol.link.Resume;
import io.manyhands.transport.grpc.protocol.link.RuntimeFrame;
import io.manyhands.transport.grpc.protocol.link.Welcome;
import io.manyhands.transport.grpc.protocol.link.WorkerFrame;
import io.manyhands.transport.grpc.protocol.link.WorkerFrame.FrameCase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our own service over real sockets; ids are of docs/protocol.md. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class LinkStreamTest {
  private static TestApp app;

  private LinkHost host;
  private @Nullable SocketProxy proxy;
  private @Nullable LinkedWorker worker;

  @BeforeAll
  static void compile(@TempDir Path directory) throws Exception {
    app = TestApp.in(directory).jar("calls");
  }

  @BeforeEach
  void listen() throws Exception {
    host = new LinkHost();
  }

  @AfterEach
  void stop() throws Exception {
    if (worker != null) {
      worker.stop();
    }
    if (proxy != null) {
      proxy.close();
    }
    host.stop();
  }

  /** P-LINK-10. */
  @Test
  void packageIsRefusedByAWorkerThatHasNoAgent() {
    dial();
    LinkHost.Stream stream = host.accept();
    stream.hello();
    stream.welcome(1, "token");
    stream.frame(
        RuntimeFrame.newBuilder().setCodePackage(CodePackage.newBuilder().setSha256("ab")));

    PackageState state = stream.next(FrameCase.PACKAGE_STATE).getPackageState();
    assertThat(state.getSha256()).isEqualTo("ab");
    assertThat(state.getStage()).isEqualTo(PackageState.Stage.FAILED);
    assertThat(state.getProblem()).contains("(expected: an agent beside it");
  }

  /** P-LINK-1, P-LINK-3. */
  @Test
  void newWorkerSaysWhoItIsAndConfirmsTheEpochItIsGiven() {
    dial();
    LinkHost.Stream stream = host.accept();
    Hello hello = stream.hello();
    assertThat(hello.getWorkerId()).isEqualTo("w");
    assertThat(hello.getResumable()).isTrue();
    assertThat(hello.hasResume()).isFalse();
    stream.welcome(7, "token-7");
    alive(stream);
  }

  /** P-LINK-4, P-LINK-6. */
  @Test
  void comesBackAfterACutAsWhatItIsAndSendsTheWantedAnswersOnce() throws Exception {
    dialThroughProxy();
    LinkHost.Stream first = specialized("token-2");
    for (String id : List.of("acknowledged", "unwanted", "wanted")) {
      LinkedWorker.invoke(first, "instance", "", id);
      assertThat(first.answer()).isEqualTo(id);
    }
    first.acknowledge(1);
    LinkedWorker.invoke(first, "wait", "", "runs");
    first.message(ContentCase.RPC_LOG);
    proxy.cut();

    LinkHost.Stream second = host.accept();
    Resume resume = second.hello().getResume();
    assertThat(resume.getToken()).isEqualTo("token-2");
    assertThat(List.of(resume.getTenant(), resume.getApplication(), resume.getRevision()))
        .containsExactly("acme", "orders", "r1");
    assertThat(resume.getCapabilitiesMap()).containsKey("HandlesInvocationCancelMessage");
    assertThat(resume.getWorkerMetadata().getRuntimeName()).isEqualTo("manyhands-java");
    assertThat(resume.getRunningList()).containsExactly("runs");
    assertThat(resume.getAnsweredList()).containsExactlyInAnyOrder("unwanted", "wanted");
    assertThat(resume.getFunctionsList())
        .extracting(RpcFunctionMetadata::getFunctionId)
        .contains("instance", "wait", "await-file");
    RpcFunctionMetadata instance =
        resume.getFunctionsList().stream()
            .filter(function -> function.getName().equals("instance"))
            .findFirst()
            .orElseThrow();
    assertThat(instance.getStatus().getStatus()).isEqualTo(StatusResult.Status.Success);
    assertThat(instance.getRawBindingsList()).singleElement().asString().contains("queueTrigger");

    second.welcome(3, "token-3", "wanted");
    assertThat(second.answer()).isEqualTo("wanted");
    // The specialization and the call that ran lived on.
    second.send(
        StreamingMessage.newBuilder()
            .setInvocationCancel(InvocationCancel.newBuilder().setInvocationId("runs")));
    assertThat(second.answer()).isEqualTo("runs");
    LinkedWorker.invoke(second, "instance", "", "new");
    assertThat(second.answer()).isEqualTo("new");
    assertThat(answers(second)).isEmpty();
    assertThat(host.opened()).isEqualTo(2);
  }

  @Test
  void answersAndLogsOfCallsThatEndWhileItIsAwayAreSentWhenItIsBack(@TempDir Path files)
      throws Exception {
    Path file = files.resolve("go");
    dial();
    LinkHost.Stream first = specialized("token-2");
    LinkedWorker.invoke(first, "await-file", file.toString(), "away");
    first.message(ContentCase.RPC_LOG);
    int port = host.port();
    host.stop();
    first.awaitEnd();
    Files.writeString(file, "");
    await().until(() -> Files.exists(files.resolve("go.done")));

    host = new LinkHost(port);
    LinkHost.Stream second = host.accept();
    Resume resume = second.hello().getResume();
    assertThat(resume.getRunningList().size() + resume.getAnsweredList().size()).isPositive();
    second.welcome(3, "token-3", "away");
    assertThat(second.message(ContentCase.RPC_LOG).getRpcLog().getMessage()).isEqualTo("found");
    assertThat(second.answer()).isEqualTo("away");
    LinkedWorker.invoke(second, "instance", "", "new");
    assertThat(second.answer()).isEqualTo("new");
    assertThat(answers(second)).isEmpty();
  }

  @Test
  void reloadedWorkerThatTheRuntimeTakesForNobodysEndsItself() throws Exception {
    dialThroughProxy();
    LinkHost.Stream first = host.accept();
    first.hello();
    first.welcome(1, "token-1");
    LinkedWorker.load(first, app);
    proxy.cut();

    LinkHost.Stream second = host.accept();
    assertThat(second.hello().getResume().getApplication()).isEmpty();
    second.frame(
        RuntimeFrame.newBuilder()
            .setWelcome(Welcome.newBuilder().setEpoch(2).setResumeToken("token-2")));

    assertThat(worker.exitCode()).isEqualTo(1);
    second.awaitEnd();
  }

  @Test
  void runtimeThatIsGoneForAWhileIsWaitedFor() throws Exception {
    dial();
    welcomed();
    int port = host.port();
    host.stop();
    // Somebody else answers there meanwhile, and hangs up.
    SilentPort silent = new SilentPort(port);
    silent.awaitConnections(2);
    silent.stop();
    host = new LinkHost(port);
    LinkHost.Stream second = host.accept();
    assertThat(second.hello().getResume().getToken()).isEqualTo("token-1");
    second.welcome(2, "token-2");
    alive(second);
  }

  /** Failure story: a peer's CANCELLED means to reconnect, not to exit. */
  @ParameterizedTest
  @EnumSource(names = {"CANCELLED", "INTERNAL", "RESOURCE_EXHAUSTED", "UNAVAILABLE"})
  void streamThatThePeerEndsWithAnyStatusIsABreak(Status.Code code) {
    dial();
    welcomed().end(code.toStatus());
    assertThat(host.accept().hello().getResume().getToken()).isEqualTo("token-1");
  }

  @Test
  void streamThatIsCompletedOrHalfClosedIsABreakToo() throws Exception {
    dialThroughProxy();
    welcomed().complete();
    LinkHost.Stream second = host.accept();
    second.hello();
    second.welcome(2, "token-2");
    proxy.halfClose(SocketProxy.Direction.TO_CLIENT);
    assertThat(host.accept().hello().getResume().getToken()).isEqualTo("token-2");
  }

  /** P-LINK-8. */
  @Test
  void refusalWithoutRetryEndsANewWorker() throws Exception {
    dial();
    refuse(host.accept(), Refusal.newBuilder().setReason("nobody issued its worker id"));
    assertThat(worker.exitCode()).isEqualTo(1);
  }

  @Test
  void refusalWithoutRetryEndsAWorkerThatComesBack() throws Exception {
    dial();
    welcomed().end(Status.UNAVAILABLE);
    refuse(host.accept(), Refusal.newBuilder().setReason("this worker is gone for good"));
    assertThat(worker.exitCode()).isEqualTo(1);
    assertThat(host.opened()).isEqualTo(2);
  }

  @Test
  void refusalWithRetryIsObeyedNotBeforeItsTime() {
    dial();
    welcomed().end(Status.UNAVAILABLE);
    LinkHost.Stream second = host.accept();
    long refused = System.nanoTime();
    refuse(second, Refusal.newBuilder().setRetry(true).setRetryAfter(LinkHost.millis(400)));
    LinkHost.Stream third = host.accept();
    assertThat(System.nanoTime() - refused).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(400));
    assertThat(third.hello().getResume().getToken()).isEqualTo("token-1");
  }

  @Test
  void farewellAsksTheWorkerBackOrEndsIt() throws Exception {
    dial();
    welcomed()
        .frame(RuntimeFrame.newBuilder().setFarewell(Farewell.newBuilder().setComeBack(true)));
    LinkHost.Stream second = host.accept();
    assertThat(second.hello().getResume().getToken()).isEqualTo("token-1");
    second.welcome(2, "token-2");
    second.frame(RuntimeFrame.newBuilder().setFarewell(Farewell.getDefaultInstance()));
    assertThat(worker.exitCode()).isZero();
    assertThat(host.opened()).isEqualTo(2);
  }

  @Test
  void terminateEndsTheWorkerAndIsNoBreak() throws Exception {
    dial();
    LinkHost.Stream stream = welcomed();
    stream.send(
        StreamingMessage.newBuilder()
            .setWorkerTerminate(
                WorkerTerminate.newBuilder().setGracePeriod(LinkHost.millis(1000))));
    assertThat(worker.exitCode()).isZero();
    assertThat(stream.awaitEnd()).isEqualTo("completed");
    assertThat(host.opened()).isEqualTo(1);
  }

  /** P-LINK-7. */
  @Test
  void heartbeatsTellWhatTheProcessUsesAndSilenceIsABreak() {
    dial();
    LinkHost.Stream first = host.accept();
    first.hello();
    first.welcome(
        Welcome.newBuilder()
            .setEpoch(1)
            .setResumeToken("token-1")
            .setHeartbeatInterval(LinkHost.millis(200)));
    for (int beat = 0; beat < 4; beat++) {
      WorkerFrame heartbeat = first.next(FrameCase.HEARTBEAT);
      assertThat(heartbeat.getHeartbeat().getResources().getMemoryBytes()).isGreaterThan(10L << 20);
      first.acknowledge(0);
    }
    // From here on nothing is said.
    assertThat(host.accept().hello().getResume().getToken()).isEqualTo("token-1");
    assertThat(first.awaitEnd()).isEqualTo("lost");
  }

  @Test
  void runtimeThatTakesTheConnectionAndSaysNothingIsLeft() {
    worker = LinkedWorker.dial(host.port(), Duration.ofMillis(300));
    LinkHost.Stream first = host.accept();
    first.hello();
    assertThat(first.awaitEnd()).isEqualTo("lost");
    assertThat(host.accept().hello().hasResume()).isFalse();
  }

  @Test
  void triesEveryAddressOfTheRuntime() throws Exception {
    LinkHost other = new LinkHost();
    worker = LinkedWorker.dial(host.port(), "--manyhands-runtimes", "127.0.0.1:" + other.port());
    welcomed();
    host.stop();
    LinkHost.Stream second = other.accept();
    assertThat(second.hello().getResume().getToken()).isEqualTo("token-1");
    second.welcome(2, "token-2");
    alive(second);
    other.stop();
  }

  @Test
  void patienceEnds() throws Exception {
    worker = LinkedWorker.dial(host.port(), "--manyhands-patience-seconds", "1");
    welcomed();
    host.stop();
    assertThat(worker.exitCode()).isEqualTo(1);
  }

  /** Failure story: duplicate reconnect loops open two streams for one worker. */
  @Test
  void breakOpensOneStreamHoweverOftenItIsToldOf() throws Exception {
    dialThroughProxy();
    LinkHost.Stream stream = welcomed();
    for (int epoch = 2; epoch < 12; epoch++) {
      // A farewell, and a reset of the same stream.
      stream.frame(RuntimeFrame.newBuilder().setFarewell(Farewell.newBuilder().setComeBack(true)));
      stream.awaitEnd();
      proxy.cut();
      LinkHost.Stream next = host.accept();
      if (next.isOver()) {
        // The reset came when this one was just opened.
        next = host.accept();
      }
      next.hello();
      next.welcome(epoch, "token-" + epoch);
      alive(next);
      await().untilAsserted(() -> assertThat(host.open()).isEqualTo(1));
      stream = next;
    }
  }

  @Test
  void welcomeThatIsLostLeavesTheTokenBefore() {
    dial();
    welcomed().end(Status.UNAVAILABLE);
    LinkHost.Stream lost = host.accept();
    lost.hello();
    lost.end(Status.UNAVAILABLE);
    assertThat(host.accept().hello().getResume().getToken()).isEqualTo("token-1");
  }

  private void dial() {
    worker = LinkedWorker.dial(host.port());
  }

  private void dialThroughProxy() throws Exception {
    proxy = new SocketProxy(host.address());
    worker = LinkedWorker.dial(proxy.address().getPort());
  }

  private LinkHost.Stream welcomed() {
    LinkHost.Stream stream = host.accept();
    stream.hello();
    stream.welcome(1, "token-1");
    return stream;
  }

  private LinkHost.Stream specialized(String token) {
    LinkHost.Stream stream = welcomed();
    LinkedWorker.specialize(stream, app, token);
    return stream;
  }

  private static void refuse(LinkHost.Stream stream, Refusal.Builder refusal) {
    stream.hello();
    stream.frame(RuntimeFrame.newBuilder().setRefusal(refusal));
    stream.awaitEnd();
  }

  /** It answers on that stream. */
  private static void alive(LinkHost.Stream stream) {
    stream.send(
        StreamingMessage.newBuilder()
            .setWorkerStatusRequest(WorkerStatusRequest.getDefaultInstance()));
    stream.message(ContentCase.WORKER_STATUS_RESPONSE);
  }

  private static List<WorkerFrame> answers(LinkHost.Stream stream) {
    return stream.waiting().stream()
        .filter(frame -> frame.getMessage().hasInvocationResponse())
        .toList();
  }
}
