/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.registry;

import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.core.session.WorkerSession;
import io.manyhands.spi.time.Scheduler;
import io.manyhands.spi.time.TimeSeams;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where streams come in: the first message must be a StartStream with an id that was issued and not
 * used. Others are refused, counted, and logged without the id. On I/O threads; never blocks.
 */
public final class WorkerDoor implements WorkerConnection.Acceptor {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerDoor.class);

  /** Says whether a peer can be the worker that was started under this id; may block. */
  @FunctionalInterface
  public interface PeerCheck {
    boolean isPeerOf(WorkerSession session, WorkerConnection.PeerCredentials peer);
  }

  private final LiveWorkers workers;
  private final PeerCheck check;
  private final Executor blocking;
  private final TimeSeams time;
  private final Duration firstMessage;
  private final Metrics metrics;

  public WorkerDoor(
      LiveWorkers workers,
      PeerCheck check,
      Executor blocking,
      TimeSeams time,
      Duration firstMessage,
      Metrics metrics) {
    this.workers = workers;
    this.check = check;
    this.blocking = blocking;
    this.time = time;
    this.firstMessage = firstMessage;
    this.metrics = metrics;
  }

  @Override
  public WorkerConnection.Listener onConnection(WorkerConnection connection) {
    return new Entrance(connection);
  }

  private final class Entrance implements WorkerConnection.Listener {
    private final WorkerConnection connection;
    private final Scheduler.Cancellable timeout;
    private volatile @Nullable WorkerSession session;
    private volatile boolean presented;

    Entrance(WorkerConnection connection) {
      this.connection = connection;
      this.timeout =
          time.scheduler()
              .schedule(
                  () -> refuse("registry.refused.silent", "no StartStream within " + firstMessage),
                  firstMessage);
    }

    @Override
    public void onMessage(WorkerMessage message) {
      WorkerSession accepted = session;
      if (accepted != null) {
        accepted.onMessage(message);
      } else if (!presented && message instanceof WorkerMessage.StartStream start) {
        presented = true;
        timeout.cancel();
        present(start);
      } else {
        refuse(
            "registry.refused.order",
            "the first message was "
                + message.getClass().getSimpleName()
                + " (expected: StartStream, then to wait for WorkerInitRequest)");
      }
    }

    @Override
    public void onWritable() {
      WorkerSession accepted = session;
      if (accepted != null) {
        accepted.onWritable();
      }
    }

    @Override
    public void onClosed(String reason, boolean orderly) {
      timeout.cancel();
      WorkerSession accepted = session;
      if (accepted != null) {
        accepted.onStreamClosed(orderly ? "the worker completed it" : reason);
      }
    }

    private void present(WorkerMessage.StartStream start) {
      Optional<WorkerSession> found;
      try {
        found = workers.session(new WorkerId(start.workerId()));
      } catch (ManyhandsException e) {
        found = Optional.empty();
      }
      if (found.isEmpty()) {
        refuse("registry.refused.unknown", "nobody issued its worker id");
        return;
      }
      WorkerSession claimed = found.get();
      blocking.execute(() -> admit(claimed));
    }

    private void admit(WorkerSession claimed) {
      if (!check.isPeerOf(claimed, connection.peer())) {
        refuse(
            "registry.refused.peer",
            "it comes from another process than the one that was started as worker "
                + claimed.id());
        return;
      }
      session = claimed;
      claimed.onStream(connection);
    }

    private void refuse(String counter, String why) {
      if (session != null) {
        return;
      }
      metrics.counter(counter).increment();
      LOG.warn(
          "a worker's stream from {} is refused: {}",
          connection.peer().remote().map(Object::toString).orElse("this process"),
          why);
      connection.abort(why);
    }
  }
}
