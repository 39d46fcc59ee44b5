/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import io.manyhands.api.Endpoint;
import io.manyhands.spi.transport.WorkerTransport;
import io.manyhands.testkit.contract.TransportBehaviour;
import io.manyhands.testkit.contract.TransportFault;
import io.manyhands.testkit.contract.TransportHarness;
import io.manyhands.testkit.contract.TransportPeer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The listener on real sockets, dialled by grpc-java's own client through a proxy each. */
final class GrpcHarness implements TransportHarness {
  private final List<GrpcPeer> peers = new ArrayList<>();
  private final boolean link;

  /**
   * @param link true for workers of our own service
   */
  GrpcHarness(boolean link) {
    this.link = link;
  }

  @Override
  public Set<TransportBehaviour> behaviours() {
    return EnumSet.allOf(TransportBehaviour.class);
  }

  @Override
  public Set<TransportFault> faults() {
    return EnumSet.allOf(TransportFault.class);
  }

  @Override
  public WorkerTransport create() {
    return transport(0);
  }

  @Override
  public WorkerTransport createAt(Endpoint endpoint) {
    return transport(endpoint.uri().getPort());
  }

  @Override
  public TransportPeer dial(WorkerTransport transport, Endpoint endpoint) {
    try {
      GrpcPeer peer = new GrpcPeer(endpoint.uri().getHost(), endpoint.uri().getPort(), link);
      peers.add(peer);
      return peer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int threads() {
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("manyhands-grpc"))
            .count();
  }

  @Override
  public void close() {
    peers.forEach(GrpcPeer::close);
  }

  private static GrpcTransport transport(int port) {
    return new GrpcTransport(
        new GrpcOptions(
            "127.0.0.1",
            port,
            2,
            new GrpcOptions.Limits(MAXIMUM_MESSAGE_BYTES, MAXIMUM_MESSAGE_BYTES, 1 << 20, 1 << 20),
            new GrpcOptions.Timeouts(
                // So long that only the cut-off can end the stream of a worker that does not read.
                Duration.ofMinutes(10), Duration.ofSeconds(1), Duration.ofSeconds(60)),
            Optional.empty()),
        task -> new Thread(task, "harness-blocking").start());
  }
}
