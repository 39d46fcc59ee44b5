/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.doubles;

/**
 * Where the host listens and what to present there.
 *
 * @param workerId a credential
 */
record HostAddress(
    String host, int port, String workerId, String requestId, int maximumMessageBytes) {
  /** Without the worker id. */
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
