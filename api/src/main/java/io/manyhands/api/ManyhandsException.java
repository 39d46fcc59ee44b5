/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The one exception of this library. The message names the thing, its value and what was expected;
 * it never holds a secret.
 */
public class ManyhandsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  public ManyhandsException(ErrorCode code, String message) {
    this(code, message, null);
  }

  public ManyhandsException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(Objects.requireNonNull(message, "message"), cause);
    this.code = Objects.requireNonNull(code, "code");
  }

  /** What went wrong. */
  public ErrorCode code() {
    return code;
  }
}
