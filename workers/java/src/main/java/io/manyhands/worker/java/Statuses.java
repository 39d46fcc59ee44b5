/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import io.manyhands.transport.grpc.protocol.RpcException;
import io.manyhands.transport.grpc.protocol.StatusResult;
import java.io.PrintWriter;
import java.io.StringWriter;

/** Results in the protocol's form. */
final class Statuses {
  private static final int LONGEST_TRACE = 16_384;
  private static final int LONGEST_MESSAGE = 16_384;

  private Statuses() {}

  static StatusResult success() {
    return StatusResult.newBuilder().setStatus(StatusResult.Status.Success).build();
  }

  /** A failure that is the worker's to explain. */
  static StatusResult failure(String message) {
    return StatusResult.newBuilder()
        .setStatus(StatusResult.Status.Failure)
        .setException(
            RpcException.newBuilder().setMessage(message).setSource(MessageHandler.LANGUAGE))
        .build();
  }

  /** A failure of the application's code. */
  static StatusResult failure(Throwable thrown) {
    return StatusResult.newBuilder()
        .setStatus(StatusResult.Status.Failure)
        .setException(exception(thrown, true))
        .build();
  }

  static RpcException exception(Throwable thrown, boolean user) {
    Throwable cause = thrown.getCause();
    if (thrown instanceof ExceptionInInitializerError && cause != null) {
      return exception(cause, user).toBuilder()
          .setMessage("a class could not be initialized: " + message(cause))
          .build();
    }
    return RpcException.newBuilder()
        .setMessage(message(thrown))
        .setType(thrown.getClass().getName())
        .setSource(MessageHandler.LANGUAGE)
        .setStackTrace(trace(thrown))
        .setIsUserException(user)
        .build();
  }

  /** Exceptions of applications may throw where they are asked. */
  private static String message(Throwable thrown) {
    String name = thrown.getClass().getName();
    try {
      String message = thrown.getMessage();
      return message == null ? name : cut(message, LONGEST_MESSAGE);
    } catch (RuntimeException | StackOverflowError e) {
      return name + ", whose message cannot be had";
    }
  }

  private static String trace(Throwable thrown) {
    StringWriter trace = new StringWriter();
    try {
      thrown.printStackTrace(new PrintWriter(trace));
    } catch (RuntimeException | StackOverflowError e) {
      trace.append("(the rest cannot be had)");
    }
    return cut(trace.toString(), LONGEST_TRACE);
  }

  private static String cut(String text, int longest) {
    return text.length() > longest ? text.substring(0, longest) : text;
  }
}
