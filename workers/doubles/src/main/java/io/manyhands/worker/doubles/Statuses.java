/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.doubles;

import io.manyhands.transport.grpc.protocol.RpcException;
import io.manyhands.transport.grpc.protocol.StatusResult;

/** How things went. */
final class Statuses {
  private Statuses() {}

  static StatusResult success() {
    return StatusResult.newBuilder().setStatus(StatusResult.Status.Success).build();
  }

  static StatusResult failure(String message) {
    return StatusResult.newBuilder()
        .setStatus(StatusResult.Status.Failure)
        .setException(RpcException.newBuilder().setMessage(message))
        .build();
  }
}
