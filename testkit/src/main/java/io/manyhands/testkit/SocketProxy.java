/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy on the loopback address that fails as a test says: cuts, half-closes, holds back,
 * delays, or says HTTP/2's GOAWAY for one side. What it is told concerns the connections that are
 * open then, and holding back and delay also those that come later. Real sockets, threads and time.
 * Thread-safe.
 */
public final class SocketProxy implements AutoCloseable {
  private final InetSocketAddress target;
  private final ServerSocket listener;
  private final Set<ProxiedConnection> open = ConcurrentHashMap.newKeySet();
  private final Set<Socket> dialling = ConcurrentHashMap.newKeySet();
  private final Thread acceptor;
  private final ProxyGate toTarget = new ProxyGate();
  private final ProxyGate toClient = new ProxyGate();
  private volatile boolean closed;

  /** A direction of what passes. */
  public enum Direction {
    /** From those who dialled the proxy to the target. */
    TO_TARGET,
    /** From the target to those who dialled the proxy. */
    TO_CLIENT
  }

  /** Listens on a free port and passes connections on to the target. */
  public SocketProxy(InetSocketAddress target) throws IOException {
    this.target = target;
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    acceptor = daemon(this::accept, "accept");
  }

  /** Where to dial instead of the target. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  /** Resets every open connection, on both sides. */
  public void cut() {
    open.forEach(ProxiedConnection::reset);
  }

  /** Ends one direction as a socket does that is done with sending; the other goes on. */
  public void halfClose(Direction direction) {
    open.forEach(connection -> connection.pump(direction).finish());
  }

  /** Passes nothing on in that direction, and reads nothing from its sender. */
  public void hold(Direction direction) {
    gate(direction).hold(true);
  }

  /** Passes every piece on that much later. */
  public void delay(Duration by) {
    toTarget.delay(by);
    toClient.delay(by);
  }

  /** Ends holding back and delay; nothing was lost. */
  public void heal() {
    for (ProxyGate gate : new ProxyGate[] {toTarget, toClient}) {
      gate.delay(Duration.ZERO);
      gate.hold(false);
    }
  }

  /**
   * Says GOAWAY (no error, all streams so far welcome) to the receiver of that direction, between
   * two frames of what passes. For HTTP/2 connections in plaintext on which its sender has already
   * said something.
   */
  public void goAway(Direction direction) {
    open.forEach(connection -> connection.pump(direction).inject(Http2Frames.goAway()));
  }

  /** Cuts every connection, gives the port back, then returns: who dials later is refused. */
  @Override
  public void close() {
    closed = true;
    heal();
    try {
      listener.close();
      for (Socket socket : dialling) {
        socket.close();
      }
      // A thread inside accept keeps the system's listener, which goes on taking connections.
      acceptor.join(10_000);
      if (acceptor.isAlive()) {
        throw new IllegalStateException("proxy: its acceptor goes on 10 s after the close");
      }
    } catch (IOException e) {
      throw new IllegalStateException("proxy: its port cannot be given back", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      cut();
    }
  }

  private ProxyGate gate(Direction direction) {
    return direction == Direction.TO_TARGET ? toTarget : toClient;
  }

  private void accept() {
    while (!closed) {
      try {
        Socket client = listener.accept();
        take(client);
      } catch (IOException e) {
        // Closed; what else could befall a listener on loopback ends the proxy too.
        return;
      }
    }
  }

  private void take(Socket client) throws IOException {
    Socket server = new Socket();
    dialling.add(server);
    try {
      if (closed) {
        throw new IOException("closed");
      }
      server.connect(target, 10_000);
    } catch (IOException e) {
      // Nobody is there: whoever dialled is to see the same.
      client.setSoLinger(true, 0);
      client.close();
      server.close();
      return;
    } finally {
      dialling.remove(server);
    }
    ProxiedConnection connection =
        new ProxiedConnection(client, server, toTarget, toClient, open::remove);
    open.add(connection);
    if (closed) {
      connection.reset();
      return;
    }
    daemon(connection.pump(Direction.TO_TARGET), "to-target");
    daemon(connection.pump(Direction.TO_CLIENT), "to-client");
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, "manyhands-socket-proxy-" + name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
