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
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.transport.grpc.protocol.FunctionRpcGrpc;
import io.manyhands.transport.grpc.protocol.StartStream;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
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
  void bytesThatAreNoMessageEndTheirStreamAlone() throws Exception {
    Worker modest = dial();
    Accepted sound = accepted.poll(30, TimeUnit.SECONDS);
    ClientCall<byte[], byte[]> call =
        channel.newCall(
            MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                .setFullMethodName(FunctionRpcGrpc.getEventStreamMethod().getFullMethodName())
                .setRequestMarshaller(new Raw())
                .setResponseMarshaller(new Raw())
                .build(),
            CallOptions.DEFAULT);
    call.start(new ClientCall.Listener<>() {}, new Metadata());
    call.request(1);
    Accepted broken = accepted.poll(30, TimeUnit.SECONDS);
    call.sendMessage(new byte[] {(byte) 0xff, (byte) 0xff, 3, 4});

    assertThat(broken.closed.get(30, TimeUnit.SECONDS)).isFalse();
    assertThat(broken.messages).isEmpty();
    assertThat(sound.connection.send(new HostMessage.WorkerStatusRequest()))
        .isEqualTo(WorkerConnection.SendResult.ACCEPTED);
    assertThat(modest.messages.poll(30, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void unknownOptionIsRefusedNamingIt() {
    assertThatThrownBy(
            () -> GrpcOptions.read(new PluginConfig("transport grpc", Map.of("prot", "1"))))
        .hasMessageContaining("transport grpc")
        .hasMessageContaining("prot");
    assertThatThrownBy(
            () -> GrpcOptions.read(new PluginConfig("transport grpc", Map.of("port", "65536"))))
        .hasMessageContaining("port")
        .hasMessageContaining("65536");
  }

  /** Bytes as they are. */
  private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static GrpcOptions options(int port) {
    return new GrpcOptions(
        "127.0.0.1",
        port,
        2,
        new GrpcOptions.Limits(1 << 20, 64 << 20, 1 << 20, 8 << 20),
        new GrpcOptions.Timeouts(
            Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(60)),
        Optional.empty());
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
