/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.packages;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A package cannot be had. The message names the package's address without its query, what was
 * found and what was expected.
 */
public final class PackageException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final boolean retrySafe;

  private PackageException(boolean retrySafe, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.retrySafe = retrySafe;
  }

  static PackageException refused(String message) {
    return new PackageException(false, message, null);
  }

  static PackageException refused(String message, Throwable cause) {
    return new PackageException(false, message, cause);
  }

  static PackageException unavailable(String message) {
    return new PackageException(true, message, null);
  }

  static PackageException unavailable(String message, Throwable cause) {
    return new PackageException(true, message, cause);
  }

  /** Whether the same request may succeed later: a server or network was at fault, or the disk. */
  public boolean isRetrySafe() {
    return retrySafe;
  }
}
