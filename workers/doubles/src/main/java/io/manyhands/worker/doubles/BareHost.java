/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.doubles;

import com.google.protobuf.Duration;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadRequest;
import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadResponse;
import io.manyhands.transport.grpc.protocol.FunctionLoadRequest;
import io.manyhands.transport.grpc.protocol.FunctionLoadResponse;
import io.manyhands.transport.grpc.protocol.FunctionMetadataResponse;
import io.manyhands.transport.grpc.protocol.FunctionRpcGrpc;
import io.manyhands.transport.grpc.protocol.FunctionsMetadataRequest;
import io.manyhands.transport.grpc.protocol.InvocationRequest;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.ParameterBinding;
import io.manyhands.transport.grpc.protocol.RpcFunctionMetadata;
import io.manyhands.transport.grpc.protocol.RpcHttp;
import io.manyhands.transport.grpc.protocol.RpcLog;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.StreamingMessage.ContentCase;
import io.manyhands.transport.grpc.protocol.TypedData;
import io.manyhands.transport.grpc.protocol.WorkerInitRequest;
import io.manyhands.transport.grpc.protocol.WorkerInitResponse;
import io.manyhands.transport.grpc.protocol.WorkerTerminate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * A host of one worker that says what a test tells it, without the Runtime's care; for tests of
 * workers. It listens on the loopback address; every wait ends after a minute, in an {@link
 * AssertionError}. Thread-safe.
 */
public final class BareHost implements AutoCloseable {
  private static final int LARGEST_MESSAGE = 64 << 20;

  private final Mailbox<StreamingMessage> received = new Mailbox<>();
  private final CompletableFuture<StreamObserver<StreamingMessage>> stream =
      new CompletableFuture<>();
  private final CompletableFuture<String> ended = new CompletableFuture<>();
  private final Server server;
  private int calls;

  /** A host whose response header all workers live with. */
  public BareHost() throws IOException {
    this(false);
  }

