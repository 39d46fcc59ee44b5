/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.manyhands.transport.grpc.protocol.FunctionRpcGrpc;
import io.manyhands.transport.grpc.protocol.StartStream;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The stream to the host: its first connection is tried for a minute; then it lasts until the host
 * completes it.
 */
final class HostStream implements Outgoing {
  private static final long CONNECT_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 1000;
  private static final int WINDOW_BYTES = 1 << 20;

  private final WorkerArguments arguments;
  private final MessageHandler handler;
  private final Outbox outbox = new Outbox();
  private final BlockingQueue<Ending> endings = new LinkedBlockingQueue<>();

  /**
   * How a stream ended.
   *
   * @param retry whether another may be opened
   */
  private record Ending(int code, String reason, boolean retry) {}

  HostStream(WorkerArguments arguments, AppHost.Environment environment) {
    this.arguments = arguments;
    this.handler = new MessageHandler(this, environment);
  }

  /** Returns the exit code. */
  int run() throws InterruptedException {
    // One thread, and no native transport to unpack: a worker has one connection.
    EventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("host", true), NioIoHandler.newFactory());
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(arguments.host(), arguments.port())
            .eventLoopGroup(loop)
            .channelType(NioSocketChannel.class)
            .usePlaintext()
            .directExecutor()
            .maxInboundMessageSize(arguments.maximumMessageBytes())
            .flowControlWindow(WINDOW_BYTES)
            .build();
    try {
      return serve(channel);
    } finally {
      // What was sent last, such as the answer of a call that ended within the grace, still goes
      // out.
      channel.shutdown();
      if (!channel.awaitTermination(1, TimeUnit.SECONDS)) {
        channel.shutdownNow();
      }
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  private int serve(ManagedChannel channel) throws InterruptedException {
    long begun = System.nanoTime();
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      FunctionRpcGrpc.newStub(channel).eventStream(new Receiver());
      Ending ending = endings.take();
      if (!ending.retry() || System.nanoTime() - begun > CONNECT_NANOS) {
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
  }

  @Override
  public void send(StreamingMessage message) {
    outbox.send(message);
  }

  @Override
  public void end(int code, String reason) {
    outbox.close();
    endings.add(new Ending(code, reason, false));
  }

  private final class Receiver
      implements ClientResponseObserver<StreamingMessage, StreamingMessage> {
    private volatile boolean spoken;

    @Override
    public void beforeStart(ClientCallStreamObserver<StreamingMessage> requests) {
      requests.setOnReadyHandler(outbox::drain);
      outbox.open(
          requests,
          StreamingMessage.newBuilder()
              .setRequestId(arguments.requestId())
              .setStartStream(StartStream.newBuilder().setWorkerId(arguments.workerId()))
              .build());
    }

    @Override
    public void onNext(StreamingMessage message) {
      spoken = true;
      handler.onMessage(message);
    }

    @Override
    public void onError(Throwable error) {
      Status status = Status.fromThrowable(error);
      boolean unavailable = status.getCode() == Status.Code.UNAVAILABLE;
      endings.add(new Ending(1, "the stream broke: " + status, unavailable && !spoken));
    }

    @Override
    public void onCompleted() {
      endings.add(new Ending(0, "the host completed the stream", false));
    }
  }
}
