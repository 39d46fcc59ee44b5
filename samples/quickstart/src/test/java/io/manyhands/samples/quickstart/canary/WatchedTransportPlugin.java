/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart.canary;

import io.manyhands.api.Endpoint;
import io.manyhands.spi.ManyhandsPlugin;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.SpiLevel;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.spi.transport.WorkerTransport;
import io.manyhands.spi.transport.WorkerTransportFactory;
import io.manyhands.transport.grpc.GrpcTransportPlugin;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The gRPC transport, with a note of all that is said to each worker. */
final class WatchedTransportPlugin implements ManyhandsPlugin {
  private final Map<String, Queue<HostMessage>> said = new ConcurrentHashMap<>();
  private final UnaryOperator<HostMessage> change;
  private final String counter;

  /**
   * @param change to what is sent
   * @param counter the name of a counter of its own
   */
  WatchedTransportPlugin(UnaryOperator<HostMessage> change, String counter) {
    this.change = change;
    this.counter = counter;
  }

  /** Everything that was said to the worker, whole. */
  String saidTo(String worker) {
    return Dump.of(said.getOrDefault(worker, new ConcurrentLinkedQueue<>()));
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
            context.counter(counter).increment();
            return watched(grpc.create(config, context));
          }
        });
  }

  private WorkerTransport watched(WorkerTransport inner) {
    return new WorkerTransport() {
      @Override
      public CompletionStage<Endpoint> start(WorkerConnection.Acceptor acceptor) {
        return inner.start(
            connection -> {
              Watched watched = new Watched(connection);
              return watched.listening(acceptor.onConnection(watched));
            });
      }

      @Override
      public CompletionStage<Void> stop(Duration grace) {
        return inner.stop(grace);
      }
    };
  }

  private final class Watched implements WorkerConnection {
    private final WorkerConnection inner;
    private volatile @Nullable Queue<HostMessage> messages;

    Watched(WorkerConnection inner) {
      this.inner = inner;
    }

    Listener listening(Listener listener) {
      return new Listener() {
        @Override
        public void onMessage(WorkerMessage message) {
          if (message instanceof WorkerMessage.StartStream start) {
            messages =
                said.computeIfAbsent(start.workerId(), first -> new ConcurrentLinkedQueue<>());
          }
          listener.onMessage(message);
        }

        @Override
        public void onWritable() {
          listener.onWritable();
        }

        @Override
        public void onClosed(String reason, boolean orderly) {
          listener.onClosed(reason, orderly);
        }
      };
    }

    @Override
    public SendResult send(HostMessage message) {
      HostMessage sent = change.apply(message);
      Queue<HostMessage> noted = messages;
      if (noted != null) {
        noted.add(sent);
      }
      return inner.send(sent);
    }

    @Override
    public boolean supports(Class<? extends HostMessage> kind) {
      return inner.supports(kind);
    }

    @Override
    public void close() {
      inner.close();
    }

    @Override
    public void abort(String reason) {
      inner.abort(reason);
    }

    @Override
    public PeerCredentials peer() {
      return inner.peer();
    }
  }
}
