/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import io.manyhands.api.Endpoint;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.spi.transport.WorkerTransport;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes {@link FlawedTransport}s of one flaw. */
final class FlawedTransportHarness implements TransportHarness {
  private final ExecutorService executor = InProcessPeer.executor();
  private final Map<Integer, FlawedTransport> addresses = new ConcurrentHashMap<>();
  private final CountDownLatch threadsEnd = new CountDownLatch(1);
  private final AtomicInteger port = new AtomicInteger(1000);
  private final TransportFlaw flaw;

  FlawedTransportHarness(TransportFlaw flaw) {
    this.flaw = flaw;
  }

  @Override
  public Set<TransportBehaviour> behaviours() {
    return EnumSet.allOf(TransportBehaviour.class);
  }

  @Override
  public Set<TransportFault> faults() {
    return InProcessPeer.FAULTS;
  }

  @Override
  public WorkerTransport create() {
    return transport(port.incrementAndGet());
  }

  @Override
  public WorkerTransport createAt(Endpoint endpoint) {
    return transport(endpoint.uri().getPort());
  }

  @Override
  public TransportPeer dial(WorkerTransport transport, Endpoint endpoint) {
    TransportPeer peer = new InProcessPeer(((FlawedTransport) transport).network());
    return flaw == TransportFlaw.IGNORES_FAULTS ? new Ignoring(peer) : peer;
  }

  @Override
  public int threads() {
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals(FlawedTransport.LEFT_THREAD))
            .count();
  }

  @Override
  public void close() {
    threadsEnd.countDown();
    executor.shutdownNow();
  }

  private FlawedTransport transport(int at) {
    return new FlawedTransport(executor, flaw, at, addresses, threadsEnd);
  }

  private record Ignoring(TransportPeer inner) implements TransportPeer {
    @Override
    public void send(WorkerMessage message) {
      inner.send(message);
    }

    @Override
    public void sendUnknown() {
      inner.sendUnknown();
    }

    @Override
    public void complete() {
      inner.complete();
    }

    @Override
    public void abort() {
      inner.abort();
    }

    @Override
    public void inject(TransportFault fault) {
      if (InProcessPeer.FAULTS.contains(fault)) {
        inner.inject(fault);
      }
    }

    @Override
    public void heal() {
      inner.heal();
    }

    @Override
    public StreamRecording<HostMessage> incoming() {
      return inner.incoming();
    }
  }
}
