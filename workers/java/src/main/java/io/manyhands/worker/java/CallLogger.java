/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import io.manyhands.transport.grpc.protocol.RpcLog;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/**
 * The logger of one call: sends to the host, with the call's id. Known to no LogManager, so that
 * nothing of a call outlives it.
 */
final class CallLogger extends Logger {
  private final String invocationId;
  private final String functionName;
  private final Outgoing outgoing;

  CallLogger(String invocationId, String functionName, Outgoing outgoing) {
    super("Function." + functionName + ".User", null);
    this.invocationId = invocationId;
    this.functionName = functionName;
    this.outgoing = outgoing;
    super.setLevel(Level.ALL);
  }

  /** Every other method of the class ends here. */
  @Override
  public void log(LogRecord record) {
    Filter filter = getFilter();
    if (!isLoggable(record.getLevel()) || (filter != null && !filter.isLoggable(record))) {
      return;
    }
    RpcLog.Builder log =
        RpcLog.newBuilder()
            .setInvocationId(invocationId)
            .setCategory("Function." + functionName + ".User")
            .setLevel(level(record.getLevel()))
            .setLogCategory(RpcLog.RpcLogCategory.User)
            .setMessage(text(record));
    if (record.getThrown() != null) {
      log.setException(Statuses.exception(record.getThrown(), true));
    }
    outgoing.send(StreamingMessage.newBuilder().setRpcLog(log).build());
  }

  private static String text(LogRecord record) {
    @Nullable String text = new SimpleFormatter().formatMessage(record);
    return text == null ? "null" : text;
  }

  private static RpcLog.Level level(Level level) {
    int value = level.intValue();
    if (value >= Level.SEVERE.intValue()) {
      return RpcLog.Level.Error;
    }
    if (value >= Level.WARNING.intValue()) {
      return RpcLog.Level.Warning;
    }
    if (value >= Level.INFO.intValue()) {
      return RpcLog.Level.Information;
    }
    return value >= Level.FINE.intValue() ? RpcLog.Level.Debug : RpcLog.Level.Trace;
  }
}
