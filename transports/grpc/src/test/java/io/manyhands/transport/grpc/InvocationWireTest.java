/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.app.RetryPolicy;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.invocation.TraceContext;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.StatusInfo;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.transport.grpc.protocol.InvocationRequest;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.ParameterBinding;
import io.manyhands.transport.grpc.protocol.RetryContext;
import io.manyhands.transport.grpc.protocol.RpcException;
import io.manyhands.transport.grpc.protocol.RpcFunctionMetadata;
import io.manyhands.transport.grpc.protocol.RpcHttp;
import io.manyhands.transport.grpc.protocol.RpcHttpCookie;
import io.manyhands.transport.grpc.protocol.RpcRetryOptions;
import io.manyhands.transport.grpc.protocol.RpcSharedMemory;
import io.manyhands.transport.grpc.protocol.RpcTraceContext;
import io.manyhands.transport.grpc.protocol.StatusResult;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.TypedData;
import io.manyhands.transport.grpc.protocol.WorkerStatusResponse;
import io.manyhands.transport.grpc.protocol.link.RuntimeFrame;
import io.manyhands.transport.grpc.protocol.link.WorkerFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is written and read by hand is what the generated classes would write and read. */
class InvocationWireTest {
  private static final TraceContext TRACE =
      new TraceContext("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a=1");

  @Test
  void requestIsReadByGeneratedClassesWithEveryKindOfPayload() throws IOException {
    Map<Payload, TypedData> kinds = new LinkedHashMap<>();
    kinds.put(Payload.empty(), TypedData.getDefaultInstance());
    kinds.put(Payload.text(""), TypedData.newBuilder().setString("").build());
    kinds.put(
        Payload.text("größe \uD83D\uDE00"),
        TypedData.newBuilder().setString("größe \uD83D\uDE00").build());
    kinds.put(Payload.json("{}"), TypedData.newBuilder().setJson("{}").build());
    kinds.put(
        Payload.bytes(new byte[0]), TypedData.newBuilder().setBytes(ByteString.EMPTY).build());
    kinds.put(binary(100_000), TypedData.newBuilder().setBytes(content(100_000)).build());
    kinds.put(
        new Payload.Stream(ByteBuffer.wrap(content(7).toByteArray())),
        TypedData.newBuilder().setStream(content(7)).build());
    kinds.put(new Payload.Whole(-5), TypedData.newBuilder().setInt(-5).build());
    kinds.put(new Payload.Real(0.0), TypedData.newBuilder().setDouble(0).build());
    kinds.put(
        new Payload.HttpRequest(
            "POST",
            "http://a/b?c=",
            Map.of("x", "1", "empty", ""),
            Map.of("c", ""),
            Map.of("id", "7"),
            binary(300)),
        TypedData.newBuilder()
            .setHttp(
                RpcHttp.newBuilder()
                    .setMethod("POST")
                    .setUrl("http://a/b?c=")
                    .putHeaders("x", "1")
                    .putHeaders("empty", "")
                    .putQuery("c", "")
                    .putParams("id", "7")
                    .setBody(TypedData.newBuilder().setBytes(content(300))))
            .build());
    kinds.put(
        new Payload.HttpRequest("GET", "http://a/", Map.of(), Map.of(), Map.of(), Payload.empty()),
        TypedData.newBuilder()
            .setHttp(RpcHttp.newBuilder().setMethod("GET").setUrl("http://a/"))
            .build());
    kinds.put(
        new Payload.TextList(List.of("a", "b")),
        PayloadCodec.encode(new Payload.TextList(List.of("a", "b"))));

    for (Map.Entry<Payload, TypedData> kind : kinds.entrySet()) {
      for (Map.Entry<Payload, TypedData> other : kinds.entrySet()) {
        Map<String, Payload> inputs = new LinkedHashMap<>();
        inputs.put("first", other.getKey());
        inputs.put("last", kind.getKey());
        HostMessage.InvocationRequest request =
            new HostMessage.InvocationRequest(
                "id", "function", inputs, Map.of("item", other.getKey()), TRACE);

        WireMessage written = InvocationWriter.write(request);
        int size = written.size();
        byte[] bytes = drained(written);

        assertThat(bytes).hasSize(size);
        assertThat(StreamingMessage.parseFrom(bytes))
            .isEqualTo(
                StreamingMessage.newBuilder()
                    .setRequestId("id")
                    .setInvocationRequest(
                        InvocationRequest.newBuilder()
                            .setInvocationId("id")
                            .setFunctionId("function")
                            .setTraceContext(
                                RpcTraceContext.newBuilder()
                                    .setTraceParent(TRACE.traceParent())
                                    .setTraceState(TRACE.traceState()))
                            .putTriggerMetadata("item", other.getValue())
                            .addInputData(input("first", other.getValue()))
                            .addInputData(input("last", kind.getValue())))
                    .build());
        assertThat(RuntimeFrame.parseFrom(drained(new WorkerLinkFormat().encode(request))))
            .isEqualTo(
                RuntimeFrame.newBuilder().setMessage(StreamingMessage.parseFrom(bytes)).build());
      }
    }
  }

