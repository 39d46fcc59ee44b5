/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.platform;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A platform did not do what it was asked to. The message is its own, without secrets. */
public final class PlatformException extends Exception {
  private static final long serialVersionUID = 1;

  /** What kind of no it was. */
  public enum Kind {
    /** It will not, and asking again does not help. */
    REFUSED,
    /** Not now: too many requests, a quota, an outage. */
    BUSY,
    /** It met somebody else's change; asking again soon helps. */
    CONFLICT,
    /** It gave no answer, or one of its own failure: what was asked may have been done. */
    UNREACHABLE
  }

  private final Kind kind;
  private final transient Optional<Duration> retryAfter;

  public PlatformException(
      Kind kind, String message, Optional<Duration> retryAfter, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  public PlatformException(Kind kind, String message, @Nullable Throwable cause) {
    this(kind, message, Optional.empty(), cause);
  }

  /** By the status of an HTTP answer. */
  public static PlatformException ofStatus(
      int status, String message, Optional<Duration> retryAfter, @Nullable Throwable cause) {
    Kind kind =
        status == 409
            ? Kind.CONFLICT
            : status == 429 || status == 503
                ? Kind.BUSY
                : status >= 500 || status == 408 ? Kind.UNREACHABLE : Kind.REFUSED;
    return new PlatformException(kind, message + " (" + status + ")", retryAfter, cause);
  }

  public Kind kind() {
    return kind;
  }

  /** How long the platform asks to be left alone. */
  public Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
