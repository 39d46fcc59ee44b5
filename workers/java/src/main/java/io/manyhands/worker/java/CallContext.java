/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.TraceContext;
import io.manyhands.transport.grpc.protocol.InvocationRequest;
import io.manyhands.transport.grpc.protocol.RpcLog;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What a function knows of its call; its logger sends to the host. */
final class CallContext implements ExecutionContext {
  private final InvocationRequest request;
  private final String functionName;
  private final Logger logger;

  CallContext(InvocationRequest request, String functionName, Outgoing outgoing, String requestId) {
    this.request = request;
    this.functionName = functionName;
    this.logger = Logger.getAnonymousLogger();
    logger.setUseParentHandlers(false);
    logger.setLevel(Level.ALL);
    logger.addHandler(new ToHost(request.getInvocationId(), functionName, outgoing, requestId));
  }

  @Override
  public Logger getLogger() {
    return logger;
  }

  @Override
  public String getInvocationId() {
    return request.getInvocationId();
  }

  @Override
  public String getFunctionName() {
    return functionName;
  }

  @Override
  public TraceContext getTraceContext() {
    return new Trace(request);
  }

  private record Trace(InvocationRequest request) implements TraceContext {
    @Override
    public String getTraceparent() {
      return request.getTraceContext().getTraceParent();
    }

    @Override
    public String getTracestate() {
      return request.getTraceContext().getTraceState();
    }

    @Override
    public Map<String, String> getAttributes() {
      return request.getTraceContext().getAttributesMap();
    }
  }

  private static final class ToHost extends Handler {
    private final String invocationId;
    private final String functionName;
    private final Outgoing outgoing;
    private final String requestId;

    ToHost(String invocationId, String functionName, Outgoing outgoing, String requestId) {
      this.invocationId = invocationId;
      this.functionName = functionName;
      this.outgoing = outgoing;
      this.requestId = requestId;
    }

    @Override
    public void publish(LogRecord record) {
      RpcLog.Builder log =
          RpcLog.newBuilder()
              .setInvocationId(invocationId)
              .setCategory("Function." + functionName + ".User")
              .setLevel(level(record.getLevel()))
              .setLogCategory(RpcLog.RpcLogCategory.User)
              .setMessage(new SimpleFormatter().formatMessage(record));
      if (record.getThrown() != null) {
        log.setException(Statuses.exception(record.getThrown(), true));
      }
      outgoing.send(StreamingMessage.newBuilder().setRequestId(requestId).setRpcLog(log).build());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    private static RpcLog.Level level(Level level) {
      if (level.intValue() >= Level.SEVERE.intValue()) {
        return RpcLog.Level.Error;
      }
      if (level.intValue() >= Level.WARNING.intValue()) {
        return RpcLog.Level.Warning;
      }
      if (level.intValue() >= Level.INFO.intValue()) {
        return RpcLog.Level.Information;
      }
      return level.intValue() >= Level.FINE.intValue() ? RpcLog.Level.Debug : RpcLog.Level.Trace;
    }
  }
}
