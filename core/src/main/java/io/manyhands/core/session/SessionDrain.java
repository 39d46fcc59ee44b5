/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.api.worker.WorkerState;
import io.manyhands.spi.transport.HostMessage;
import java.time.Duration;

/**
 * The ends of one worker that let its calls finish: a drain, and the quarantine of one whose call
 * overran. On the session's strand.
 */
final class SessionDrain {
  private static final String CANCELS = "HandlesInvocationCancelMessage";

  private final WorkerSession session;
  private final WorkerCalls calls;
  private final SessionResume resume;
  private final SessionOptions options;
  private Duration grace = Duration.ZERO;
  private long untilNanos;

  SessionDrain(
      WorkerSession session, WorkerCalls calls, SessionResume resume, SessionOptions options) {
    this.session = session;
    this.calls = calls;
    this.resume = resume;
    this.options = options;
  }

  void begin(Duration within, String reason) {
    WorkerState state = session.state();
    boolean away = state == WorkerState.DISCONNECTED && calls.hasPending();
    if (away || WorkerTransitions.next(state, WorkerEvent.DRAIN_ASKED).isPresent()) {
      grace = within;
      untilNanos = session.nanos() + within.toNanos();
      if (away) {
        resume.drain(reason);
      } else {
        session.transition(WorkerEvent.DRAIN_ASKED, reason);
        armEnd();
        endIfIdle();
      }
    } else if (state != WorkerState.DRAINING) {
      session.endQuietly(reason);
    }
  }

  void armEnd() {
    session.arm(Duration.ofNanos(Math.max(0, untilNanos - session.nanos())), this::over);
  }

  void onAbandoned(Call call, boolean overran) {
    if (!calls.isRunning(call)) {
      return;
    }
    if (cancel(call.id().value())) {
      session.later(options.terminateGrace(), () -> quarantine(call, overran));
    } else {
      quarantine(call, overran);
    }
  }

  private void quarantine(Call call, boolean overran) {
    if (!calls.isRunning(call)) {
      return;
    }
    if (WorkerTransitions.next(session.state(), WorkerEvent.OVERRAN).isPresent() && overran) {
      session.transition(
          WorkerEvent.OVERRAN,
          "invocation "
              + call.id()
              + " of "
              + call.invocation().function()
              + " overran its deadline");
      session.count("session.quarantined");
    }
    if (session.state() == WorkerState.DISCONNECTED && overran) {
      resume.overran("invocation " + call.id() + " overran its deadline while it was away");
    }
    endIfIdle();
  }

  /** A draining or quarantined worker ends when no caller waits for any of its calls. */
  void endIfIdle() {
    WorkerState state = session.state();
    if ((state == WorkerState.DRAINING || state == WorkerState.QUARANTINED)
        && !calls.hasPending()) {
      session.endQuietly(session.reason());
    }
  }

  /** At the grace's end calls are cancelled where the worker can, and then it ends. */
  private void over() {
    String reason = "calls were still running at the end of the drain grace of " + grace;
    boolean asked = false;
    for (String call : calls.ids()) {
      asked |= cancel(call);
    }
    if (asked) {
      session.arm(options.terminateGrace(), () -> session.endQuietly(reason));
    } else {
      session.endQuietly(reason);
    }
  }

  private boolean cancel(String call) {
    return session.capabilities().has(CANCELS)
        && session.send(new HostMessage.InvocationCancel(call, options.terminateGrace())).isEmpty();
  }
}
