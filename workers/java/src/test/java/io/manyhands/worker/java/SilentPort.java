/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Takes connections on a port and hangs up at once. */
final class SilentPort {
  private final ServerSocket listener;
  private final Semaphore taken = new Semaphore(0);
  private final Thread thread;

  SilentPort(int port) throws IOException {
    listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    thread = new Thread(this::take, "silent");
    thread.setDaemon(true);
    thread.start();
  }

  private void take() {
    while (!listener.isClosed()) {
      try {
        listener.accept().close();
        taken.release();
      } catch (IOException e) {
        // Closed, or the peer was faster.
      }
    }
  }

  void awaitConnections(int number) throws InterruptedException {
    if (!taken.tryAcquire(number, 60, TimeUnit.SECONDS)) {
      throw new AssertionError("nobody dialled");
    }
  }

  void stop() throws IOException, InterruptedException {
    listener.close();
    thread.join(TimeUnit.SECONDS.toMillis(60));
  }
}
