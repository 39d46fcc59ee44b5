/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollChannelOption;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The event loops of one listener. Its own rather than gRPC's shared ones, which outlive the server
 * that used them. Thread-safe.
 */
final class IoThreads {
  private final EventLoopGroup group;

  IoThreads(int threads) {
    DefaultThreadFactory named = new DefaultThreadFactory("manyhands-grpc", true);
    group =
        new MultiThreadIoEventLoopGroup(
            threads,
            named,
            Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  /** Makes the server run on these loops, and notice a dead path where the system can. */
  void use(NettyServerBuilder builder, Duration pathTimeout) {
    builder.bossEventLoopGroup(group).workerEventLoopGroup(group);
    if (Epoll.isAvailable()) {
      builder
          .channelType(EpollServerSocketChannel.class)
          .withChildOption(
              EpollChannelOption.TCP_USER_TIMEOUT,
              (int) Math.min(Integer.MAX_VALUE, pathTimeout.toMillis()));
    } else {
      builder.channelType(NioServerSocketChannel.class);
    }
  }

  ScheduledExecutorService timer() {
    return group;
  }

  /** Blocks until every thread has ended or the grace is over. */
  void close(Duration grace) throws InterruptedException {
    group.shutdownGracefully(0, grace.toMillis(), TimeUnit.MILLISECONDS);
    group.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS);
  }
}
