/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one exception of this library. The message names the thing, its value and what was expected;
 * it never holds a secret.
 */
public class ManyhandsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final @Nullable Duration retryAfter;

  public ManyhandsException(ErrorCode code, String message) {
    this(code, message, null);
  }

  public ManyhandsException(ErrorCode code, String message, @Nullable Throwable cause) {
    this(code, message, cause, null);
  }

  /**
   * @param retryAfter how long whoever refused asks to be left alone; positive
   */
  public ManyhandsException(
      ErrorCode code, String message, @Nullable Throwable cause, @Nullable Duration retryAfter) {
    super(Objects.requireNonNull(message, "message"), cause);
    this.code = Objects.requireNonNull(code, "code");
    this.retryAfter = retryAfter;
  }

  /** What went wrong. */
  public ErrorCode code() {
    return code;
  }

  /**
   * After how long the same may be asked again, where whoever refused has said so: a platform that
   * answered 429 or 503 with Retry-After, for instance. Empty leaves it to the one who asks.
   */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
