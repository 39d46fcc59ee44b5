/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit;

import java.io.IOException;
import java.net.Socket;
import java.util.function.Consumer;

/** Two sockets and what passes between them. Thread-safe. */
final class ProxiedConnection {
  private final Socket client;
  private final Socket server;
  private final Consumer<ProxiedConnection> forget;
  private final Pump toTarget;
  private final Pump toClient;

  ProxiedConnection(
      Socket client,
      Socket server,
      ProxyGate targetGate,
      ProxyGate clientGate,
      Consumer<ProxiedConnection> forget)
      throws IOException {
    this.client = client;
    this.server = server;
    this.forget = forget;
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
    toTarget = new Pump(client, server, targetGate, new Http2Frames(true));
    toClient = new Pump(server, client, clientGate, new Http2Frames(false));
  }

  Pump pump(SocketProxy.Direction direction) {
    return direction == SocketProxy.Direction.TO_TARGET ? toTarget : toClient;
  }

  /** Both sides see a reset. */
  void reset() {
    forget.accept(this);
    for (Socket socket : new Socket[] {client, server}) {
      try {
        socket.setSoLinger(true, 0);
        socket.close();
      } catch (IOException e) {
        // Closed already, which is what was wanted.
      }
    }
  }

  /** One direction. */
  final class Pump implements Runnable {
    private final Socket from;
    private final Socket to;
    private final ProxyGate gate;
    private final Object writing = new Object();
    private final Http2Frames frames;
    private byte[] pending = new byte[0];
    private volatile boolean finished;

    Pump(Socket from, Socket to, ProxyGate gate, Http2Frames frames) {
      this.from = from;
      this.to = to;
      this.gate = gate;
      this.frames = frames;
    }

    @Override
    public void run() {
      byte[] piece = new byte[16 << 10];
      try {
        gate.pass();
        int length = from.getInputStream().read(piece);
        while (length >= 0) {
          gate.pass();
          write(piece, length);
          gate.pass();
          length = from.getInputStream().read(piece);
        }
        finish();
      } catch (IOException e) {
        // One side has broken; the other is to know.
        reset();
      } catch (InterruptedException e) {
        reset();
        Thread.currentThread().interrupt();
      }
    }

    /** The receiver sees the end of what the sender says; what still comes is thrown away. */
    void finish() {
      finished = true;
      try {
        to.shutdownOutput();
      } catch (IOException e) {
        reset();
      }
    }

    void inject(byte[] frame) {
      synchronized (writing) {
        try {
          if (frames.atBoundary()) {
            to.getOutputStream().write(frame);
          } else {
            pending = frame;
          }
        } catch (IOException e) {
          reset();
        }
      }
    }

    private void write(byte[] piece, int length) throws IOException {
      synchronized (writing) {
        int written = 0;
        while (written < length && !finished) {
          int part = frames.advance(piece, written, length);
          to.getOutputStream().write(piece, written, part);
          written += part;
          if (pending.length > 0 && frames.atBoundary()) {
            to.getOutputStream().write(pending);
            pending = new byte[0];
          }
        }
      }
    }
  }
}
