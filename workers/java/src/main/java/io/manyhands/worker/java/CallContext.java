/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.RetryContext;
import com.microsoft.azure.functions.RpcException;
import com.microsoft.azure.functions.TraceContext;
import io.manyhands.transport.grpc.protocol.InvocationRequest;
import io.manyhands.transport.grpc.protocol.RpcTraceContext;
import java.util.Map;
import java.util.logging.Logger;

/** What a function knows of its call. Thread-safe. */
final class CallContext implements ExecutionContext {
  private final InvocationRequest request;
  private final String functionName;
  private final Logger logger;

  CallContext(InvocationRequest request, String functionName, Outgoing outgoing) {
    this.request = request;
    this.functionName = functionName;
    this.logger = new CallLogger(request.getInvocationId(), functionName, outgoing);
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
    return new Trace(request.getTraceContext());
  }

  @Override
  public RetryContext getRetryContext() {
    return new Retry(request.getRetryContext());
  }

  private record Trace(RpcTraceContext context) implements TraceContext {
    @Override
    public String getTraceparent() {
      return context.getTraceParent();
    }

    @Override
    public String getTracestate() {
      return context.getTraceState();
    }

    @Override
    public Map<String, String> getAttributes() {
      return context.getAttributesMap();
    }
  }

  /** Zero where the call is no retry. */
  private record Retry(io.manyhands.transport.grpc.protocol.RetryContext context)
      implements RetryContext {
    @Override
    public int getRetrycount() {
      return context.getRetryCount();
    }

    @Override
    public int getMaxretrycount() {
      return context.getMaxRetryCount();
    }

    @Override
    public RpcException getException() {
      return new Failure(context.getException());
    }
  }

  /** Empty where the call is no retry. */
  private record Failure(io.manyhands.transport.grpc.protocol.RpcException exception)
      implements RpcException {
    @Override
    public String getSource() {
      return exception.getSource();
    }

    @Override
    public String getStacktrace() {
      return exception.getStackTrace();
    }

    @Override
    public String getMessage() {
      return exception.getMessage();
    }
  }
}
