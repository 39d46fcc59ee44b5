/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.util.NetUtil;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.netty.shaded.io.netty.util.concurrent.Future;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The worker's side of its streams to the host, one at a time: opens them, opens the next when one
 * breaks, and knows when to give up. Fields that are not final are the loop's.
 */
final class HostConnection implements Outgoing, HostStream.Listener {
  private static final int WINDOW_BYTES = 1 << 20;
  private static final int CONNECT_MILLIS = 3000;

  /** A stream that lasted so long was a good one. */
  private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final WorkerArguments arguments;
  private final Duration firstAnswer;
  private final MessageHandler handler;
  private final Outbox outbox = new Outbox();
  private final LinkIdentity identity;
  private final ProcessUse use = new ProcessUse();
  private final Pauses pauses = new Pauses();
  private final CompletableFuture<Closing> ended = new CompletableFuture<>();

  // One thread, and no native transport to unpack: a worker has one connection.
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("host", true), NioIoHandler.newFactory());
  private final EventLoop loop = loops.next();

  private @Nullable HostStream<?, ?> stream;
  private @Nullable ManagedChannel channel;
  private @Nullable Future<?> answerTimeout;
  private boolean stock;
  private int address;
  private boolean accepted;
  private long aloneSince = System.nanoTime();
  private long acceptedAt;

  /** The first answer on a stream is waited for so long. */
  HostConnection(WorkerArguments arguments, AppHost.Environment environment, Duration firstAnswer) {
    this.arguments = arguments;
    this.firstAnswer = firstAnswer;
    this.handler = new MessageHandler(this, environment);
    this.identity = new LinkIdentity(arguments.workerId(), arguments.credentials());
  }

  /** Returns the exit code. */
  int run() throws InterruptedException {
    try {
      loop.execute(this::dial);
      Closing closing = ended.get();
      if (closing.code() != 0) {
        System.err.println("manyhands-java worker: " + closing.reason());
      }
      return closing.code();
    } catch (ExecutionException e) {
      throw new IllegalStateException("nobody fails this future", e);
    } finally {
      hangUp();
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  /**
   * What was sent last, such as the answer of a call that ended within the grace, still goes out.
   */
  private void hangUp() throws InterruptedException {
    ManagedChannel open = loop.submit(() -> channel).sync().getNow();
    if (open != null) {
      open.shutdown();
      if (!open.awaitTermination(1, TimeUnit.SECONDS)) {
        open.shutdownNow();
      }
    }
  }

  @Override
  public void send(StreamingMessage message) {
    outbox.send(message);
  }

  @Override
  public void end(int code, String reason) {
    outbox.close();
    ended.complete(Closing.end(code, reason));
  }

  private void dial() {
    if (ended.isDone()) {
      return;
    }
    ManagedChannel opened = channel(arguments.addresses().get(address));
    HostStream<?, ?> next =
        stock
            ? new StockStream(arguments, loop, outbox, this)
            : new LinkStream(identity, handler, use, loop, outbox, this);
    channel = opened;
    stream = next;
    if (!stock) {
      Closing silent = Closing.again("no answer within " + firstAnswer, Duration.ZERO);
      answerTimeout =
          loop.schedule(() -> next.close(silent), firstAnswer.toMillis(), TimeUnit.MILLISECONDS);
    }
    next.open(opened);
  }

  private ManagedChannel channel(WorkerArguments.Address to) {
    // A name is looked up anew each time; an address needs no look-up, nor the threads for it.
    ChannelCredentials how = arguments.credentials().channel();
    NettyChannelBuilder builder =
        NetUtil.isValidIpV4Address(to.host())
            ? NettyChannelBuilder.forAddress(new InetSocketAddress(to.host(), to.port()), how)
            : NettyChannelBuilder.forAddress(to.host(), to.port(), how);
    return builder
        .eventLoopGroup(loops)
        .channelType(NioSocketChannel.class)
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .directExecutor()
        .maxInboundMessageSize(arguments.maximumMessageBytes())
        .flowControlWindow(WINDOW_BYTES)
        .build();
  }

  @Override
  public void onAccepted(HostStream<?, ?> opened) {
    if (opened == stream) {
      stopWaiting();
      accepted = true;
      acceptedAt = System.nanoTime();
    }
  }

  @Override
  public void onMessage(StreamingMessage message) {
    handler.onMessage(message);
  }

  @Override
  public void onClosed(HostStream<?, ?> closed, Closing closing) {
    if (closed != stream || ended.isDone()) {
      return;
    }
    stopWaiting();
    forget();
    switch (closing.kind()) {
      case END -> end(closing.code(), closing.reason());
      case UNSERVED -> {
        stock = true;
        dial();
      }
      case AGAIN -> again(closing);
    }
  }

  private void again(Closing closing) {
    long now = System.nanoTime();
    if (accepted) {
      accepted = false;
      aloneSince = now;
      if (now - acceptedAt > STEADY_NANOS) {
        pauses.reset();
      }
    }
    if (now - aloneSince > arguments.patience().toNanos()) {
      end(1, "no host for " + arguments.patience() + ": " + closing.reason());
      return;
    }
    address = (address + 1) % arguments.addresses().size();
    loop.schedule(this::dial, pauses.next(closing.notBefore()), TimeUnit.NANOSECONDS);
  }

  private void stopWaiting() {
    Future<?> waiting = answerTimeout;
    answerTimeout = null;
    if (waiting != null) {
      waiting.cancel(false);
    }
  }

  private void forget() {
    ManagedChannel gone = channel;
    channel = null;
    stream = null;
    if (gone != null) {
      gone.shutdownNow();
    }
  }
}
