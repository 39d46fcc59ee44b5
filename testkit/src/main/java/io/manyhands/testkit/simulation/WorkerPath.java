/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.api.ManyhandsException;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.testkit.VirtualTime;
import io.manyhands.transport.inprocess.InProcessNetwork;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One stream of a worker's, and what befalls it. On the simulation's thread. */
final class WorkerPath {
  private final VirtualTime time;
  private final NetworkLine line;
  private InProcessNetwork.@Nullable WorkerEnd end;
  private boolean open = true;

  /** Whose stream it is. */
  interface Owner {
    void onMessage(WorkerPath path, HostMessage message);

    void onEnd(WorkerPath path, String reason);
  }

  private WorkerPath(VirtualTime time, NetworkLine line) {
    this.time = time;
    this.line = line;
  }

  /**
   * Dials in; empty where nobody listens.
   *
   * @param extended with our extension of the protocol
   */
  static Optional<WorkerPath> dial(
      InProcessNetwork network, NetworkLine.Traffic traffic, boolean extended, Owner owner) {
    WorkerPath path = new WorkerPath(traffic.time(), new NetworkLine(traffic));
    try {
      path.end = network.connect(path.new Side(owner), path.line.line(extended));
      return Optional.of(path);
    } catch (ManyhandsException e) {
      return Optional.empty();
    }
  }

  private final class Side implements InProcessNetwork.WorkerSide {
    private final Owner owner;

    Side(Owner owner) {
      this.owner = owner;
    }

    @Override
    public void onMessage(HostMessage message) {
      owner.onMessage(WorkerPath.this, message);
    }

    @Override
    public void onEnd(String reason) {
      open = false;
      owner.onEnd(WorkerPath.this, reason);
    }
  }

  private InProcessNetwork.WorkerEnd end() {
    InProcessNetwork.WorkerEnd dialled = end;
    if (dialled == null) {
      throw new IllegalStateException("used before it was dialled");
    }
    return dialled;
  }

  /** True until its owner was told of its end. */
  boolean isOpen() {
    return open;
  }

  void say(WorkerMessage message) {
    end().send(message);
  }

  void complete() {
    end().complete();
  }

  void abort() {
    end().abort("the connection was reset");
  }

  /** What is on its way is lost. */
  void cut() {
    end().cut("the connection broke");
  }

  /** Its machine is gone: nobody at the other end is told before that time. */
  void vanish(Duration unnoticed) {
    hold(true, true, unnoticed, true);
  }

  /** Nothing gets through for that long; then all of it, or the stream breaks. */
  void hold(boolean toWorker, boolean toRuntime, Duration length, boolean breaks) {
    line.hold(toWorker, toRuntime);
    time.schedule(
        () -> {
          line.release();
          if (breaks) {
            end().cut("no acknowledgement from the peer");
          }
        },
        length);
  }

  void blockReading(Duration length) {
    end().setWritable(false);
    time.schedule(() -> end().setWritable(true), length);
  }
}
