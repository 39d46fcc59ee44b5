/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.invocation.ColdStart;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.core.identity.ResumeClaims;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerMessage;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One worker's absences and returns: what it comes back as, which of its calls are still its own,
 * and, after a restart of the Runtime, the wait for its application. On the session's strand.
 */
final class SessionResume {
  private static final Set<WorkerState> MAY_LEAVE =
      EnumSet.of(
          WorkerState.PLACEHOLDER,
          WorkerState.READY,
          WorkerState.SUSPECT,
          WorkerState.QUARANTINED,
          WorkerState.DRAINING);

  private final SessionCore session;
  private final SessionLink link;
  private final WorkerCalls calls;
  private final SessionOptions options;

  /** What it will be when it is back; while it is away. */
  private WorkerEvent back = WorkerEvent.RESUMED_READY;

  private String backReason = "";
  private String leftReason = "";
  private long leftNanos;
  private boolean awaited;
  private volatile @Nullable Restoration restoration;

  /** host.json of the package that a held worker has, once its agent has said it. */
  private @Nullable String hostJson;

  SessionResume(SessionCore session, SessionLink link, WorkerCalls calls, SessionOptions options) {
    this.session = session;
    this.link = link;
    this.calls = calls;
    this.options = options;
  }

  /** An earlier start of the Runtime knew it. */
  void awaited() {
    awaited = true;
  }

  boolean isAwaited() {
    return awaited;
  }

  /** What a worker that is held after a restart was specialized for; any thread. */
  Optional<ResumeClaims.Assignment> held() {
    return Optional.ofNullable(restoration).map(Restoration::assignment);
  }

  /** The stream is lost; false where that is the worker's end. */
  boolean leave(String reason) {
    WorkerState state = session.state();
    if (!link.isResumable() || !MAY_LEAVE.contains(state)) {
      return false;
    }
    leftNanos = session.nanos();
    backReason = session.reason();
    back =
        switch (state) {
          case PLACEHOLDER -> WorkerEvent.RESUMED_PLACEHOLDER;
          case QUARANTINED -> WorkerEvent.RESUMED_QUARANTINED;
          case DRAINING -> WorkerEvent.RESUMED_DRAINING;
          default -> WorkerEvent.RESUMED_READY;
        };
    session.streamGone();
    session.transition(WorkerEvent.STREAM_LOST, reason);
    leftReason = reason;
    awaitReturn();
    return true;
  }

  /** A drain does not last longer because its worker is away. */
  private void awaitReturn() {
    Duration grace = options.resumeGrace();
    long left = leftNanos + grace.toNanos() - session.nanos();
    if (back == WorkerEvent.RESUMED_DRAINING && session.drain().leftNanos() < left) {
      session.drain().armEnd();
      return;
    }
    session.arm(
        Duration.ofNanos(Math.max(0, left)),
        () ->
            session.end(
                ErrorCode.WORKER_LOST, leftReason + "; it did not come back within " + grace));
  }

  /** A call overran while the worker is away. */
  void overran(String reason) {
    if (back == WorkerEvent.RESUMED_READY) {
      back = WorkerEvent.RESUMED_QUARANTINED;
      backReason = reason;
    }
  }

  /** It is to drain while it is away. */
  void drain(String reason) {
    back = WorkerEvent.RESUMED_DRAINING;
    backReason = reason;
    awaitReturn();
  }

  /** Somebody presents a token of this worker that is signed as it should be. */
  void present(WorkerConnection stream, WorkerMessage.LinkResume resume, ResumeClaims claims) {
    Optional<String> unwelcome = unwelcome(resume, claims);
    if (unwelcome.isPresent()) {
      session.count("session.resume.refused");
      refuse(stream, unwelcome.get());
      return;
    }
    WorkerState before = session.state();
    Optional<WorkerConnection> old = session.stream();
    if (before != WorkerState.REQUESTED && before != WorkerState.DISCONNECTED) {
      // Its old stream is dead and nobody has noticed yet: the newest is the worker's.
      session.count("session.resume.replaced");
      leave("a newer stream of it came in");
    }
    old.ifPresent(dead -> dead.abort("a newer stream of the same worker came in"));
    if (before == WorkerState.REQUESTED) {
      restoration =
          claims
              .assignment()
              .map(assignment -> new Restoration(assignment, resume.functions()))
              .orElse(null);
      session.transition(WorkerEvent.STREAM_ACCEPTED, "came back to a new start of the Runtime");
    }
    accept(stream, resume, claims);
  }

