/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** Data that does not fit the type that a function asks for. */
final class ConversionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ConversionException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  static ConversionException of(String what, Type wanted, @Nullable Throwable cause) {
    String why = cause == null ? "" : ": " + cause.getMessage();
    return new ConversionException(what + " cannot become " + wanted.getTypeName() + why, cause);
  }
}
