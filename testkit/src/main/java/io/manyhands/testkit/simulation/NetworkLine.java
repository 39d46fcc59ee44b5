/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.testkit.VirtualTime;
import io.manyhands.transport.inprocess.InProcessNetwork;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The path of one stream: each message takes its time, a direction can be held up and let go.
 * Within a direction messages keep their order, as on TCP; between directions and streams they do
 * not.
 */
final class NetworkLine {
  private static final Duration FASTEST = Duration.ofNanos(20_000);
  private static final Duration FAST = Duration.ofMillis(1);
  private static final Duration SLOW = Duration.ofMillis(60);

  private final Direction toWorker;
  private final Direction toRuntime;

  /** What all paths share: how long messages take, and how far they overtake each other. */
  static final class Traffic {
    private final VirtualTime time;
    private final Dice dice;
    private final Duration slowest;
    private final double atOnce;
    private final Tally tally;
    private long handedIn;
    private long latestArrived;

    Traffic(VirtualTime time, Dice dice, boolean slow, Tally tally) {
      this.time = time;
      this.dice = dice;
      this.slowest = slow ? SLOW : FAST;
      this.atOnce = slow ? 0.3 : 0.6;
      this.tally = tally;
    }

    VirtualTime time() {
      return time;
    }

    private void carry(Runnable task) {
      if (dice.chance(atOnce)) {
        time.execute(task);
      } else {
        time.schedule(task, dice.logBetween(FASTEST, slowest));
      }
    }

    private void arrived(long number) {
      if (number < latestArrived) {
        tally.add("message overtaken by one of another stream or direction");
      } else {
        latestArrived = number;
      }
    }
  }

  NetworkLine(Traffic traffic) {
    toWorker = new Direction(traffic);
    toRuntime = new Direction(traffic);
  }

  /**
   * @param extended for our extension of the protocol
   */
  InProcessNetwork.Line line(boolean extended) {
    return new InProcessNetwork.Line(toWorker, toRuntime, extended);
  }

  /** Nothing gets through from now on. */
  void hold(boolean worker, boolean runtime) {
    toWorker.held |= worker;
    toRuntime.held |= runtime;
  }

  /** All that was held goes on. */
  void release() {
    toWorker.release();
    toRuntime.release();
  }

  private static final class Direction implements Executor {
    private final Traffic traffic;
    private boolean held;
    private @Nullable Runnable parked;

    Direction(Traffic traffic) {
      this.traffic = traffic;
    }

    @Override
    public void execute(Runnable task) {
      long number = ++traffic.handedIn;
      traffic.carry(() -> arrive(task, number));
    }

    private void arrive(Runnable task, long number) {
      if (held) {
        // One at a time is on its way, so that there is never a second one to park.
        parked = () -> arrive(task, number);
      } else {
        traffic.arrived(number);
        task.run();
      }
    }

    private void release() {
      held = false;
      Runnable waiting = parked;
      parked = null;
      if (waiting != null) {
        traffic.carry(waiting);
      }
    }
  }
}
