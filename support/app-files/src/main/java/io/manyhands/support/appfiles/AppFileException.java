/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.appfiles;

import org.jspecify.annotations.Nullable;

/**
 * A file of an application is not as it must be. The message names file, key, value and what was
 * expected.
 */
public final class AppFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public AppFileException(String message) {
    super(message);
  }

  public AppFileException(String message, Throwable cause) {
    super(message, cause);
  }

  /** One whose message names all four; a long value is cut. */
  public static AppFileException of(
      String file, String key, @Nullable Object value, String expected) {
    String shown = String.valueOf(value);
    if (shown.length() > 100) {
      shown = shown.substring(0, 100) + "...";
    }
    return new AppFileException(file + ": " + key + ": " + shown + " (expected: " + expected + ")");
  }
}
