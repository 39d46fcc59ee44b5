/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.manyhands.transport.grpc.protocol.FunctionRpcGrpc;
import io.manyhands.transport.grpc.protocol.StartStream;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The stream to the host: retries its first connection for a minute, then lasts until the host
 * completes it.
 */
final class HostStream implements Outgoing {
  private static final long CONNECT_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 1000;

  private final WorkerArguments arguments;
  private final BlockingQueue<Ending> endings = new LinkedBlockingQueue<>();
  private @Nullable StreamObserver<StreamingMessage> requests;

  /** How a stream ended. */
  private record Ending(boolean spoken, int code, String reason, boolean retry) {}

  HostStream(WorkerArguments arguments) {
    this.arguments = arguments;
  }

  /** Returns the exit code. */
  int run() throws InterruptedException {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(arguments.host(), arguments.port())
            .usePlaintext()
            .directExecutor()
            .maxInboundMessageSize(arguments.maximumMessageBytes())
            .flowControlWindow(1 << 20)
            .build();
    try {
      long until = System.nanoTime() + CONNECT_NANOS;
      long pause = FIRST_PAUSE_MILLIS;
      while (true) {
        open(channel);
        Ending ending = endings.take();
        if (!ending.retry() || System.nanoTime() - until > 0) {
          if (ending.code() != 0) {
            System.err.println("manyhands-java worker: " + ending.reason());
          }
          return ending.code();
        }
        long jittered = pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1);
        // An ending cannot come while no stream is open: this only waits.
        endings.poll(jittered, TimeUnit.MILLISECONDS);
        pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
        channel.resetConnectBackoff();
      }
    } finally {
      // What was sent last, such as the answer of a call that ended within the grace, still goes
      // out.
      channel.shutdown();
      if (!channel.awaitTermination(1, TimeUnit.SECONDS)) {
        channel.shutdownNow();
      }
    }
  }

  @Override
  public synchronized void send(StreamingMessage message) {
    StreamObserver<StreamingMessage> open = requests;
    if (open != null) {
      open.onNext(message);
    }
  }

  @Override
  public void end(int code, String reason) {
    synchronized (this) {
      StreamObserver<StreamingMessage> open = requests;
      requests = null;
      if (open != null) {
        open.onCompleted();
      }
    }
    endings.add(new Ending(true, code, reason, false));
  }

  private void open(ManagedChannel channel) {
    MessageHandler handler = new MessageHandler(this, arguments.requestId());
    StreamObserver<StreamingMessage> opened =
        FunctionRpcGrpc.newStub(channel)
            .eventStream(
                new StreamObserver<>() {
                  private volatile boolean spoken;

                  @Override
                  public void onNext(StreamingMessage message) {
                    spoken = true;
                    handler.onMessage(message);
                  }

                  @Override
                  public void onError(Throwable error) {
                    boolean unavailable =
                        Status.fromThrowable(error).getCode() == Status.Code.UNAVAILABLE;
                    endings.add(
                        new Ending(
                            spoken,
                            1,
                            "the stream broke: " + Status.fromThrowable(error),
                            unavailable && !spoken));
                  }

                  @Override
                  public void onCompleted() {
                    endings.add(new Ending(spoken, 0, "the host completed the stream", false));
                  }
                });
    synchronized (this) {
      requests = opened;
    }
    send(
        StreamingMessage.newBuilder()
            .setRequestId(arguments.requestId())
            .setStartStream(StartStream.newBuilder().setWorkerId(arguments.workerId()))
            .build());
  }
}
