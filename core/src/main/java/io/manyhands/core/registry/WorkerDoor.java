/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.registry;

import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.core.identity.ResumeClaims;
import io.manyhands.core.identity.ResumeTokens;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.core.session.WorkerSession;
import io.manyhands.spi.security.WorkerAuthenticator;
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
 * an id that was issued and not used, or a token that we signed, or what the authenticator takes.
 * Others are refused, counted, and logged without what they showed. On I/O threads; never blocks.
 */
public final class WorkerDoor implements WorkerConnection.Acceptor {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerDoor.class);

  /** Says whether a peer can be the worker that was started under this id; may block. */
  @FunctionalInterface
  public interface PeerCheck {
    boolean isPeerOf(WorkerSession session, WorkerConnection.PeerCredentials peer);
  }

  /** Makes sessions of workers that nobody here asked for. On an I/O thread; must not block. */
  public interface Admissions {
    /**
     * The session of one that an earlier start of the Runtime knew, waiting for it; throws why it
     * is not taken.
     */
    WorkerSession readmit(ResumeClaims claims);

    /** The session of one of a pool; throws likewise. */
    WorkerSession enrol(WorkerStack stack);
  }

  /** How it is judged who may come in. */
  public record Proofs(ResumeTokens tokens, WorkerAuthenticator authenticator, PeerCheck check) {}

  private final LiveWorkers workers;
  private final Proofs proofs;
  private final Admissions admissions;
  private final AdmissionRate rate;
  private final Refusals refusals;
  private final Executor blocking;
  private final TimeSeams time;
  private final Duration firstMessage;
  private final Metrics metrics;

  public WorkerDoor(
      LiveWorkers workers,
      Proofs proofs,
      Admissions admissions,
      Executor blocking,
      TimeSeams time,
      Duration firstMessage,
      Metrics metrics) {
    this.workers = workers;
    this.proofs = proofs;
    this.admissions = admissions;
    this.rate = new AdmissionRate(time);
    this.refusals = new Refusals(time, metrics);
    this.blocking = blocking;
    this.time = time;
    this.firstMessage = firstMessage;
    this.metrics = metrics;
  }

  @Override
  public WorkerConnection.Listener onConnection(WorkerConnection connection) {
    if (!refusals.mayTry(connection.peer())) {
      connection.abort("too many were refused from this address; come again later");
      return new Ignored();
    }
    return new Entrance(connection);
  }

  /** Nobody listens to whom nobody lets in. */
  private static final class Ignored implements WorkerConnection.Listener {
    @Override
    public void onMessage(WorkerMessage message) {}

    @Override
    public void onClosed(String reason, boolean orderly) {}
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
      Optional<ResumeClaims> verified = proofs.tokens().verify(said.token());
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
      return known.isPresent() || proofs.tokens().isOurs(claims)
          ? known
          : workers.readmit(claims.worker(), () -> admissions.readmit(claims));
    }

    /** A refusal that the worker's side understands. */
    private void refuse(String why, Optional<Duration> later) {
      connection.send(new HostMessage.LinkRefusal(why, later));
      connection.close();
    }

    private void present(String workerId, Optional<WorkerMessage.LinkHello> hello) {
      Optional<WorkerSession> found = id(workerId).flatMap(workers::session);
      if (found.isEmpty() && id(workerId).filter(workers::presentedLate).isPresent()) {
        refuse("registry.refused.late", "the worker of its id has ended");
        return;
      }
      WorkerAuthenticator.Verdict verdict =
          proofs
              .authenticator()
              .judge(
                  new WorkerAuthenticator.Presentation(
                      found.map(WorkerSession::launch),
                      hello.map(WorkerMessage.LinkHello::credential).orElse(""),
                      hello.flatMap(WorkerDoor::stack),
                      connection.peer()));
      if (verdict instanceof WorkerAuthenticator.Refused refused) {
        refuse(
            found.isEmpty() ? "registry.refused.unknown" : "registry.refused.credential",
            refused.reason());
      } else if (verdict instanceof WorkerAuthenticator.Enrolled enrolled) {
        enrol(enrolled, hello);
      } else if (found.isPresent()) {
        WorkerSession claimed = found.get();
        blocking.execute(() -> admit(claimed, hello));
      } else {
        refuse("registry.refused.unknown", "nobody issued its worker id");
      }
    }

    private void enrol(
        WorkerAuthenticator.Enrolled enrolled, Optional<WorkerMessage.LinkHello> hello) {
      WorkerSession made;
      try {
        made = admissions.enrol(enrolled.stack());
      } catch (ManyhandsException e) {
        enrolled.ended().run();
        refuse("registry.refused.enrolment", String.valueOf(e.getMessage()));
        return;
      }
      metrics.counter("registry.enrolled").increment();
      made.gone().whenComplete((done, error) -> enrolled.ended().run());
      session = made;
      made.onStream(connection, hello);
    }

    private void admit(WorkerSession claimed, Optional<WorkerMessage.LinkHello> hello) {
      if (!proofs.check().isPeerOf(claimed, connection.peer())) {
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
      refusals.onRefused(connection.peer(), counter, why);
      if (connection.peer().extended()) {
        refuse(why, Optional.empty());
        return;
      }
      connection.abort(why);
    }
  }

  private static Optional<WorkerId> id(String text) {
    try {
      return Optional.of(new WorkerId(text));
    } catch (ManyhandsException e) {
      return Optional.empty();
    }
  }

  /** What it says that it is; empty where it says nothing, or what no stack is. */
  private static Optional<WorkerStack> stack(WorkerMessage.LinkHello hello) {
    try {
      return hello.stack().language().isEmpty()
          ? Optional.empty()
          : Optional.of(WorkerStack.of(hello.stack().language(), hello.stack().version()));
    } catch (ManyhandsException e) {
      return Optional.empty();
    }
  }
}