  /**
   * A host with the response header that workers live with, or with the one of a default grpc-java
   * server.
   *
   * @param identity the header of the default
   */
  public BareHost(boolean identity) throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new Service())
            .intercept(identity ? new AsItIs() : new Gzip())
            .maxInboundMessageSize(LARGEST_MESSAGE)
            .build()
            .start();
  }

  public int port() {
    return server.getPort();
  }

  /** Both official sets of arguments, for a worker {@code w} with start-up id {@code start-up}. */
  public List<String> arguments() {
    return arguments(port(), true, true);
  }

  /**
   * Official arguments.
   *
   * @param plain whether the older set is among them
   * @param functions whether the set of {@code --functions-} words is among them
   */
  public static List<String> arguments(int port, boolean plain, boolean functions) {
    String largest = Integer.toString(LARGEST_MESSAGE);
    List<String> words = new ArrayList<>();
    if (plain) {
      words.addAll(
          List.of("--host", "127.0.0.1", "--port", Integer.toString(port), "--workerId", "w"));
      words.addAll(List.of("--requestId", "start-up", "--grpcMaxMessageLength", largest));
    }
    if (functions) {
      words.addAll(List.of("--functions-uri", "http://127.0.0.1:" + port + "/"));
      words.addAll(List.of("--functions-worker-id", "w", "--functions-request-id", "start-up"));
      words.addAll(List.of("--functions-grpc-max-message-length", largest));
    }
    return words;
  }

  /** Sends with the request id {@code asked}. */
  public void send(StreamingMessage.Builder message) {
    StreamObserver<StreamingMessage> open = Mailbox.await(stream, "a worker's stream");
    synchronized (open) {
      open.onNext(message.setRequestId("asked").build());
    }
  }

  /** Completes the stream. */
  public void complete() {
    Mailbox.await(stream, "a worker's stream").onCompleted();
  }

  /** Waits until the worker completed its side, or lost it; says which. */
  public String awaitEnd() {
    return Mailbox.await(ended, "the end of the worker's stream");
  }

  /** The next message of that kind; others before it stay. */
  public StreamingMessage next(ContentCase kind) {
    return next(kind.name(), message -> message.getContentCase() == kind);
  }

  /** The next message that fits; others before it stay. */
  public StreamingMessage next(String what, Predicate<StreamingMessage> fits) {
    return received.next(what, fits);
  }

  /** Messages that came and were not taken. */
  public List<StreamingMessage> waiting() {
    return received.waiting();
  }

  /** Waits for a log line that holds that text. */
  public RpcLog log(String text) {
    return next(
            "log with \"" + text + "\"",
            message -> message.hasRpcLog() && message.getRpcLog().getMessage().contains(text))
        .getRpcLog();
  }

  /** Initializes the worker; the directory is empty for a placeholder. */
  public WorkerInitResponse init(String workerDirectory, String applicationDirectory) {
    send(
        StreamingMessage.newBuilder()
            .setWorkerInitRequest(
                WorkerInitRequest.newBuilder()
                    .setWorkerDirectory(workerDirectory)
                    .setFunctionAppDirectory(applicationDirectory)));
    return next(ContentCase.WORKER_INIT_RESPONSE).getWorkerInitResponse();
  }

  /** Specializes a placeholder. */
  public FunctionEnvironmentReloadResponse reload(
      Map<String, String> environment, String directory) {
    send(
        StreamingMessage.newBuilder()
            .setFunctionEnvironmentReloadRequest(
                FunctionEnvironmentReloadRequest.newBuilder()
                    .putAllEnvironmentVariables(environment)
                    .setFunctionAppDirectory(directory)));
    return next(ContentCase.FUNCTION_ENVIRONMENT_RELOAD_RESPONSE)
        .getFunctionEnvironmentReloadResponse();
  }

  /** Asks for the functions. */
  public FunctionMetadataResponse index(String directory) {
    send(
        StreamingMessage.newBuilder()
            .setFunctionsMetadataRequest(
                FunctionsMetadataRequest.newBuilder().setFunctionAppDirectory(directory)));
    return next(ContentCase.FUNCTION_METADATA_RESPONSE).getFunctionMetadataResponse();
  }

  /** Loads under the id that the metadata gives, or else under the function's name. */
  public FunctionLoadResponse load(RpcFunctionMetadata metadata) {
    String id = metadata.getFunctionId().isEmpty() ? metadata.getName() : metadata.getFunctionId();
    send(
        StreamingMessage.newBuilder()
            .setFunctionLoadRequest(
                FunctionLoadRequest.newBuilder().setFunctionId(id).setMetadata(metadata)));
    return next(
            "load response of " + id,
            message ->
                message.hasFunctionLoadResponse()
                    && message.getFunctionLoadResponse().getFunctionId().equals(id))
        .getFunctionLoadResponse();
  }

  /** Invokes without waiting; says the invocation's id. */
  public String begin(InvocationRequest.Builder request) {
    if (request.getInvocationId().isEmpty()) {
      synchronized (this) {
        request.setInvocationId("call-" + ++calls);
      }
    }
    send(StreamingMessage.newBuilder().setInvocationRequest(request));
    return request.getInvocationId();
  }

  /** Waits for the answer to that invocation. */
  public InvocationResponse answer(String invocationId) {
    return next(
            "answer to " + invocationId,
            message ->
                message.hasInvocationResponse()
                    && message.getInvocationResponse().getInvocationId().equals(invocationId))
        .getInvocationResponse();
  }

  /** Invokes and waits for the answer. */
  public InvocationResponse call(InvocationRequest.Builder request) {
    return answer(begin(request));
  }

  /** A request for a function whose trigger is bound to that name. */
  public static InvocationRequest.Builder request(
      String functionId, String binding, TypedData data) {
    return InvocationRequest.newBuilder()
        .setFunctionId(functionId)
        .addInputData(ParameterBinding.newBuilder().setName(binding).setData(data));
  }

  /** The same for an HTTP request. */
  public static InvocationRequest.Builder request(
      String functionId, String binding, RpcHttp.Builder http) {
    return request(functionId, binding, TypedData.newBuilder().setHttp(http).build());
  }

  public void terminate(java.time.Duration grace) {
    send(
        StreamingMessage.newBuilder()
            .setWorkerTerminate(
                WorkerTerminate.newBuilder()
                    .setGracePeriod(
                        Duration.newBuilder()
                            .setSeconds(grace.toSeconds())
                            .setNanos(grace.toNanosPart()))));
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private final class Service extends FunctionRpcGrpc.FunctionRpcImplBase {
    @Override
    public StreamObserver<StreamingMessage> eventStream(
        StreamObserver<StreamingMessage> responses) {
      stream.complete(responses);
      return new StreamObserver<>() {
        @Override
        public void onNext(StreamingMessage message) {
          received.add(message);
        }

        @Override
        public void onError(Throwable error) {
          ended.complete("lost");
        }

        @Override
        public void onCompleted() {
          ended.complete("completed");
          synchronized (responses) {
            responses.onCompleted();
          }
        }
      };
    }
  }

  private static final class AsItIs implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      return next.startCall(call, headers);
    }
  }

  private static final class Gzip implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      call.setCompression("gzip");
      call.setMessageCompression(false);
      return next.startCall(call, headers);
    }
  }
}
