/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadResponse;
import io.manyhands.transport.grpc.protocol.InvocationCancel;
import io.manyhands.transport.grpc.protocol.InvocationRequest;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.RetryContext;
import io.manyhands.transport.grpc.protocol.RpcException;
import io.manyhands.transport.grpc.protocol.RpcLog;
import io.manyhands.transport.grpc.protocol.RpcTraceContext;
import io.manyhands.transport.grpc.protocol.StatusResult.Status;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.StreamingMessage.ContentCase;
import io.manyhands.transport.grpc.protocol.TypedData;
import io.manyhands.transport.grpc.protocol.WorkerHeartbeat;
import io.manyhands.transport.grpc.protocol.WorkerStatusRequest;
import io.manyhands.worker.doubles.BareHost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class CallsTest {
  private static TestApp app;

  private RunningWorker worker;

  @BeforeAll
  static void compile(@TempDir Path directory) throws Exception {
    app = TestApp.in(directory).jar("calls");
  }

  @BeforeEach
  void start() throws Exception {
    worker = RunningWorker.of(app);
  }

  @AfterEach
  void stop() {
    worker.close();
  }

  @Test
  void eachCallHasAnInstanceOfItsOwn() {
    Set<Long> instances = new HashSet<>();
    for (int call = 0; call < 3; call++) {
      instances.add(worker.message("instance", "").getReturnValue().getInt());
    }
    assertThat(instances).containsExactlyInAnyOrder(1L, 2L, 3L);
  }

  @Test
  void contextTellsTheCallItsTraceAndItsRetries() {
    InvocationResponse answer =
        worker
            .host()
            .call(
                RunningWorker.request("context", "")
                    .setInvocationId("id-7")
                    .setTraceContext(
                        RpcTraceContext.newBuilder()
                            .setTraceParent("00-a-b-01")
                            .setTraceState("s=1")
                            .putAttributes("k", "v"))
                    .setRetryContext(
                        RetryContext.newBuilder()
                            .setRetryCount(1)
                            .setMaxRetryCount(3)
                            .setException(RpcException.newBuilder().setMessage("before"))));
    assertThat(answer.getReturnValue().getString())
        .isEqualTo("context|id-7|00-a-b-01|s=1|{k=v}|1|3|before");
  }

  @Test
  void logsGoOutWithIdLevelAndCauseBeforeTheAnswer() {
    worker.host().call(RunningWorker.request("logs", "").setInvocationId("id-8"));
    List<RpcLog> logs =
        worker.host().waiting().stream()
            .filter(StreamingMessage::hasRpcLog)
            .map(StreamingMessage::getRpcLog)
            .toList();
    assertThat(logs).allMatch(log -> log.getInvocationId().equals("id-8"));
    assertThat(logs).allMatch(log -> log.getCategory().equals("Function.logs.User"));
    assertThat(logs).allMatch(log -> log.getLogCategory() == RpcLog.RpcLogCategory.User);
    assertThat(logs)
        .extracting(log -> log.getLevel() + " " + log.getMessage())
        .containsExactly(
            "Error severe line",
            "Warning warning line",
            "Information info line",
            "Debug fine line",
            "Trace finest line",
            "Error with cause",
            "Information null");
    assertThat(logs.get(5).getException().getMessage()).isEqualTo("the cause");
    assertThat(logs.get(5).getException().getStackTrace()).contains("CallFunctions.logs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"wait", "wait-wrapped"})
  void cancelInterruptsTheCallWhichIsAnsweredAsCancelled(String function) {
    String id = worker.host().begin(RunningWorker.request(function, ""));
    worker.host().log("waiting");
    cancel(id);
    assertThat(worker.host().answer(id).getResult().getStatus()).isEqualTo(Status.Cancelled);
    // The thread's next call knows nothing of it.
    assertThat(worker.message("instance", "").getResult().getStatus()).isEqualTo(Status.Success);
  }

  @Test
  void cancelledCallThatFinishesNonethelessSucceeds() {
    String id = worker.host().begin(RunningWorker.request("finish-anyway", ""));
    worker.host().log("waiting");
    cancel(id);
    InvocationResponse answer = worker.host().answer(id);
    assertThat(answer.getResult().getStatus()).isEqualTo(Status.Success);
    assertThat(answer.getReturnValue().getString()).isEqualTo("finished");
  }

  @Test
  void interruptThatNobodyAskedForIsAFailure() {
    assertThat(worker.message("interrupted-by-itself", "").getResult().getStatus())
        .isEqualTo(Status.Failure);
    assertThat(worker.message("instance", "").getResult().getStatus()).isEqualTo(Status.Success);
  }

  @Test
  void statusIsAnsweredWhileCallsRun() {
    String id = worker.host().begin(RunningWorker.request("wait", ""));
    worker.host().log("waiting");
    worker
        .host()
        .send(
            StreamingMessage.newBuilder()
                .setWorkerStatusRequest(WorkerStatusRequest.getDefaultInstance()));
    assertThat(worker.host().next(ContentCase.WORKER_STATUS_RESPONSE).getRequestId())
        .isEqualTo("asked");
    cancel(id);
    worker.host().answer(id);
  }

  @Test
  void unknownKindOfMessageIsPassedOver() {
    worker
        .host()
        .send(
            StreamingMessage.newBuilder().setWorkerHeartbeat(WorkerHeartbeat.getDefaultInstance()));
    worker.host().send(StreamingMessage.newBuilder());
    assertThat(worker.message("instance", "").getResult().getStatus()).isEqualTo(Status.Success);
  }

  @Test
  void callsRunAtOnceEachOnAThreadThatIsUsedAgain() {
    List<String> ids = new ArrayList<>();
    for (int call = 0; call < 20; call++) {
      ids.add(worker.host().begin(RunningWorker.request("together", "")));
    }
    Set<String> threads = new HashSet<>();
    for (String id : ids) {
      threads.add(worker.host().answer(id).getReturnValue().getString());
    }
    assertThat(threads).hasSize(20);
    for (int call = 0; call < 100; call++) {
      worker.message("instance", "");
    }
    List<String> again = new ArrayList<>();
    for (int call = 0; call < 20; call++) {
      again.add(worker.host().begin(RunningWorker.request("together", "")));
    }
    again.forEach(
        id -> assertThat(threads).contains(worker.host().answer(id).getReturnValue().getString()));
  }

  @Test
  void callsBeyondTheSlotsAreRefusedAndOthersGoOn() throws Exception {
    try (RunningWorker two = RunningWorker.placeholder()) {
      FunctionEnvironmentReloadResponse reloaded =
          two.host().reload(Map.of("MANYHANDS_SLOTS", "2"), app.directory().toString());
      assertThat(reloaded.getResult().getStatus()).isEqualTo(Status.Success);
      two.loadAll();
      String first = two.host().begin(RunningWorker.request("wait", ""));
      two.host().log("waiting");
      String second = two.host().begin(RunningWorker.request("wait", ""));
      two.host().log("waiting");
      InvocationResponse third = two.message("instance", "");
      assertThat(third.getResult().getStatus()).isEqualTo(Status.Failure);
      assertThat(third.getResult().getException().getMessage())
          .isEqualTo("this worker runs 2 calls already (expected: at most 2)");
      two.host().send(cancellation(first));
      two.host().answer(first);
      // The slot is free by the time of the answer, always.
      for (int call = 0; call < 200; call++) {
        assertThat(two.message("instance", "").getResult().getStatus()).isEqualTo(Status.Success);
      }
      two.host().send(cancellation(second));
      two.host().answer(second);
    }
  }

  @Test
  void callThatIsSentTwiceRunsOnce() {
    InvocationRequest.Builder request = RunningWorker.request("wait", "").setInvocationId("same");
    worker.host().begin(request);
    worker.host().begin(request);
    worker.host().log("waiting");
    cancel("same");
    worker.host().answer("same");
    assertThat(worker.message("instance", "").getResult().getStatus()).isEqualTo(Status.Success);
    assertThat(worker.host().waiting()).noneMatch(StreamingMessage::hasInvocationResponse);
  }

  @Test
  void terminateWaitsForAnswersAndRefusesNewCalls() throws Exception {
    String id = worker.host().begin(RunningWorker.request("wait", ""));
    worker.host().log("waiting");
    worker.host().terminate(Duration.ofSeconds(60));
    InvocationResponse refused = worker.message("instance", "");
    assertThat(refused.getResult().getException().getMessage())
        .isEqualTo("this worker is terminating");
    cancel(id);
    assertThat(worker.host().answer(id).getResult().getStatus()).isEqualTo(Status.Cancelled);
    assertThat(worker.host().awaitEnd()).isEqualTo("completed");
    assertThat(worker.exitCode()).isZero();
  }

  @Test
  void terminateWaitsNoLongerThanItsGrace() throws Exception {
    worker.host().begin(RunningWorker.request("wait", ""));
    worker.host().log("waiting");
    worker.host().terminate(Duration.ofMillis(100));
    assertThat(worker.exitCode()).isZero();
    assertThat(worker.host().awaitEnd()).isEqualTo("completed");
  }

  @Test
  void streamThatTheHostCompletesEndsTheWorker() throws Exception {
    worker.host().complete();
    assertThat(worker.exitCode()).isZero();
  }

  @Test
  void streamThatBreaksEndsTheWorkerWithOne() throws Exception {
    worker.host().close();
    assertThat(worker.exitCode()).isEqualTo(1);
  }

  @Test
  void bodyOfThirtyTwoMebibytesComesAndGoes() {
    byte[] bytes = new byte[32 << 20];
    bytes[bytes.length - 1] = 7;
    InvocationResponse answer =
        worker
            .host()
            .call(
                BareHost.request(
                    "size",
                    "message",
                    TypedData.newBuilder().setBytes(ByteString.copyFrom(bytes)).build()));
    ByteString back = answer.getReturnValue().getBytes();
    assertThat(back.size()).isEqualTo(bytes.length);
    assertThat(back.byteAt(back.size() - 1)).isEqualTo((byte) 7);
  }

  private void cancel(String invocationId) {
    worker.host().send(cancellation(invocationId));
  }

  private static StreamingMessage.Builder cancellation(String invocationId) {
    return StreamingMessage.newBuilder()
        .setInvocationCancel(InvocationCancel.newBuilder().setInvocationId(invocationId));
  }
}
