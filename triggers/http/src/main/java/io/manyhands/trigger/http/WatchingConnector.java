/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import io.manyhands.spi.time.Scheduler;
import io.manyhands.spi.time.TimeSeams;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/**
 * Accepts connections and looks at all of them now and then, so that watching for clients that go
 * away costs a call nothing while it is short.
 */
final class WatchingConnector extends ServerConnector {
  /**
   * Calls shorter than this are not watched; those that are longer, at twice this at the latest.
   */
  static final Duration INTERVAL = Duration.ofMillis(100);

  private static final Duration LINGER = Duration.ofSeconds(2);

  private final TimeSeams time;
  private final long headNanos;
  private volatile boolean looking;
  private volatile Scheduler.@Nullable Cancellable next;

  WatchingConnector(
      Server server, ConnectionFactory factory, TimeSeams time, Duration headTimeout) {
    super(server, 1, 1, factory);
    this.time = time;
    this.headNanos = headTimeout.toNanos();
  }

  @Override
  protected SocketChannelEndPoint newEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key) {
    WatchedEndPoint endPoint =
        new WatchedEndPoint(channel, selector, key, getScheduler(), getExecutor());
    endPoint.setIdleTimeout(getIdleTimeout());
    return endPoint;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    looking = true;
    again();
  }

  @Override
  protected void doStop() throws Exception {
    looking = false;
    Scheduler.Cancellable armed = next;
    if (armed != null) {
      armed.cancel();
    }
    super.doStop();
  }

  private void again() {
    if (looking) {
      next = time.scheduler().schedule(this::look, INTERVAL);
    }
  }

  private void look() {
    long now = time.ticker().nanos();
    for (EndPoint endPoint : getConnectedEndPoints()) {
      if (endPoint instanceof WatchedEndPoint watched) {
        watched.look(now, headNanos, LINGER.toNanos());
      }
    }
    again();
  }
}
