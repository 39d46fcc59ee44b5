/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall;
import io.grpc.ForwardingClientCallListener;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.manyhands.api.Endpoint;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.invocation.TraceContext;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.transport.grpc.protocol.FunctionRpcGrpc;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.StartStream;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.TypedData;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The listener over real sockets, with a client as workers have it. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class GrpcTransportTest {
  private static final GrpcOptions OPTIONS = options(0);

  private final GrpcTransport transport = new GrpcTransport(OPTIONS, Runnable::run);
  private final BlockingQueue<Accepted> accepted = new LinkedBlockingQueue<>();
  private final AtomicReference<String> encoding = new AtomicReference<>();
  private ManagedChannel channel;

  /** A connection and what came over it. */
  private static final class Accepted implements WorkerConnection.Listener {
    private final WorkerConnection connection;
    private final BlockingQueue<WorkerMessage> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Boolean> closed = new CompletableFuture<>();

    Accepted(WorkerConnection connection) {
      this.connection = connection;
    }

    @Override
    public void onMessage(WorkerMessage message) {
      messages.add(message);
    }

    @Override
    public void onClosed(String reason, boolean orderly) {
      closed.complete(orderly);
    }
  }

  /** A worker's end. */
  private static final class Worker implements StreamObserver<StreamingMessage> {
    private final BlockingQueue<StreamingMessage> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private StreamObserver<StreamingMessage> requests;

    @Override
    public void onNext(StreamingMessage message) {
      messages.add(message);
    }

    @Override
    public void onError(Throwable error) {
      end.complete(error.getMessage());
    }

    @Override
    public void onCompleted() {
      end.complete("completed");
    }
  }

  @BeforeEach
  void open() throws Exception {
    Endpoint endpoint =
        transport
            .start(
                connection -> {
                  Accepted listener = new Accepted(connection);
                  accepted.add(listener);
                  return listener;
                })
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", endpoint.uri().getPort())
            .usePlaintext()
            .maxInboundMessageSize(64 << 20)
            .intercept(new HeaderReader())
            .build();
  }

  @AfterEach
  void close() throws Exception {
    channel.shutdownNow();
    transport.stop(Duration.ofSeconds(5)).toCompletableFuture().get(30, TimeUnit.SECONDS);
    assertThat(channel.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void responseHeaderSaysGzipAndMessagesAreNotCompressed() throws Exception {
    Worker worker = dial();
    Accepted host = accepted.poll(30, TimeUnit.SECONDS);
    assertThat(host.connection.send(new HostMessage.WorkerStatusRequest()))
        .isEqualTo(WorkerConnection.SendResult.ACCEPTED);

    assertThat(worker.messages.poll(30, TimeUnit.SECONDS).hasWorkerStatusRequest()).isTrue();
    assertThat(encoding).hasValue("gzip");
  }

  @Test
  void messagesArriveInOrderBothWays() throws Exception {
    Worker worker = dial();
    Accepted host = accepted.poll(30, TimeUnit.SECONDS);
    assertThat(host.messages.poll(30, TimeUnit.SECONDS))
        .isEqualTo(new WorkerMessage.StartStream("w"));
    for (int number = 0; number < 5000; number++) {
      assertThat(host.connection.send(invocation("i" + number, new byte[100])))
          .isEqualTo(WorkerConnection.SendResult.ACCEPTED);
    }
    for (int number = 0; number < 5000; number++) {
      StreamingMessage message = worker.messages.poll(30, TimeUnit.SECONDS);
      assertThat(message.getInvocationRequest().getInvocationId()).isEqualTo("i" + number);
      worker.requests.onNext(
          StreamingMessage.newBuilder()
              .setInvocationResponse(InvocationResponse.newBuilder().setInvocationId("i" + number))
              .build());
    }
    for (int number = 0; number < 5000; number++) {
      assertThat(
              ((WorkerMessage.InvocationResponse) host.messages.poll(30, TimeUnit.SECONDS))
                  .invocationId())
          .isEqualTo("i" + number);
    }
  }

  @Test
  void largeBodyPasses() throws Exception {
    Worker worker = dial();
    Accepted host = accepted.poll(30, TimeUnit.SECONDS);
    byte[] body = new byte[20 << 20];
    body[body.length - 1] = 7;

    assertThat(host.connection.send(invocation("big", body)))
        .isEqualTo(WorkerConnection.SendResult.ACCEPTED);

    ByteString received =
        worker
            .messages
            .poll(60, TimeUnit.SECONDS)
            .getInvocationRequest()
            .getInputData(0)
            .getData()
            .getBytes();
    assertThat(received.size()).isEqualTo(body.length);
    assertThat(received.byteAt(body.length - 1)).isEqualTo((byte) 7);
  }

  @Test
  void oversizedMessageFromAWorkerEndsItsStreamAlone() throws Exception {
    Worker greedy = dial();
    Accepted first = accepted.poll(30, TimeUnit.SECONDS);
    Worker modest = dial();
    Accepted second = accepted.poll(30, TimeUnit.SECONDS);

    greedy.requests.onNext(
        StreamingMessage.newBuilder()
            .setInvocationResponse(
                InvocationResponse.newBuilder()
                    .setReturnValue(
                        TypedData.newBuilder().setBytes(ByteString.copyFrom(new byte[2 << 20]))))
            .build());

    assertThat(first.closed.get(30, TimeUnit.SECONDS)).isFalse();
    assertThat(second.connection.send(new HostMessage.WorkerStatusRequest()))
        .isEqualTo(WorkerConnection.SendResult.ACCEPTED);
    assertThat(modest.messages.poll(30, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void messageLargerThanTheConnectionCarriesIsRefusedAndTheNextPasses() throws Exception {
    Worker worker = dial();
    Accepted host = accepted.poll(30, TimeUnit.SECONDS);

    assertThat(host.connection.send(invocation("huge", new byte[65 << 20])))
        .isEqualTo(WorkerConnection.SendResult.UNSUPPORTED);
    assertThat(host.connection.send(new HostMessage.WorkerStatusRequest()))
        .isEqualTo(WorkerConnection.SendResult.ACCEPTED);
    assertThat(worker.messages.poll(30, TimeUnit.SECONDS).hasWorkerStatusRequest()).isTrue();
  }

  @Test
  void workerThatDoesNotReadFillsItsOutboxAndIsRefusedMore() throws Exception {
    ClientCall<StreamingMessage, StreamingMessage> call =
        channel.newCall(FunctionRpcGrpc.getEventStreamMethod(), CallOptions.DEFAULT);
    call.start(new ClientCall.Listener<>() {}, new Metadata());
    call.sendMessage(start());
    Accepted host = accepted.poll(30, TimeUnit.SECONDS);
    WorkerConnection.SendResult result = WorkerConnection.SendResult.ACCEPTED;
    int sent = 0;
    while (result == WorkerConnection.SendResult.ACCEPTED && sent < 1000) {
      result = host.connection.send(invocation("i" + sent++, new byte[1 << 20]));
    }

    assertThat(result).isEqualTo(WorkerConnection.SendResult.NOT_ACCEPTED);
    // Room is kept for control messages.
    assertThat(host.connection.send(new HostMessage.WorkerStatusRequest()))
        .isEqualTo(WorkerConnection.SendResult.ACCEPTED);
    call.cancel("done", null);
  }

  @Test
  void orderlyAndBrokenEndsAreToldApart() throws Exception {
    Worker polite = dial();
    Accepted first = accepted.poll(30, TimeUnit.SECONDS);
    polite.requests.onCompleted();
    assertThat(first.closed.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(first.connection.send(new HostMessage.WorkerStatusRequest()))
        .isEqualTo(WorkerConnection.SendResult.CLOSED);

    Worker rude = dial();
    Accepted second = accepted.poll(30, TimeUnit.SECONDS);
    rude.requests.onError(new IllegalStateException("planted"));
    assertThat(second.closed.get(30, TimeUnit.SECONDS)).isFalse();
  }

  @Test
  void closeSendsWhatWaitsThenEndsTheStream() throws Exception {
    Worker worker = dial();
    Accepted host = accepted.poll(30, TimeUnit.SECONDS);
    host.connection.send(new HostMessage.WorkerTerminate(Duration.ofSeconds(1)));
    host.connection.close();

    assertThat(worker.end.get(30, TimeUnit.SECONDS)).isEqualTo("completed");
    assertThat(worker.messages.poll().hasWorkerTerminate()).isTrue();
  }

  @Test
  void portInUseIsNamed() {
    int port =
        Integer.parseInt(channel.authority().substring(channel.authority().indexOf(':') + 1));
    GrpcTransport second = new GrpcTransport(options(port), Runnable::run);

    assertThatThrownBy(
            () ->
                second
                    .start(connection -> new Accepted(connection))
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS))
        .hasMessageContaining("127.0.0.1:" + port);
  }

  private static GrpcOptions options(int port) {
    return new GrpcOptions(
        "127.0.0.1",
        port,
        2,
        new GrpcOptions.Limits(1 << 20, 64 << 20, 1 << 20, 8 << 20),
        new GrpcOptions.Timeouts(
            Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(60)));
  }

  private Worker dial() {
    Worker worker = new Worker();
    worker.requests = FunctionRpcGrpc.newStub(channel).eventStream(worker);
    worker.requests.onNext(start());
    return worker;
  }

  private static StreamingMessage start() {
    return StreamingMessage.newBuilder()
        .setStartStream(StartStream.newBuilder().setWorkerId("w"))
        .build();
  }

  private static HostMessage invocation(String id, byte[] body) {
    return new HostMessage.InvocationRequest(
        id,
        "f",
        Map.of("input", new Payload.Binary(ByteBuffer.wrap(body))),
        Map.of(),
        new TraceContext("", ""));
  }

  /** Notes the encoding that the response header names. */
  private final class HeaderReader implements ClientInterceptor {
    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(
        MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
      return new ForwardingClientCall.SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<R> listener, Metadata headers) {
          super.start(
              new ForwardingClientCallListener.SimpleForwardingClientCallListener<>(listener) {
                @Override
                public void onHeaders(Metadata received) {
                  encoding.set(
                      received.get(
                          Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER)));
                  super.onHeaders(received);
                }
              },
              headers);
        }
      };
    }
  }
}