  @Test
  void retryContextAndRetryOptionsAreWrittenAndRead() throws Exception {
    HostMessage.Retry second =
        new HostMessage.Retry(
            1, 3, Optional.of(new StatusInfo.WorkerError("oh", "E", "s", "at x", true)));
    InvocationRequest request =
        StreamingMessage.parseFrom(
                drained(
                    InvocationWriter.write(
                        new HostMessage.InvocationRequest(
                            "id", "f", Map.of(), Map.of(), TRACE, Optional.of(second)))))
            .getInvocationRequest();
    assertThat(request.getRetryContext())
        .isEqualTo(
            RetryContext.newBuilder()
                .setRetryCount(1)
                .setMaxRetryCount(3)
                .setException(
                    RpcException.newBuilder()
                        .setMessage("oh")
                        .setType("E")
                        .setSource("s")
                        .setStackTrace("at x")
                        .setIsUserException(true))
                .build());

    for (RetryPolicy policy :
        List.of(
            RetryPolicy.fixedDelay(RetryPolicy.UNLIMITED, Duration.ofMillis(1500)),
            RetryPolicy.exponentialBackoff(5, Duration.ofSeconds(1), Duration.ofHours(1)))) {
      FunctionDefinition function =
          new FunctionDefinition("f", "", "", "", "", List.of(), Map.of()).withRetry(policy);
      RpcFunctionMetadata said =
          HostMessageEncoder.encode(new HostMessage.FunctionLoadRequest("f", function, Map.of()))
              .getFunctionLoadRequest()
              .getMetadata();
      assertThat(WorkerMessageDecoder.function(said).definition().retry()).contains(policy);
    }
  }

  @Test
  void impossibleRetryOptionsFailTheirFunctionAlone() {
    RpcFunctionMetadata.Builder metadata = RpcFunctionMetadata.newBuilder().setName("f");
    for (RpcRetryOptions.Builder options :
        List.of(
            RpcRetryOptions.newBuilder().setMaxRetryCount(-2),
            RpcRetryOptions.newBuilder()
                .setMinimumInterval(com.google.protobuf.Duration.newBuilder().setSeconds(2)),
            RpcRetryOptions.newBuilder()
                .setRetryStrategy(RpcRetryOptions.RetryStrategy.fixed_delay)
                .setDelayInterval(
                    com.google.protobuf.Duration.newBuilder()
                        .setSeconds(Long.MAX_VALUE)
                        .setNanos(Integer.MAX_VALUE)))) {
      WorkerMessage.IndexedFunction function =
          WorkerMessageDecoder.function(metadata.setRetryOptions(options).build());
      assertThat(function.status().isSuccess()).isFalse();
      assertThat(function.status().describe()).contains("retry options");
    }
  }

  @Test
  void messageIsReadInPartsAsItIsDrained() throws IOException {
    HostMessage.InvocationRequest request =
        new HostMessage.InvocationRequest(
            "id", "function", Map.of("body", binary(20_000)), Map.of(), TRACE);
    WireMessage parts = InvocationWriter.write(request);
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    read.write(parts.read());
    read.write(parts.readNBytes(999));
    parts.drainTo(read);

    assertThat(parts.available()).isZero();
    assertThat(parts.read()).isEqualTo(-1);
    assertThat(read.toByteArray()).isEqualTo(drained(InvocationWriter.write(request)));
  }

  @Test
  void positionOfThePayloadsBufferIsNotMoved() throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap("..body..".getBytes(StandardCharsets.UTF_8));
    buffer.position(2).limit(6);
    Payload.Binary payload = new Payload.Binary(buffer);

