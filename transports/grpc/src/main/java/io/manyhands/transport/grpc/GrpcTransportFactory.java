/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.transport.WorkerTransport;
import io.manyhands.spi.transport.WorkerTransportFactory;
import java.time.Duration;

/**
 * Makes the gRPC listener. Options: {@code host} (127.0.0.1), {@code port} (0: any), {@code
 * maximumInboundMessageBytes} (32 MiB), {@code maximumOutboundMessageBytes} (128 MiB), {@code
 * flowControlWindowBytes} (1 MiB), {@code outboxBytes} (8 MiB: what may wait for one worker),
 * {@code pathTimeout} (30 s: unacknowledged data breaks the connection, on Linux).
 */
final class GrpcTransportFactory implements WorkerTransportFactory {
  private static final long MEBIBYTE = 1 << 20;

  @Override
  public String name() {
    return "grpc";
  }

  @Override
  public WorkerTransport create(PluginConfig config, PluginContext context) {
    GrpcOptions options =
        new GrpcOptions(
            config.text("host", "127.0.0.1"),
            (int) config.number("port", 0, 0, 65535),
            (int)
                config.number("maximumInboundMessageBytes", 32 * MEBIBYTE, 1024, Integer.MAX_VALUE),
            (int)
                config.number(
                    "maximumOutboundMessageBytes", 128 * MEBIBYTE, 1024, Integer.MAX_VALUE),
            (int) config.number("flowControlWindowBytes", MEBIBYTE, 65535, 1 << 30),
            config.number("outboxBytes", 8 * MEBIBYTE, 1024, 1L << 40),
            config.duration("pathTimeout", Duration.ofSeconds(30)));
    config.finish();
    return new GrpcTransport(options, context.blockingExecutor());
  }
}
