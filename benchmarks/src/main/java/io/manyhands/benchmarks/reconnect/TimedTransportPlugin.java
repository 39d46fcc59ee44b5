/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.reconnect;

import io.manyhands.api.Endpoint;
import io.manyhands.spi.ManyhandsPlugin;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.SpiLevel;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerTransport;
import io.manyhands.spi.transport.WorkerTransportFactory;
import io.manyhands.transport.grpc.GrpcTransportPlugin;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The gRPC transport, and when its port began to listen. */
final class TimedTransportPlugin implements ManyhandsPlugin {
  private volatile long listenedNanos;

  long listenedNanos() {
    return listenedNanos;
  }

  @Override
  public int spiLevel() {
    return SpiLevel.CURRENT;
  }

  @Override
  public List<WorkerTransportFactory> transports() {
    WorkerTransportFactory grpc = new GrpcTransportPlugin().transports().get(0);
    return List.of(
        new WorkerTransportFactory() {
          @Override
          public String name() {
            return grpc.name();
          }

          @Override
          public WorkerTransport create(PluginConfig config, PluginContext context) {
            return new Timed(grpc.create(config, context));
          }
        });
  }

  private final class Timed implements WorkerTransport {
    private final WorkerTransport grpc;

    Timed(WorkerTransport grpc) {
      this.grpc = grpc;
    }

    @Override
    public CompletionStage<Endpoint> start(WorkerConnection.Acceptor acceptor) {
      return grpc.start(acceptor)
          .thenApply(
              endpoint -> {
                listenedNanos = System.nanoTime();
                return endpoint;
              });
    }

    @Override
    public CompletionStage<Void> stop(Duration grace) {
      return grpc.stop(grace);
    }
  }
}
