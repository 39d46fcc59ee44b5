/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.registry;

import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.core.identity.ResumeClaims;
import io.manyhands.core.identity.ResumeTokens;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.core.session.WorkerSession;
import io.manyhands.spi.time.Scheduler;
import io.manyhands.spi.time.TimeSeams;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where streams come in: the first message must be a StartStream, or a Hello of our extension, with
 * an id that was issued and not used, or a token that we signed. Others are refused, counted, and
 * logged without the id. On I/O threads; never blocks.
 */
public final class WorkerDoor implements WorkerConnection.Acceptor {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerDoor.class);

  /** Says whether a peer can be the worker that was started under this id; may block. */
  @FunctionalInterface
  public interface PeerCheck {
    boolean isPeerOf(WorkerSession session, WorkerConnection.PeerCredentials peer);
  }

  /** Takes workers up that an earlier start of the Runtime knew. */
  @FunctionalInterface
  public interface Readmission {
    /** Its session, waiting for it, or why it is not taken. On an I/O thread; must not block. */
    WorkerSession readmit(ResumeClaims claims);
  }

  private final LiveWorkers workers;
  private final ResumeTokens tokens;
  private final Readmission readmission;
  private final AdmissionRate rate;
  private final PeerCheck check;
  private final Executor blocking;
  private final TimeSeams time;
  private final Duration firstMessage;
  private final Metrics metrics;

  public WorkerDoor(
      LiveWorkers workers,
      ResumeTokens tokens,
      Readmission readmission,
      PeerCheck check,
      Executor blocking,
      TimeSeams time,
      Duration firstMessage,
      Metrics metrics) {
    this.workers = workers;
    this.tokens = tokens;
    this.readmission = readmission;
    this.rate = new AdmissionRate(time);
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
        accepted.onMessage(connection, message);
      } else if (!presented && message instanceof WorkerMessage.StartStream start) {
        presented = true;
        timeout.cancel();
        present(start.workerId(), Optional.empty());
      } else if (!presented && message instanceof WorkerMessage.LinkHello hello) {
        presented = true;
        timeout.cancel();
        if (hello.resume().isPresent()) {
          resume(hello, hello.resume().get());
        } else {
          present(hello.workerId(), Optional.of(hello));
        }
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
        accepted.onStreamClosed(connection, orderly ? "the worker completed it" : reason);
      }
    }

    private void resume(WorkerMessage.LinkHello hello, WorkerMessage.LinkResume said) {
      Optional<ResumeClaims> verified = tokens.verify(said.token());
      if (verified.isEmpty() || !verified.get().worker().value().equals(hello.workerId())) {
        refuse("registry.refused.token", "its token was not signed for that worker here");
        return;
      }
      ResumeClaims claims = verified.get();
      Optional<Duration> later = rate.tryAdmit();
      if (later.isPresent()) {
        metrics.counter("registry.resumes.deferred").increment();
        refuse("too many workers come back at once", later);
        return;
      }
      try {
        Optional<WorkerSession> known = known(claims);
        if (known.isEmpty()) {
          boolean ended = workers.presentedLate(claims.worker());
          LOG.debug("worker {} comes back, ended here: {}", claims.worker(), ended);
          metrics.counter("registry.refused.gone").increment();
          refuse("this worker is gone for good", Optional.empty());
          return;
        }
        session = known.get();
        known.get().onResume(connection, said, claims);
      } catch (ManyhandsException e) {
        metrics.counter("registry.refused.readmission").increment();
        refuse(String.valueOf(e.getMessage()), Optional.empty());
      }
    }

    private Optional<WorkerSession> known(ResumeClaims claims) {
      Optional<WorkerSession> known = workers.session(claims.worker());
      return known.isPresent() || tokens.isOurs(claims)
          ? known
          : workers.readmit(claims.worker(), () -> readmission.readmit(claims));
    }

    /** A refusal that the worker's side understands. */
    private void refuse(String why, Optional<Duration> later) {
      connection.send(new HostMessage.LinkRefusal(why, later));
      connection.close();
    }

    private void present(String workerId, Optional<WorkerMessage.LinkHello> hello) {
      Optional<WorkerId> id;
      try {
        id = Optional.of(new WorkerId(workerId));
      } catch (ManyhandsException e) {
        id = Optional.empty();
      }
      Optional<WorkerSession> found = id.flatMap(workers::session);
      if (found.isEmpty()) {
        if (id.filter(workers::presentedLate).isPresent()) {
          refuse("registry.refused.late", "the worker of its id has ended");
        } else {
          refuse("registry.refused.unknown", "nobody issued its worker id");
        }
        return;
      }
      WorkerSession claimed = found.get();
      blocking.execute(() -> admit(claimed, hello));
    }

    private void admit(WorkerSession claimed, Optional<WorkerMessage.LinkHello> hello) {
      if (!check.isPeerOf(claimed, connection.peer())) {
        refuse(
            "registry.refused.peer",
            "it comes from another process than the one that was started as worker "
                + claimed.id());
        return;
      }
      session = claimed;
      claimed.onStream(connection, hello);
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
      if (connection.peer().extended()) {
        refuse(why, Optional.empty());
        return;
      }
      connection.abort(why);
    }
  }
}
