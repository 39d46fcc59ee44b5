/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.doubles;

/** What a worker answers with Failure; the message is the worker's. */
final class WorkerFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WorkerFault(String message) {
    super(message);
  }
}
