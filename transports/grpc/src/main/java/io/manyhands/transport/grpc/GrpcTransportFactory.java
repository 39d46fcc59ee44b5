/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.transport.WorkerTransport;
import io.manyhands.spi.transport.WorkerTransportFactory;

/**
 * Makes the gRPC listener. Options:
 *
 * <ul>
 *   <li>{@code host} (127.0.0.1), {@code port} (0: any)
 *   <li>{@code ioThreads} (one a processor)
 *   <li>{@code maximumInboundMessageBytes} (32 MiB), {@code maximumOutboundMessageBytes} (128 MiB)
 *   <li>{@code flowControlWindowBytes} (1 MiB): what a worker may send ahead of our reading
 *   <li>{@code outboxBytes} (8 MiB): what may wait for one worker
 *   <li>{@code pathTimeout} (30 s, on Linux): data that nobody acknowledges for so long breaks the
 *       connection
 *   <li>{@code closeTimeout} (10 s): a worker that does not take the end of its stream is cut off
 *   <li>{@code tlsCertificate}, {@code tlsPrivateKey} (none): PEM files, read again within {@code
 *       tlsReload} (60 s) of a change
 *   <li>{@code tlsClientAuthorities} (none): PEM file; a worker must then show a certificate that
 *       one of these signed
 *   <li>{@code plaintext} (false): true lets a host that is not loopback do without a certificate
 *   <li>{@code idleTimeout} (60 s): a connection without a stream is closed
 * </ul>
 */
final class GrpcTransportFactory implements WorkerTransportFactory {
  @Override
  public String name() {
    return "grpc";
  }

  @Override
  public WorkerTransport create(PluginConfig config, PluginContext context) {
    return new GrpcTransport(GrpcOptions.read(config), context.blockingExecutor());
  }
}
