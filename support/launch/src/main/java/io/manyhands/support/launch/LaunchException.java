/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A worker cannot be described or started. The message names the file, key or program at fault, its
 * value and what was expected; it never holds the value of an environment variable.
 */
public final class LaunchException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public LaunchException(String message) {
    this(message, null);
  }

  public LaunchException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
