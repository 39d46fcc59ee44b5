/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import io.manyhands.spi.PluginConfig;
import java.time.Duration;
import java.util.Optional;

/** Options of the listener; see {@link GrpcTransportFactory} for their meaning and defaults. */
record GrpcOptions(
    String host, int port, int ioThreads, Limits limits, Timeouts timeouts, Optional<GrpcTls> tls) {
  private static final long MEBIBYTE = 1 << 20;

  /** Sizes, in bytes. */
  record Limits(
      int maximumInboundMessageBytes,
      int maximumOutboundMessageBytes,
      int flowControlWindowBytes,
      long outboxBytes) {}

  /** How long a peer may take. */
  record Timeouts(Duration path, Duration close, Duration idle) {}

  /** Reads a whole configuration, refusing what it does not know. */
  static GrpcOptions read(PluginConfig config) {
    String host = config.text("host", "127.0.0.1");
    GrpcOptions options =
        new GrpcOptions(
            host,
            (int) config.number("port", 0, 0, 65535),
            (int) config.number("ioThreads", Runtime.getRuntime().availableProcessors(), 1, 1024),
            new Limits(
                (int)
                    config.number(
                        "maximumInboundMessageBytes", 32 * MEBIBYTE, 1024, Integer.MAX_VALUE),
                (int)
                    config.number(
                        "maximumOutboundMessageBytes", 128 * MEBIBYTE, 1024, Integer.MAX_VALUE),
                (int) config.number("flowControlWindowBytes", MEBIBYTE, 65535, 1 << 30),
                config.number("outboxBytes", 8 * MEBIBYTE, 1024, 1L << 40)),
            new Timeouts(
                config.duration("pathTimeout", Duration.ofSeconds(30)),
                config.duration("closeTimeout", Duration.ofSeconds(10)),
                config.duration("idleTimeout", Duration.ofSeconds(60))),
            GrpcTls.read(config, host));
    config.finish();
    return options;
  }
}
