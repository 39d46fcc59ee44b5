/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart;

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
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** The gRPC transport, with a note of the threads that bring calls and answers. */
final class RecordingTransportPlugin implements ManyhandsPlugin {
  private final List<Thread> sent = new CopyOnWriteArrayList<>();
  private final List<Thread> heard = new CopyOnWriteArrayList<>();

  List<Thread> sent() {
    return List.copyOf(sent);
  }

  List<Thread> heard() {
    return List.copyOf(heard);
  }

  void forget() {
    sent.clear();
    heard.clear();
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
            return recording(grpc.create(config, context));
          }
        });
  }

  private WorkerTransport recording(WorkerTransport inner) {
    return new WorkerTransport() {
      @Override
      public CompletionStage<Endpoint> start(WorkerConnection.Acceptor acceptor) {
        return inner.start(connection -> listening(acceptor.onConnection(new Sending(connection))));
      }

      @Override
      public CompletionStage<Void> stop(Duration grace) {
        return inner.stop(grace);
      }
    };
  }

  private WorkerConnection.Listener listening(WorkerConnection.Listener inner) {
    return new WorkerConnection.Listener() {
      @Override
      public void onMessage(WorkerMessage message) {
        if (message instanceof WorkerMessage.InvocationResponse) {
          heard.add(Thread.currentThread());
        }
        inner.onMessage(message);
      }

      @Override
      public void onWritable() {
        inner.onWritable();
      }

      @Override
      public void onClosed(String reason, boolean orderly) {
        inner.onClosed(reason, orderly);
      }
    };
  }

  private final class Sending implements WorkerConnection {
    private final WorkerConnection inner;

    Sending(WorkerConnection inner) {
      this.inner = inner;
    }

    @Override
    public SendResult send(HostMessage message) {
      if (message instanceof HostMessage.InvocationRequest) {
        sent.add(Thread.currentThread());
      }
      return inner.send(message);
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
