/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.api.worker.WorkerState;
import io.manyhands.spi.time.TimeSeams;
import io.manyhands.spi.transport.HostMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * The ends of one worker that let its calls finish: a drain, and the quarantine of one whose call
 * overran. On the session's strand.
 */
final class SessionDrain {
  private static final String CANCELS = "HandlesInvocationCancelMessage";

  private final SessionCore session;
  private final WorkerCalls calls;
  private final SessionResume resume;
  private final SessionOptions options;
  private final AbandonedCalls abandoned;
  private Duration grace = Duration.ZERO;
  private long untilNanos;
  private boolean asked;

  /** Its grace is over, and its calls were asked to stop; what is left is the terminate grace. */
  private boolean cancelling;

  SessionDrain(
      SessionCore session,
      WorkerCalls calls,
      SessionResume resume,
      SessionOptions options,
      TimeSeams time,
      Executor strand) {
    this.session = session;
    this.abandoned = new AbandonedCalls(time, strand, calls::isRunning, this::quarantine);
    this.calls = calls;
    this.resume = resume;
    this.options = options;
  }

  void begin(Duration within, String reason) {
    WorkerState state = session.state();
    if (state == WorkerState.DRAINING) {
      limit(within);
      armEnd();
    } else if (state == WorkerState.DISCONNECTED && calls.hasPending()) {
      limit(within);
      resume.drain(reason);
    } else if (WorkerTransitions.next(state, WorkerEvent.DRAIN_ASKED).isPresent()) {
      limit(within);
      session.transition(WorkerEvent.DRAIN_ASKED, reason);
      armEnd();
      endIfIdle();
    } else {
      session.endQuietly(reason);
    }
  }

  /** Asked for more than once, it is over at the earliest of the ends. */
  private void limit(Duration within) {
    long until = session.nanos() + within.toNanos();
    if (!cancelling && (!asked || until - untilNanos < 0)) {
      asked = true;
      grace = within;
      untilNanos = until;
    }
  }

  /** Until it is over; not positive where that time has come. */
  long leftNanos() {
    return untilNanos - session.nanos();
  }

  void armEnd() {
    session.arm(Duration.ofNanos(Math.max(0, leftNanos())), this::over);
  }

  /** A call has passed its deadline and still holds its slot. */
  void onOverran(Call call) {
    if (calls.isRunning(call)) {
      if (cancel(call.id().value())) {
        abandoned.add(call, options.terminateGrace());
      } else {
        quarantine(call);
      }
    }
  }

  /** A caller is gone; a call without deadline may keep its slot for ever. */
  void onCallerGone(Call call, Optional<Duration> left) {
    if (calls.isRunning(call)) {
      cancel(call.id().value());
      left.ifPresent(until -> abandoned.add(call, longer(until, options.terminateGrace())));
      endIfIdle();
    }
  }

  /** The worker is gone. */
  void stop() {
    abandoned.stop();
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private void quarantine(Call call) {
    String reason =
        "invocation " + call.id() + " of " + call.invocation().function() + " overran its deadline";
    if (WorkerTransitions.next(session.state(), WorkerEvent.OVERRAN).isPresent()) {
      session.transition(WorkerEvent.OVERRAN, reason);
      session.count("session.quarantined");
    }
    if (session.state() == WorkerState.DISCONNECTED) {
      resume.overran(reason + " while it was away");
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
    if (!cancelling) {
      for (String call : calls.ids()) {
        cancelling |= cancel(call);
      }
      if (cancelling) {
        untilNanos = session.nanos() + options.terminateGrace().toNanos();
        armEnd();
        return;
      }
    }
    session.endQuietly("calls were still running at the end of the drain grace of " + grace);
  }

  private boolean cancel(String call) {
    return session.capabilities().has(CANCELS)
        && session.send(new HostMessage.InvocationCancel(call, options.terminateGrace())).isEmpty();
  }
}
