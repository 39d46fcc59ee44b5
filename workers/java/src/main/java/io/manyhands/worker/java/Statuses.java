/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import io.manyhands.transport.grpc.protocol.RpcException;
import io.manyhands.transport.grpc.protocol.StatusResult;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;

/** Results in the protocol's form. */
final class Statuses {
  private static final int LONGEST_TRACE = 16_384;

  private Statuses() {}

  static StatusResult success() {
    return StatusResult.newBuilder().setStatus(StatusResult.Status.Success).build();
  }

  static StatusResult failure(String message) {
    return StatusResult.newBuilder()
        .setStatus(StatusResult.Status.Failure)
        .setException(RpcException.newBuilder().setMessage(message).setSource("manyhands-java"))
        .build();
  }

  static StatusResult failure(Throwable thrown) {
    Throwable cause =
        thrown instanceof InvocationTargetException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    return StatusResult.newBuilder()
        .setStatus(StatusResult.Status.Failure)
        .setException(exception(cause, thrown != cause))
        .build();
  }

  static RpcException exception(Throwable thrown, boolean user) {
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    String text = trace.toString();
    return RpcException.newBuilder()
        .setMessage(thrown.getMessage() == null ? thrown.getClass().getName() : thrown.getMessage())
        .setType(thrown.getClass().getName())
        .setSource("manyhands-java")
        .setStackTrace(text.length() > LONGEST_TRACE ? text.substring(0, LONGEST_TRACE) : text)
        .setIsUserException(user)
        .build();
  }
}
