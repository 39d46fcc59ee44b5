/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import io.manyhands.api.ManyhandsException;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.transport.inprocess.InProcessNetwork;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A worker on an in-process network. */
public final class InProcessPeer implements TransportPeer {
  /** The others need a connection beneath the stream. */
  public static final Set<TransportFault> FAULTS =
      EnumSet.of(TransportFault.CUT, TransportFault.STALL);

  private final StreamRecording<HostMessage> incoming = new StreamRecording<>();
  private final InProcessNetwork.@Nullable WorkerEnd end;

  public InProcessPeer(InProcessNetwork network) {
    end = dial(network);
  }

  /** Threads for a network; what listeners throw on purpose is not printed. */
  public static ExecutorService executor() {
    return Executors.newFixedThreadPool(
        4,
        task -> {
          Thread thread = new Thread(task, "contract-network");
          thread.setUncaughtExceptionHandler((where, planted) -> {});
          return thread;
        });
  }

  @Override
  public void send(WorkerMessage message) {
    open().send(message);
  }

  @Override
  public void sendUnknown() {
    open().send(new WorkerMessage.StartStream("newer"));
    open().send(new WorkerMessage.Unknown("of a later version"));
  }

  @Override
  public void complete() {
    open().complete();
  }

  @Override
  public void abort() {
    open().abort("broken off by the contract");
  }

  @Override
  public void inject(TransportFault fault) {
    switch (fault) {
      case CUT -> open().abort("cut");
      case STALL -> open().setWritable(false);
      default ->
          throw new UnsupportedOperationException(
              fault + " has no meaning for a stream without a connection beneath it");
    }
  }

  @Override
  public void heal() {
    open().setWritable(true);
  }

  @Override
  public StreamRecording<HostMessage> incoming() {
    return incoming;
  }

  private InProcessNetwork.WorkerEnd open() {
    InProcessNetwork.WorkerEnd dialled = end;
    if (dialled == null) {
      throw new IllegalStateException("nobody listened");
    }
    return dialled;
  }

  private InProcessNetwork.@Nullable WorkerEnd dial(InProcessNetwork network) {
    try {
      return network.connect(
          new InProcessNetwork.WorkerSide() {
            @Override
            public void onMessage(HostMessage message) {
              incoming.onMessage(message);
            }

            @Override
            public void onEnd(String reason) {
              incoming.onEnd(reason, true);
            }
          });
    } catch (ManyhandsException e) {
      incoming.onEnd(String.valueOf(e.getMessage()), false);
      return null;
    } catch (IllegalStateException planted) {
      // The acceptor's; the end is told by itself.
      return null;
    }
  }
}
