/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import io.grpc.InsecureServerCredentials;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.manyhands.transport.grpc.protocol.FunctionRpcGrpc;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** Where the workers of this machine dial in: a port of the loopback address. */
final class WorkerPort {
  /** The official Java worker prefers version 4 of IP. */
  static final String HOST = "127.0.0.1";

  private static final int WINDOW_BYTES = 1 << 20;
  private static final int STREAMS_PER_CONNECTION = 4;

  private final Server server;

  /**
   * @param door is told each stream with the id that it presents, on the loop
   */
  WorkerPort(EventLoopGroup loops, int mostMessageBytes, BiConsumer<String, WorkerStream> door)
      throws IOException {
    MethodDescriptor<byte[], WireBytes> method =
        FunctionRpcGrpc.getEventStreamMethod().toBuilder(
                new WireBytes.Incoming(), new WireBytes.Outgoing())
            .build();
    server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(loopback(), 0), InsecureServerCredentials.create())
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .channelType(NioServerSocketChannel.class)
            .directExecutor()
            .maxInboundMessageSize(mostMessageBytes)
            .flowControlWindow(WINDOW_BYTES)
            .maxConcurrentCallsPerConnection(STREAMS_PER_CONNECTION)
            .permitKeepAliveTime(1, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addService(
                ServerServiceDefinition.builder(
                        ServiceDescriptor.newBuilder(FunctionRpcGrpc.SERVICE_NAME)
                            .addMethod(method)
                            .build())
                    .addMethod(method, (call, headers) -> new WorkerStream(call, door))
                    .build())
            .build()
            .start();
  }

  private static InetAddress loopback() throws IOException {
    return Inet4Address.getByAddress(HOST, new byte[] {127, 0, 0, 1});
  }

  int number() {
    return server.getPort();
  }

  void stop() throws InterruptedException {
    server.shutdownNow();
    server.awaitTermination(1, TimeUnit.SECONDS);
  }
}
