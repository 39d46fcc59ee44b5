/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.doubles;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.manyhands.transport.grpc.protocol.FunctionRpcGrpc;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.StreamingMessage.ContentCase;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A host of one worker that says what a test tells it, without the Runtime's care. */
final class BareHost implements AutoCloseable {
  private final BlockingQueue<StreamingMessage> received = new LinkedBlockingQueue<>();
  private final CompletableFuture<StreamObserver<StreamingMessage>> stream =
      new CompletableFuture<>();
  private final List<Process> processes = new ArrayList<>();
  private final Server server;

  /** With the response header that workers live with, or the one of a default grpc-java server. */
  BareHost(boolean identity) throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new Service())
            .intercept(identity ? new AsItIs() : new Gzip())
            .build()
            .start();
  }

  Process launch(String mode) throws IOException {
    return start(mode, server.getPort(), true, true);
  }

  Process start(String mode, int port, boolean plain, boolean functions) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                DoubleMain.class.getName(),
                mode));
    if (plain) {
      command.addAll(
          List.of("--host", "127.0.0.1", "--port", Integer.toString(port), "--workerId", "w"));
      command.addAll(List.of("--requestId", "start-up", "--grpcMaxMessageLength", "1000000"));
    }
    if (functions) {
      command.addAll(List.of("--functions-uri", "http://127.0.0.1:" + port + "/"));
      command.addAll(List.of("--functions-worker-id", "w", "--functions-request-id", "start-up"));
      command.addAll(List.of("--functions-grpc-max-message-length", "1000000"));
    }
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    processes.add(process);
    return process;
  }

  void send(StreamingMessage.Builder message) throws Exception {
    stream.get(60, TimeUnit.SECONDS).onNext(message.setRequestId("asked").build());
  }

  void complete() throws Exception {
    stream.get(60, TimeUnit.SECONDS).onCompleted();
  }

  /** The next message of that kind; others before it are dropped. */
  StreamingMessage next(ContentCase kind) throws InterruptedException {
    while (true) {
      StreamingMessage message = received.poll(60, TimeUnit.SECONDS);
      if (message == null) {
        throw new AssertionError("no " + kind + " came");
      }
      if (message.getContentCase() == kind) {
        return message;
      }
    }
  }

  static int exitOf(Process process) throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("the process lives");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
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
        public void onError(Throwable error) {}

        @Override
        public void onCompleted() {}
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
