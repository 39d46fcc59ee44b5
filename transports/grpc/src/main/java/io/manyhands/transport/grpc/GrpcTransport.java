/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.manyhands.api.Endpoint;
import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.spi.transport.WorkerTransport;
import io.manyhands.transport.grpc.protocol.FunctionRpcGrpc;
import io.manyhands.transport.grpc.protocol.link.WorkerLinkGrpc;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gRPC listener: FunctionRpc/EventStream and our WorkerLink/Connect on one port, everything on
 * the event loops' threads. Thread-safe.
 */
final class GrpcTransport implements WorkerTransport {
  private static final Logger LOG = LoggerFactory.getLogger(GrpcTransport.class);

  /** A worker has one stream; a few more do no harm. */
  private static final int STREAMS_PER_CONNECTION = 64;

  /** What force may take, after the grace. */
  private static final Duration FORCE = Duration.ofSeconds(10);

  private final GrpcOptions options;
  private final Executor blocking;
  private final Set<GrpcConnection> connections = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Running> opening = new CompletableFuture<>();
  private final AtomicBoolean started = new AtomicBoolean();
  private volatile boolean stopping;

  private record Running(Server server, IoThreads threads) {}

  GrpcTransport(GrpcOptions options, Executor blocking) {
    this.options = options;
    this.blocking = blocking;
  }

  @Override
  public CompletionStage<Endpoint> start(WorkerConnection.Acceptor acceptor) {
    if (!started.compareAndSet(false, true)) {
      return CompletableFuture.failedFuture(
          new ManyhandsException(
              ErrorCode.INTERNAL, "transport grpc: started a second time (expected: once)"));
    }
    CompletableFuture<Endpoint> endpoint =
        CompletableFuture.supplyAsync(() -> open(acceptor), blocking);
    endpoint.whenComplete(
        (opened, error) -> {
          if (error != null) {
            opening.completeExceptionally(error);
          }
        });
    return endpoint;
  }

  @Override
  public CompletionStage<Void> stop(Duration grace) {
    stopping = true;
    if (started.compareAndSet(false, true)) {
      return CompletableFuture.completedFuture(null);
    }
    return opening
        .handle((opened, error) -> Optional.ofNullable(opened))
        .thenCompose(
            opened ->
                opened.isPresent()
                    ? CompletableFuture.runAsync(() -> shut(opened.get(), grace), blocking)
                    : CompletableFuture.completedFuture(null));
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
    Optional<TlsFiles> tls = options.tls().map(TlsFiles::open);
    IoThreads threads = new IoThreads(options.ioThreads());
    try {
      Server opened = builder(address, threads, tls, acceptor).build().start();
      tls.ifPresent(files -> reloadLater(files, threads));
      opening.complete(new Running(opened, threads));
      return new Endpoint("grpc", uri(opened.getPort()));
    } catch (IOException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      closeThreads(threads);
      throw new ManyhandsException(
          ErrorCode.RESOURCE_UNAVAILABLE,
          "transport grpc: cannot listen on "
              + options.host()
              + ":"
              + options.port()
              + ": "
              + cause.getMessage()
              + " (expected: an address of this machine and a port that nobody has)",
          e);
    }
  }

  private NettyServerBuilder builder(
      InetSocketAddress address,
      IoThreads threads,
      Optional<TlsFiles> tls,
      WorkerConnection.Acceptor acceptor) {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(
                address,
                tls.map(TlsFiles::credentials).orElseGet(InsecureServerCredentials::create))
            .directExecutor()
            .maxInboundMessageSize(options.limits().maximumInboundMessageBytes())
            .flowControlWindow(options.limits().flowControlWindowBytes())
            .maxConcurrentCallsPerConnection(STREAMS_PER_CONNECTION)
            .maxConnectionIdle(options.timeouts().idle().toNanos(), TimeUnit.NANOSECONDS)
            // No pings of ours: stock workers answer them on the loop that runs their functions
            // (docs/protocol.md, P-CONN-3). Theirs are welcome.
            .permitKeepAliveTime(1, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addStreamTracerFactory(new StreamContexts())
            .addService(
                service(
                    FunctionRpcGrpc.SERVICE_NAME,
                    FunctionRpcGrpc.getEventStreamMethod(),
                    new FunctionRpcFormat(),
                    acceptor,
                    threads))
            .addService(
                service(
                    WorkerLinkGrpc.SERVICE_NAME,
                    WorkerLinkGrpc.getConnectMethod(),
                    new WorkerLinkFormat(),
                    acceptor,
                    threads));
    threads.use(builder, options.timeouts().path());
    return builder;
  }

  private URI uri(int port) {
    String host = options.host();
    String scheme = options.tls().isPresent() ? "https://" : "http://";
    return URI.create(scheme + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
  }

  /** Again and again, until the loops are closed. */
  private void reloadLater(TlsFiles files, IoThreads threads) {
    Runnable reload =
        () -> {
          files.reload();
          reloadLater(files, threads);
        };
    try {
      threads
          .timer()
          .schedule(
              () -> blocking.execute(reload),
              options.tls().orElseThrow().reload().toNanos(),
              TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("stopped while the certificate was looked at", e);
    }
  }

  private ServerServiceDefinition service(
      String name,
      MethodDescriptor<?, ?> generated,
      StreamFormat format,
      WorkerConnection.Acceptor acceptor,
      IoThreads threads) {
    MethodDescriptor<WorkerMessage, WireMessage> method =
        StreamMarshallers.method(generated, format);
    return ServerServiceDefinition.builder(
            ServiceDescriptor.newBuilder(name).addMethod(method).build())
        .addMethod(method, (call, headers) -> accept(call, format, acceptor, threads))
        .build();
  }

  private ServerCall.Listener<WorkerMessage> accept(
      ServerCall<WorkerMessage, WireMessage> call,
      StreamFormat format,
      WorkerConnection.Acceptor acceptor,
      IoThreads threads) {
    if (stopping) {
      call.close(Status.UNAVAILABLE.withDescription("the Runtime is stopping"), new Metadata());
      return new ServerCall.Listener<>() {};
    }
    GrpcConnection connection = new GrpcConnection(call, format, options, threads.timer());
    connections.add(connection);
    connection.open(acceptor);
    if (stopping) {
      connection.close();
    }
    return connection.calls(() -> connections.remove(connection));
  }

  private void shut(Running opened, Duration grace) {
    Server server = opened.server();
    server.shutdown();
    connections.forEach(GrpcConnection::close);
    try {
      if (!server.awaitTermination(grace.toNanos(), TimeUnit.NANOSECONDS)) {
        server.shutdownNow();
        server.awaitTermination(FORCE.toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    closeThreads(opened.threads());
  }

  private static void closeThreads(IoThreads threads) {
    try {
      threads.close(FORCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