    byte[] bytes =
        drained(
            InvocationWriter.write(
                new HostMessage.InvocationRequest(
                    "id", "function", Map.of("body", payload), Map.of(), TRACE)));

    assertThat(
            StreamingMessage.parseFrom(bytes)
                .getInvocationRequest()
                .getInputData(0)
                .getData()
                .getBytes()
                .toStringUtf8())
        .isEqualTo("body");
    assertThat(payload.value().position()).isEqualTo(2);
  }

  @Test
  void responsesOfEveryDayAreReadByHand() throws IOException {
    for (InvocationResponse.Builder response : everyDay()) {
      byte[] bytes = message(response).toByteArray();
      assertThat(InvocationReader.read(bytes, 0, bytes.length))
          .isEqualTo(WorkerMessageDecoder.decode(StreamingMessage.parseFrom(bytes)));
    }
  }

  @Test
  void whatIsRareIsLeftToGeneratedClassesAndComesOutTheSame() throws IOException {
    List<StreamingMessage> rare = new ArrayList<>();
    rare.add(StreamingMessage.getDefaultInstance());
    rare.add(
        StreamingMessage.newBuilder()
            .setWorkerStatusResponse(WorkerStatusResponse.getDefaultInstance())
            .build());
    rare.add(
        message(
            InvocationResponse.newBuilder()
                .setReturnValue(
                    TypedData.newBuilder()
                        .setHttp(
                            RpcHttp.newBuilder()
                                .addCookies(
                                    RpcHttpCookie.newBuilder().setName("a").setValue("b"))))));
    rare.add(
        message(
            InvocationResponse.newBuilder()
                .setReturnValue(
                    TypedData.newBuilder().setHttp(RpcHttp.newBuilder().setMethod("unusual")))));
    rare.add(
        message(
            InvocationResponse.newBuilder()
                .addOutputData(
                    ParameterBinding.newBuilder()
                        .setName("shared")
                        .setRpcSharedMemory(RpcSharedMemory.getDefaultInstance()))));
    rare.add(
        message(InvocationResponse.newBuilder().setReturnValue(TypedData.newBuilder().setInt(7))));
    rare.add(
        message(
            InvocationResponse.newBuilder().setInvocationId("later").setUnknownFields(later())));
    for (StreamingMessage message : rare) {
      byte[] bytes = message.toByteArray();
      assertThat(InvocationReader.read(bytes, 0, bytes.length)).isNull();
      assertThat(WorkerMessageDecoder.decode(bytes, 0, bytes.length))
          .isEqualTo(WorkerMessageDecoder.decode(message));
    }
  }

  @Test
  void answersNestedInAnswersDoNotExhaustTheStack() throws IOException {
    TypedData data = TypedData.newBuilder().setBytes(content(3)).build();
    for (int depth = 0; depth < 90; depth++) {
      data = TypedData.newBuilder().setHttp(RpcHttp.newBuilder().setBody(data)).build();
      byte[] bytes = message(InvocationResponse.newBuilder().setReturnValue(data)).toByteArray();
      if (depth > 0) {
        assertThat(InvocationReader.read(bytes, 0, bytes.length)).isNull();
      }
    }
  }

  /** Either both read the same or both refuse, whatever the bytes. */
  @Test
  void damagedMessagesAreReadAsGeneratedClassesReadThem() {
    Random random = new Random(20260101);
    List<InvocationResponse.Builder> whole = everyDay();
    int refused = 0;
    for (int round = 0; round < 40_000; round++) {
      byte[] bytes = message(whole.get(random.nextInt(whole.size()))).toByteArray();
      byte[] damaged = damage(bytes, random);
      Optional<WorkerMessage> expected = generated(damaged);
      Optional<WorkerMessage> actual = byHand(damaged);
      assertThat(actual).as("round %d", round).isEqualTo(expected);
      refused += expected.isEmpty() ? 1 : 0;
    }
    assertThat(refused).isBetween(4_000, 36_000);
  }

  @Test
  void frameOfOurOwnServiceIsReadAsItsMessage() throws IOException {
    WorkerLinkFormat format = new WorkerLinkFormat();
    for (InvocationResponse.Builder response : everyDay()) {
      StreamingMessage message = message(response);
      WorkerFrame frame = WorkerFrame.newBuilder().setMessage(message).build();
      assertThat(format.decode(frame.toByteArray()))
          .isEqualTo(WorkerMessageDecoder.decode(message));
      // The last of a choice holds, and what is newer than us is passed over.
      byte[] more =
          ByteString.copyFrom(
                  List.of(
                      frame.toByteString(),
                      WorkerFrame.newBuilder().setUnknownFields(later()).build().toByteString()))
              .toByteArray();
      assertThat(format.decode(more)).isEqualTo(WorkerMessageDecoder.decode(message));
    }
  }

  private static List<InvocationResponse.Builder> everyDay() {
    List<TypedData.Builder> values =
        List.of(
            TypedData.newBuilder(),
            TypedData.newBuilder().setBytes(content(30)),
            TypedData.newBuilder().setBytes(ByteString.EMPTY),
            TypedData.newBuilder().setStream(content(5)),
            TypedData.newBuilder().setString("größe"),
            TypedData.newBuilder().setJson("[]"),
            TypedData.newBuilder()
                .setHttp(
                    RpcHttp.newBuilder()
                        .setStatusCode("201")
                        .putHeaders("content-type", "text/plain")
                        .putHeaders("empty", "")
                        .setEnableContentNegotiation(true)
                        .setBody(TypedData.newBuilder().setString("created"))),
            TypedData.newBuilder().setHttp(RpcHttp.newBuilder().setStatusCode("nonsense")));
    List<StatusResult.Builder> results =
        List.of(
            StatusResult.newBuilder().setStatus(StatusResult.Status.Success),
            StatusResult.newBuilder(),
            StatusResult.newBuilder().setStatus(StatusResult.Status.Cancelled).setResult("why"),
            StatusResult.newBuilder()
                .setException(RpcException.newBuilder().setMessage("oh").setStackTrace("at")));
    List<InvocationResponse.Builder> all = new ArrayList<>();
    all.add(InvocationResponse.newBuilder());
    for (TypedData.Builder value : values) {
      for (StatusResult.Builder result : results) {
        all.add(
            InvocationResponse.newBuilder()
                .setInvocationId("12345678-1234-4234-8234-123456789abc")
                .setResult(result)
                .setReturnValue(value));
        all.add(
            InvocationResponse.newBuilder()
                .setInvocationId("x")
                .setResult(result)
                .addOutputData(input("res", value.build()))
                .addOutputData(input("queue", TypedData.newBuilder().setString("item").build())));
      }
    }
    return all;
  }

  private static byte[] damage(byte[] bytes, Random random) {
    byte[] damaged = bytes.clone();
    switch (random.nextInt(4)) {
      case 0 -> damaged = java.util.Arrays.copyOf(damaged, random.nextInt(damaged.length + 1));
      case 1 -> {
        for (int flips = 1 + random.nextInt(3); flips > 0 && damaged.length > 0; flips--) {
          damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
      case 2 -> {
        if (damaged.length > 0) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
      }
      default -> {
        ByteArrayOutputStream twice = new ByteArrayOutputStream();
        twice.writeBytes(bytes);
        twice.writeBytes(bytes);
        damaged = twice.toByteArray();
      }
    }
    return damaged;
  }

  private static Optional<WorkerMessage> generated(byte[] bytes) {
    try {
      return Optional.of(WorkerMessageDecoder.decode(StreamingMessage.parseFrom(bytes)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<WorkerMessage> byHand(byte[] bytes) {
    try {
      return Optional.of(WorkerMessageDecoder.decode(bytes, 0, bytes.length));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static UnknownFieldSet later() {
    return UnknownFieldSet.newBuilder()
        .addField(999, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
        .build();
  }

  private static StreamingMessage message(InvocationResponse.Builder response) {
    return StreamingMessage.newBuilder()
        .setRequestId("request")
        .setInvocationResponse(response)
        .build();
  }

  private static ParameterBinding input(String name, TypedData data) {
    return ParameterBinding.newBuilder().setName(name).setData(data).build();
  }

  private static Payload binary(int size) {
    return Payload.bytes(content(size).toByteArray());
  }

  private static ByteString content(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }

  private static byte[] drained(WireMessage message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    message.drainTo(bytes);
    return bytes.toByteArray();
  }
}
