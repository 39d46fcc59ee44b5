/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollChannelOption;
import io.manyhands.api.Endpoint;
import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerTransport;
import io.manyhands.transport.grpc.protocol.FunctionRpcGrpc;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The gRPC listener: FunctionRpc/EventStream on one port, everything on the event loops' threads.
 * Thread-safe.
 */
final class GrpcTransport implements WorkerTransport {
  private final GrpcOptions options;
  private final Executor blocking;
  private volatile @Nullable Server server;

  GrpcTransport(GrpcOptions options, Executor blocking) {
    this.options = options;
    this.blocking = blocking;
  }

  @Override
  public CompletionStage<Endpoint> start(WorkerConnection.Acceptor acceptor) {
    return CompletableFuture.supplyAsync(() -> open(acceptor), blocking);
  }

  @Override
  public CompletionStage<Void> stop(Duration grace) {
    Server running = server;
    if (running == null) {
      return CompletableFuture.completedFuture(null);
    }
    running.shutdown();
    return CompletableFuture.runAsync(() -> await(running, grace), blocking);
  }

  private Endpoint open(WorkerConnection.Acceptor acceptor) {
    InetSocketAddress address = new InetSocketAddress(options.host(), options.port());
    if (address.isUnresolved()) {
      throw new ManyhandsException(
          ErrorCode.INVALID_ARGUMENT,
          "transport grpc: option host: \""
              + options.host()
              + "\" cannot be resolved (expected: a name or address of this machine)");
    }
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .directExecutor()
            .maxInboundMessageSize(options.maximumInboundMessageBytes())
            .flowControlWindow(options.flowControlWindowBytes())
            // No pings of ours: stock workers answer them on the loop that runs their functions
            // (docs/protocol.md). Theirs are welcome.
            .permitKeepAliveTime(1, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addService(service(acceptor));
    if (Epoll.isAvailable()) {
      builder.withChildOption(
          EpollChannelOption.TCP_USER_TIMEOUT,
          (int) Math.min(Integer.MAX_VALUE, options.pathTimeout().toMillis()));
    }
    try {
      Server opened = builder.build().start();
      server = opened;
      return new Endpoint("grpc", URI.create("http://" + options.host() + ":" + opened.getPort()));
    } catch (IOException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new ManyhandsException(
          ErrorCode.RESOURCE_UNAVAILABLE,
          "transport grpc: cannot listen on "
              + options.host()
              + ":"
              + options.port()
              + ": "
              + cause.getMessage(),
          e);
    }
  }

  private ServerServiceDefinition service(WorkerConnection.Acceptor acceptor) {
    var method =
        FunctionRpcGrpc.getEventStreamMethod().toBuilder(
                AliasingMarshaller.INSTANCE, AliasingMarshaller.INSTANCE)
            .build();
    return ServerServiceDefinition.builder(
            ServiceDescriptor.newBuilder(FunctionRpcGrpc.SERVICE_NAME).addMethod(method).build())
        .addMethod(method, (call, headers) -> accept(call, acceptor))
        .build();
  }

  private ServerCall.Listener<StreamingMessage> accept(
      ServerCall<StreamingMessage, StreamingMessage> call, WorkerConnection.Acceptor acceptor) {
    GrpcConnection connection = new GrpcConnection(call, options);
    connection.open(acceptor.onConnection(connection));
    return connection.calls();
  }

  private static void await(Server running, Duration grace) {
    try {
      if (!running.awaitTermination(grace.toNanos(), TimeUnit.NANOSECONDS)) {
        running.shutdownNow();
        running.awaitTermination(grace.toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      running.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