  /**
   * Takes over a held worker for its application's revision. Completes with the catalogue as this
   * worker has loaded it.
   */
  CompletableFuture<List<CatalogueFunction>> adopt(SpecializationTarget target, String reason) {
    Restoration held = restoration;
    if (held == null
        || session.state() != WorkerState.CONNECTED
        || !held.assignment().equals(target.assignment())) {
      return CompletableFuture.failedFuture(
          new ManyhandsException(
              ErrorCode.WORKER_LOST,
              "worker "
                  + session.id()
                  + ": cannot become "
                  + target
                  + " (expected: held for that revision)"));
    }
    restoration = null;
    session.disarm();
    Optional<CodePackage> archive = target.code().archive();
    String said = hostJson;
    if (archive.isPresent() && said != null) {
      archive.get().unpacked(said);
    }
    List<CatalogueFunction> catalogue = held.catalogue(target);
    session.chosenFor(target);
    session.serve(target, held.loaded(catalogue), 0, ColdStart.NONE);
    session.transition(WorkerEvent.RESUMED_READY, reason);
    return CompletableFuture.completedFuture(catalogue);
  }

  /**
   * An agent repeats after a restart of the Runtime what package it has; false for any other time.
   */
  boolean onPackage(WorkerMessage.LinkPackageState state) {
    if (state.stage() != WorkerMessage.PackageStage.READY
        || session.state() == WorkerState.SPECIALIZING) {
      return false;
    }
    hostJson = state.hostJson();
    session
        .target()
        .flatMap(target -> target.code().archive())
        .ifPresent(archive -> archive.unpacked(state.hostJson()));
    return true;
  }

  private Optional<String> unwelcome(WorkerMessage.LinkResume resume, ResumeClaims claims) {
    WorkerState state = session.state();
    if (link.isStale(claims)) {
      return Optional.of("its token is of an epoch that is over");
    }
    if (state == WorkerState.REQUESTED) {
      if (claims.assignment().isEmpty() && !session.placeholders().remembers(session.id())) {
        // Its token says what it once was; it may have seen an application's settings since.
        return Optional.of("nothing shows that it is still nobody's worker");
      }
      return said(resume).equals(claims.assignment().map(Object::toString))
          ? Optional.empty()
          : Optional.of("it says that it is what its token does not prove");
    }
    if (state != WorkerState.DISCONNECTED && (!link.isResumable() || !MAY_LEAVE.contains(state))) {
      return Optional.of("a worker cannot resume from " + state);
    }
    // One that lost its newest credential on the way says nothing, and is what we know it to be.
    Optional<String> said = said(resume);
    if (said.isPresent() && !said.equals(session.assignment().map(Object::toString))) {
      session.end(
          ErrorCode.PROTOCOL_VIOLATION, "it came back as a worker of something that it never was");
      return Optional.of("it is a worker of something else");
    }
    return Optional.empty();
  }

  private static Optional<String> said(WorkerMessage.LinkResume resume) {
    return resume.application().isEmpty()
        ? Optional.empty()
        : Optional.of(
            ResumeClaims.Assignment.describe(
                resume.tenant(), resume.application(), resume.revision()));
  }

  private void accept(
      WorkerConnection stream, WorkerMessage.LinkResume resume, ResumeClaims claims) {
    long epoch = link.accept(claims.epoch());
    link.extended(true);
    boolean restarted = session.state() == WorkerState.CONNECTED;
    Optional<ResumeClaims.Assignment> assignment =
        restarted ? claims.assignment() : session.assignment();
    Set<String> kept = new HashSet<>(resume.running());
    kept.addAll(resume.answered());
    calls.lose(
        id -> !kept.contains(id), "the worker came back and had neither run nor answered it", "");
    List<String> wanted = resume.answered().stream().filter(calls.ids()::contains).toList();
    session.onStreamResumed(stream, epoch, resume);
    HostMessage welcome = link.welcome(session.stack(), assignment, wanted);
    WorkerConnection.SendResult sent = session.offer(stream, welcome);
    if (sent != WorkerConnection.SendResult.ACCEPTED) {
      // It stays away, and its grace goes on.
      session.streamGone();
      stream.abort("the welcome could not be sent");
      if (restarted) {
        session.end(ErrorCode.WORKER_LOST, "cannot send LinkWelcome: " + sent);
      }
      return;
    }
    session.disarm();
    session.startProbe();
    session.count("session.resumed");
    if (!restarted) {
      session.time("session.resume.away", session.nanos() - leftNanos);
      comeBack();
    } else if (assignment.isPresent()) {
      hold(assignment.get());
    } else {
      session.placeholders().add(session.id());
      session.transition(WorkerEvent.RESUMED_PLACEHOLDER, "came back");
    }
  }

  private void comeBack() {
    session.transition(back, backReason);
    if (back == WorkerEvent.RESUMED_DRAINING) {
      session.drain().armEnd();
    }
    session.drain().endIfIdle();
  }

  private void hold(ResumeClaims.Assignment assignment) {
    Duration grace = options.declarationGrace();
    session.arm(
        grace,
        () ->
            session.endQuietly(
                "application "
                    + assignment.application()
                    + ": its revision "
                    + assignment.revision()
                    + " was not declared within "
                    + grace));
  }

  private void refuse(WorkerConnection stream, String why) {
    session.offer(stream, new HostMessage.LinkRefusal(why, Optional.empty()));
    stream.close();
  }
}
