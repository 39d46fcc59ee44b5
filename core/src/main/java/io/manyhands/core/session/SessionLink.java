/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.core.identity.ResumeClaims;
import io.manyhands.core.identity.ResumeTokens;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerMessage;
import java.util.List;
import java.util.Optional;

/**
 * The identity of one worker over its streams: epochs, tokens, and how many answers it has been
 * told that we have. On the session's strand, but for answers and acknowledgements, which are the
 * current connection's I/O thread's.
 */
final class SessionLink {
  private static final int ANSWERS_AT_ONCE = 32;
  private static final long BYTES_AT_ONCE = 256 << 10;

  private final WorkerId worker;
  private final String origin;
  private final ResumeTokens tokens;
  private final SessionOptions options;
  private volatile boolean stock = true;
  private boolean resumable;
  private long epoch;
  private long confirmed;
  private volatile Answers answers = new Answers();

  /** Of one stream; touched by its I/O thread alone. */
  private static final class Answers {
    private long read;
    private long acknowledged;
    private long bytesSince;
  }

  SessionLink(WorkerId worker, String origin, ResumeTokens tokens, SessionOptions options) {
    this.worker = worker;
    this.origin = origin;
    this.tokens = tokens;
    this.options = options;
  }

  /** True where it speaks the public protocol alone. */
  boolean isStock() {
    return stock;
  }

  boolean isResumable() {
    return resumable;
  }

  /** It speaks our extension. */
  void extended(boolean comesBack) {
    stock = false;
    resumable = comesBack;
  }

  /** A token before the newest that the worker is known to have. */
  boolean isStale(ResumeClaims claims) {
    return claims.epoch() < confirmed;
  }

  /** Begins the next epoch, greater than any that a token has named. */
  long accept(long presented) {
    epoch = Math.max(epoch, presented) + 1;
    answers = new Answers();
    return epoch;
  }

  /** The worker has the token of that epoch; those before are worth nothing from now on. */
  void confirm(long named) {
    if (named == epoch) {
      confirmed = epoch;
    }
  }

  HostMessage welcome(
      WorkerStack stack, Optional<ResumeClaims.Assignment> assignment, List<String> wanted) {
    return new HostMessage.LinkWelcome(
        worker.value(),
        epoch,
        tokens.issue(worker, epoch, stack, origin, assignment),
        options.statusInterval(),
        options.resumeGrace(),
        wanted,
        assignment.map(SessionLink::onTheWire));
  }

  HostMessage credential(WorkerStack stack, ResumeClaims.Assignment assignment) {
    return new HostMessage.LinkCredential(
        tokens.issue(worker, epoch, stack, origin, Optional.of(assignment)), onTheWire(assignment));
  }

  // ---- the I/O thread

  void onAnswer(WorkerConnection stream, WorkerMessage.InvocationResponse response) {
    Answers count = answers;
    count.read++;
    count.bytesSince += response.size();
    if (count.read - count.acknowledged >= ANSWERS_AT_ONCE || count.bytesSince >= BYTES_AT_ONCE) {
      acknowledge(stream);
    }
  }

  /** Where it is refused for want of room, the next one says the same and more. */
  void acknowledge(WorkerConnection stream) {
    Answers count = answers;
    if (stream.send(new HostMessage.LinkAcknowledgement(count.read))
        == WorkerConnection.SendResult.ACCEPTED) {
      count.acknowledged = count.read;
      count.bytesSince = 0;
    }
  }

  private static HostMessage.LinkAssignment onTheWire(ResumeClaims.Assignment assignment) {
    return new HostMessage.LinkAssignment(
        assignment.tenant().value(),
        assignment.application().value(),
        assignment.revision().value());
  }
}
