/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.doubles;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.manyhands.transport.grpc.protocol.FunctionRpcGrpc;
import io.manyhands.transport.grpc.protocol.StartStream;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The one stream of a worker's life: none of them reconnects (P-CONN-2). */
final class HostStream implements WorkerSession.Host {
  private final WorkerModel model;
  private final HostAddress address;
  private final WorkerSession session;
  private @Nullable StreamObserver<StreamingMessage> requests;

  HostStream(WorkerModel model, HostAddress address) {
    this.model = model;
    this.address = address;
    this.session = new WorkerSession(model, this, address.requestId());
  }

  /** Never returns: the process ends by {@link #end}, or by a signal. */
  void run() throws InterruptedException {
    System.out.println("LanguageWorkerConsoleLog a worker double dials " + address);
    Channel channel =
        NettyChannelBuilder.forAddress(address.host(), address.port())
            .usePlaintext()
            .directExecutor()
            .maxInboundMessageSize(address.maximumMessageBytes())
            .intercept(new HeaderReader())
            .build();
    StreamObserver<StreamingMessage> opened =
        FunctionRpcGrpc.newStub(channel).eventStream(new Receiver());
    synchronized (this) {
      requests = opened;
    }
    send(
        StreamingMessage.newBuilder()
            .setRequestId(address.requestId())
            .setStartStream(StartStream.newBuilder().setWorkerId(address.workerId()))
            .build());
    new CountDownLatch(1).await();
  }

  @Override
  public synchronized void send(StreamingMessage message) {
    StreamObserver<StreamingMessage> open = requests;
    if (open != null) {
      open.onNext(message);
    }
  }

  @Override
  public void end(Optional<Endings.Ending> ending) {
    ending.ifPresent(known -> end(known.code(), known.after()));
  }

  /** Ends the process without a word to the host, as its death would. */
  private static void end(int code, Duration after) {
    Thread ender =
        new Thread(
            () -> {
              try {
                if (new CountDownLatch(1).await(after.toMillis(), TimeUnit.MILLISECONDS)) {
                  throw new AssertionError("nobody counts down");
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              Runtime.getRuntime().halt(code);
            },
            "end");
    ender.start();
  }

  private final class Receiver implements StreamObserver<StreamingMessage> {
    @Override
    public void onNext(StreamingMessage message) {
      session.onMessage(message);
    }

    @Override
    public void onError(Throwable error) {
      Status status = Status.fromThrowable(error);
      System.err.println("worker double: the stream broke: " + status.getCode());
      boolean refused = false;
      for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
        refused |= cause instanceof ConnectException;
      }
      end(refused ? model.endings().unreachable() : model.endings().broken());
    }

    @Override
    public void onCompleted() {
      Optional<Endings.Ending> ending = model.endings().completed();
      Duration busy = model.endings().busy();
      if (session.busy()) {
        ending = ending.map(calm -> new Endings.Ending(calm.code(), busy));
      }
      end(ending);
    }
  }

  /** Looks at the response header, of which one worker may die (P-JAVA-1). */
  private final class HeaderReader implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      return new SimpleForwardingClientCall<Q, A>(next.newCall(method, options)) {
        @Override
        public void start(Listener<A> listener, Metadata headers) {
          super.start(
              new SimpleForwardingClientCallListener<A>(listener) {
                @Override
                public void onHeaders(Metadata received) {
                  if (!model.survives(received)) {
                    System.err.println("Can't find decompressor for identity");
                    end(model.endings().broken());
                    return;
                  }
                  super.onHeaders(received);
                }
              },
              headers);
        }
      };
    }
  }
}
