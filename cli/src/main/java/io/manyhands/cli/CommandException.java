/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.cli;

import java.io.Serial;

/** What was asked for cannot be done; the message is for the user and says what is missing. */
final class CommandException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  CommandException(String message) {
    super(message);
  }
}
