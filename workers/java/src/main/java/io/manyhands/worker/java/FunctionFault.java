/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

/** A function that cannot be run as it is written; the message says what is wrong and where. */
final class FunctionFault extends Exception {
  private static final long serialVersionUID = 1L;

  FunctionFault(String message) {
    super(message);
  }
}
