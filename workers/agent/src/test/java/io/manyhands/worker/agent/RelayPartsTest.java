/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadRequest;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.StreamingMessage.ContentCase;
import io.manyhands.transport.grpc.protocol.TypedData;
import io.manyhands.transport.grpc.protocol.link.RuntimeFrame;
import io.manyhands.transport.grpc.protocol.link.WorkerFrame;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the relay is made of. */
class RelayPartsTest {
  @Test
  void messagesPassBothWaysAsTheyCame() throws Exception {
    StreamingMessage message = answer("call-1", 1000);

    Envelope out = Envelope.of(message.toByteArray());
    assertThat(out.kind()).isEqualTo(ContentCase.INVOCATION_RESPONSE);
    assertThat(out.requestId()).isEqualTo("request");
    assertThat(out.invocationId()).isEqualTo("call-1");
    assertThat(WorkerFrame.parseFrom(out.forRuntime()).getMessage()).isEqualTo(message);

    byte[] frame = RuntimeFrame.newBuilder().setMessage(message).build().toByteArray();
    Envelope in = Envelope.framed(frame);
    assertThat(in.invocationId()).isEqualTo("call-1");
    ByteArrayOutputStream drained = new ByteArrayOutputStream();
    WireBytes bytes = in.forWorker();
    int size = bytes.available();
    assertThat(bytes.drainTo(drained)).isEqualTo(size);
    assertThat(bytes.available()).isZero();
    assertThat(StreamingMessage.parseFrom(drained.toByteArray())).isEqualTo(message);
    assertThat(Envelope.framed(RuntimeFrame.getDefaultInstance().toByteArray())).isNull();
  }

  @Test
  void answersStayUntilTheyAreAcknowledgedInTheOrderInWhichTheyWereSent() throws Exception {
    KeptAnswers kept = new KeptAnswers(1 << 20);
    for (String id : List.of("a", "b", "c")) {
      keep(kept, id, 10);
    }
    kept.sending("b");
    kept.sending("a");

    kept.acknowledged(1);

    assertThat(kept.ids()).containsExactly("a", "c");
    kept.streamLost();
    keep(kept, "d", 10);
    // What was not offered, because it came after, is sent too.
    assertThat(kept.resume(List.of("a", "c"), List.of("c")))
        .extracting(KeptAnswers.Answer::invocationId)
        .containsExactly("c", "d");
    kept.sending("c");
    kept.sending("d");
    kept.acknowledged(2);
    assertThat(kept.isEmpty()).isTrue();
    assertThat(kept.bytes()).isZero();
  }

  @Test
  void nothingMoreIsTakenThanTheBoundsAllow() throws Exception {
    KeptAnswers kept = new KeptAnswers(1000);
    keep(kept, "a", 600);
    assertThat(kept.full()).isFalse();
    keep(kept, "b", 600);
    assertThat(kept.full()).isTrue();
  }

  @Test
  void largeAnswerThatEndsStreamAfterStreamBecomesAFailure() throws Exception {
    KeptAnswers kept = new KeptAnswers(1 << 30);
    keep(kept, "large", 5 << 20);
    keep(kept, "small", 10);
    for (int attempt = 0; attempt < 3; attempt++) {
      assertThat(kept.resume(List.of(), List.of()).get(0).message().length())
          .isGreaterThan(5 << 20);
      kept.sending("large");
      kept.sending("small");
      kept.streamLost();
    }

    List<KeptAnswers.Answer> again = kept.resume(List.of(), List.of());

    StreamingMessage large = again.get(0).message().decoded();
    assertThat(large.getInvocationResponse().getInvocationId()).isEqualTo("large");
    assertThat(large.getInvocationResponse().getResult().getException().getMessage())
        .contains("could not be delivered");
    assertThat(again.get(1).message().decoded()).isEqualTo(answer("small", 10));
  }

  @Test
  void reloadKeepsTheMachinesVariablesAndTheApplicationsOwn() throws Exception {
    Adaptation adaptation =
        new Adaptation(
            "/here/node",
            Map.of("PATH", "/bin", "HOME", "/private", "FUNCTIONS_WORKER_DIRECTORY", "/here/node"));
    Envelope reload =
        Envelope.of(
            StreamingMessage.newBuilder()
                .setFunctionEnvironmentReloadRequest(
                    FunctionEnvironmentReloadRequest.newBuilder()
                        .putEnvironmentVariables("PATH", "/its")
                        .putEnvironmentVariables("FUNCTIONS_WORKER_DIRECTORY", "/elsewhere"))
                .build()
                .toByteArray());

    assertThat(
            adaptation
                .adapt(reload)
                .decoded()
                .getFunctionEnvironmentReloadRequest()
                .getEnvironmentVariablesMap())
        .isEqualTo(
            Map.of("PATH", "/its", "HOME", "/private", "FUNCTIONS_WORKER_DIRECTORY", "/here/node"));
  }

  @Test
  void logsBeyondTheBoundsAreDroppedAndOneLineTells() {
    WaitingLogs logs = new WaitingLogs();
    Envelope line = Messages.droppedLogs(0);
    for (int i = 0; i < WaitingLogs.MOST; i++) {
      assertThat(logs.admit(line)).isTrue();
    }
    assertThat(logs.admit(line)).isFalse();
    for (int i = 1; i < WaitingLogs.MOST; i++) {
      assertThat(logs.sent(line)).isEmpty();
    }

    assertThat(logs.sent(line)).isPresent();
  }

  private static void keep(KeptAnswers kept, String id, int bytes) throws Exception {
    kept.keep(new KeptAnswers.Answer(id, Envelope.of(answer(id, bytes).toByteArray())));
  }

  private static StreamingMessage answer(String id, int bytes) {
    return StreamingMessage.newBuilder()
        .setRequestId("request")
        .setInvocationResponse(
            InvocationResponse.newBuilder()
                .setInvocationId(id)
                .setReturnValue(
                    TypedData.newBuilder().setBytes(ByteString.copyFrom(new byte[bytes]))))
        .build();
  }
}
