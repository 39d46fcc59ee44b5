/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.spi.time.Scheduler;
import io.manyhands.spi.time.TimeSeams;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Asks one worker for signs of life at an interval and says when they fail to come. On the
 * session's strand, but for {@link #heard}.
 *
 * <p>Nobody is judged by a round that came late itself: after a stall of this process the answers
 * may lie unread in the sockets of every worker.
 */
final class StatusProbe {
  /** What it needs of its session. */
  interface Subject {
    /** Sends a status request; false where this worker answers none. */
    boolean ask();

    /** So many requests are unanswered. */
    void onUnanswered(int requests);

    /** Nothing at all was heard for three intervals; once a round. */
    void onSilence();

    /** It answered after that. */
    void onAnswered();
  }

  private static final int SILENT_INTERVALS = 3;

  private final Subject subject;
  private final TimeSeams time;
  private final Executor strand;
  private final Duration interval;
  private volatile long heardNanos;
  private Scheduler.@Nullable Cancellable timer;
  private long dueNanos;
  private int unanswered;

  StatusProbe(Subject subject, TimeSeams time, Executor strand, Duration interval) {
    this.subject = subject;
    this.time = time;
    this.strand = strand;
    this.interval = interval;
    this.heardNanos = time.ticker().nanos();
  }

  /** The worker has said something; any thread. */
  void heard(long nowNanos) {
    heardNanos = nowNanos;
  }

  void start() {
    stop();
    unanswered = 0;
    heardNanos = time.ticker().nanos();
    schedule();
  }

  void stop() {
    Scheduler.Cancellable armed = timer;
    timer = null;
    if (armed != null) {
      armed.cancel();
    }
  }

  void answered() {
    boolean missed = unanswered > 0;
    unanswered = 0;
    if (missed) {
      subject.onAnswered();
    }
  }

  private void schedule() {
    dueNanos = time.ticker().nanos() + interval.toNanos();
    timer = time.scheduler().schedule(() -> strand.execute(this::round), interval);
  }

  private void round() {
    if (timer == null) {
      return;
    }
    long now = time.ticker().nanos();
    boolean stalled = now - dueNanos > interval.toNanos() / 2;
    if (unanswered > 0 && !stalled && now - heardNanos > interval.toNanos()) {
      subject.onUnanswered(unanswered);
    }
    if (timer != null && !stalled && now - heardNanos > SILENT_INTERVALS * interval.toNanos()) {
      subject.onSilence();
    }
    if (timer == null) {
      return;
    }
    if (subject.ask() && !stalled) {
      unanswered++;
    }
    schedule();
  }
}
