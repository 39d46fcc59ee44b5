/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.reconnect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** One thread for the sockets and timers of thousands of light workers. */
final class Loop implements Runnable {
  private final Selector selector = Selector.open();
  private final Queue<Runnable> asked = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparingLong(Timer::nanos).thenComparingLong(Timer::number));
  private final ByteBuffer read = ByteBuffer.allocateDirect(64 << 10);
  private long timerCount;

  private record Timer(long nanos, long number, Runnable task) {}

  Loop() throws IOException {}

  Selector selector() {
    return selector;
  }

  /** For whoever reads just now. */
  ByteBuffer readBuffer() {
    return read.clear();
  }

  /** From any thread. */
  void execute(Runnable task) {
    asked.add(task);
    selector.wakeup();
  }

  /** On the loop. */
  void after(Duration delay, Runnable task) {
    timers.add(new Timer(System.nanoTime() + delay.toNanos(), timerCount++, task));
  }

  @Override
  public void run() {
    try {
      while (true) {
        turn();
      }
    } catch (IOException e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private void turn() throws IOException {
    Timer first = timers.peek();
    if (first == null) {
      selector.select();
    } else {
      long left = TimeUnit.NANOSECONDS.toMillis(first.nanos() - System.nanoTime());
      if (left > 0) {
        selector.select(left);
      } else {
        selector.selectNow();
      }
    }
    for (SelectionKey key : selector.selectedKeys()) {
      if (key.isValid()) {
        ((Http2Stream) key.attachment()).onReady(key);
      }
    }
    selector.selectedKeys().clear();
    for (Runnable task = asked.poll(); task != null; task = asked.poll()) {
      task.run();
    }
    long now = System.nanoTime();
    for (Timer timer = timers.peek();
        timer != null && timer.nanos() - now <= 0;
        timer = timers.peek()) {
      timers.remove().task().run();
    }
  }
}
