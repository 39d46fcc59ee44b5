/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

/**
 * Everything that can go wrong. A kind strikes where the world comes to a point at which it could,
 * with its likelihood; the spontaneous ones strike by themselves, each by its weight.
 */
enum FaultKind {
  // ---- the platform
  /** It refuses at once. */
  REQUEST_REFUSED(0.04),
  /** It refuses after a while. */
  REQUEST_REFUSED_LATE(0.03),
  /** It throws rather than fail its future. */
  REQUEST_THROWS(0.02),
  /** It accepts long after it was asked. */
  ACCEPTED_LATE(0.04),
  /** It neither accepts nor refuses. */
  NEVER_ACCEPTED(0.02),
  /** It accepts, and no worker ever comes. */
  NEVER_DELIVERED(0.03),
  /** The worker comes about when the Runtime gives up. */
  DELIVERED_LATE(0.03),
  /** The worker dials in before the platform has said that it accepts. */
  DIALS_BEFORE_ACCEPTED(0.05),
  /** It was told that nobody needs it any more, and delivers all the same. */
  DELIVERED_AFTER_RELEASE(0.3),
  /** It takes longer than the grace to end a worker. */
  RELEASE_LATE(0.05),
  /** It ends the worker and never says so. */
  RELEASE_NEVER_DONE(0.02),
  /** It throws rather than end a worker, which goes on. */
  RELEASE_THROWS(0.02),
  /** It says that it ended the worker, which goes on. */
  RELEASE_IN_NAME_ONLY(0.03),
  /** It never reports an end. */
  END_UNREPORTED(0.1),
  /** It reports an end long after. */
  END_REPORTED_LATE(0.1),
  /** It reports an end twice. */
  END_REPORTED_TWICE(0.1),
  /** It reports the end of a worker that never was. */
  END_OF_NOBODY(1, true),
  /** It reports the end of a worker that lives. */
  END_OF_THE_LIVING(1, true),
  /** It cannot begin when the Runtime starts. */
  PLATFORM_START_FAILS(0.1),
  /** It takes long to find what an earlier start of the Runtime left. */
  PLATFORM_START_DAWDLES(0.2),
  /** It does not end what an earlier start left and cannot come back. */
  ORPHAN_LEFT(0.1),
  /** It does not tell of a worker that can come back. */
  RECOVERY_MISSED(0.1),
  /** It tells of such a worker twice. */
  RECOVERED_TWICE(0.1),
  /** It tells of a worker that has ended. */
  RECOVERED_THE_DEAD(0.2),

  // ---- the Runtime
  /** It is killed, and started again. */
  RUNTIME_KILLED(2, true),
  /** It is closed under load, and started again. */
  RUNTIME_CLOSED(1, true),
  /** It is not there for long. */
  RUNTIME_AWAY_LONG(0.2),
  /** It has lost what it keeps: the key of its tokens, and who is nobody's. */
  RUNTIME_STATE_LOST(0.1),

  // ---- the path
  /** A stream breaks; what was on its way is lost. */
  STREAM_CUT(4, true),
  /** A path is down and nobody notices for a while; then the stream breaks. */
  STREAM_HALF_OPEN(2, true),
  /** Nothing gets through for a while, in one direction or both; then all of it does. */
  STREAM_STALLED(4, true),
  /** The worker does not read for a while. */
  STREAM_NOT_WRITABLE(2, true),
  /** The worker ends its stream in order. */
  STREAM_COMPLETED(1, true),
  /** A second stream presents the id of a worker that is connected. */
  STREAM_DUPLICATED(1, true),
  /** A stream presents the id of a worker that is gone. */
  STREAM_STALE(2, true),
  /** A stream presents an id that nobody issued. */
  STREAM_OF_STRANGER(1, true),
  /** A stream never presents anything. */
  STREAM_SILENT(1, true),
  /** A stream begins with something else than StartStream. */
  STREAM_OUT_OF_TURN(1, true),
  /** A worker presents itself a second time on its own stream. */
  STARTED_AGAIN(1, true),
  /** A payload is larger than the connection carries. */
  PAYLOAD_OVERSIZED(0.005),

  // ---- coming back
  /** A welcome, and with it a token, is lost on its way. */
  WELCOME_LOST(0.03),
  /** The token that says whose worker it has become is lost on its way. */
  CREDENTIAL_LOST(0.04),
  /** A worker has its new token and the Runtime never hears that it does. */
  CONFIRMATION_LOST(0.04),
  /** A worker comes back about when the Runtime gives it up. */
  RESUME_LATE(0.05),
  /** A worker never comes back, and lives. */
  RESUME_NEVER(0.03),
  /** A worker comes back and knows nothing of what it ran. */
  RESUME_FORGETS(0.05),
  /** A worker comes back as a worker of somebody else. */
  RESUME_AS_ANOTHERS(0.02),
  /** A worker dials again beside a stream that still lives. */
  RESUME_BESIDE(2, true),
  /** Somebody presents an earlier token of a worker. */
  TOKEN_STALE(2, true),
  /** Somebody presents a token that nobody signed, or another worker's. */
  TOKEN_FORGED(1, true),

  // ---- the worker
  /** It dies, whatever it does. */
  WORKER_KILLED(4, true),
  /** It dies of a message before it has done anything. */
  CRASH_BEFORE(0.006),
  /** It dies at work. */
  CRASH_DURING(0.006),
  /** It dies right after its answer. */
  CRASH_AFTER(0.006),
  /** It answers about when the Runtime gives up. */
  ANSWER_LATE(0.01),
  /** It never answers. */
  ANSWER_NEVER(0.008),
  /** It answers twice. */
  ANSWER_TWICE(0.03),
  /** It answers that it failed. */
  ANSWER_FAILURE(0.02),
  /** It says what nobody asked for. */
  ANSWER_UNASKED(0.02),
  /** It answers a call that is not its own. */
  ANSWER_TO_ANOTHERS_CALL(0.01),
  /** It turns out to be of another stack. */
  WRONG_STACK(0.02),
  /** It has no functions, or two of one name. */
  INDEX_MALFORMED(0.03),
  /** It stops answering status requests for a while. */
  STATUS_MUTE(2, true),
  /** It ignores a cancel that it said it would honour. */
  CANCEL_IGNORED(0.3),
  /** It asks to be restarted. */
  RESTART_ASKED(1, true),

  // ---- time
  /** The Runtime's process is stopped for a while. */
  CLOCK_STALL(2, true),
  /** The wall clock is set forward or back. */
  WALL_CLOCK_JUMP(2, true);

  private final double likelihood;
  private final boolean spontaneous;

  FaultKind(double likelihood) {
    this(likelihood, false);
  }

  FaultKind(double likelihood, boolean spontaneous) {
    this.likelihood = likelihood;
    this.spontaneous = spontaneous;
  }

  /** At each point where it could strike; of a spontaneous one its weight among those. */
  double likelihood() {
    return likelihood;
  }

  boolean isSpontaneous() {
    return spontaneous;
  }
}
