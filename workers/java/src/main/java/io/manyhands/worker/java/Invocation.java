/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import io.manyhands.transport.grpc.protocol.InvocationRequest;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.StatusResult;
import org.jspecify.annotations.Nullable;

/** One call: arguments from the message, the method, the answer. */
final class Invocation {
  private final InvocationRequest request;
  private final @Nullable JavaFunction function;
  private final Outgoing logs;
  private boolean cancelled;
  private @Nullable Thread runner;

  /** The function is null where the host asks for one that it did not load. */
  Invocation(InvocationRequest request, @Nullable JavaFunction function, Outgoing logs) {
    this.request = request;
    this.function = function;
    this.logs = logs;
  }

  String id() {
    return request.getInvocationId();
  }

  /** Interrupts it where it runs; where it still waits for a thread, it will not begin. */
  synchronized void cancel() {
    cancelled = true;
    Thread running = runner;
    if (running != null) {
      running.interrupt();
    }
  }

  private synchronized boolean begin() {
    runner = Thread.currentThread();
    return !cancelled;
  }

  /** From here on a late cancel cannot reach the next call on this thread. */
  private synchronized boolean end() {
    runner = null;
    boolean ignored = Thread.interrupted();
    return cancelled;
  }

  /** Runs it on this thread; never throws. */
  InvocationResponse run() {
    InvocationResponse.Builder response = InvocationResponse.newBuilder();
    StatusResult result;
    try {
      result = begin() ? call(response) : Statuses.failure("cancelled before it began");
    } catch (Throwable e) {
      // Whatever it was, the caller waits for an answer.
      result = Statuses.failure(e);
    }
    boolean failed = result.getStatus() != StatusResult.Status.Success;
    if (end() && failed) {
      result = result.toBuilder().setStatus(StatusResult.Status.Cancelled).build();
    }
    if (failed) {
      response.clear();
    }
    return response.setInvocationId(id()).setResult(result).build();
  }

  private StatusResult call(InvocationResponse.Builder response) throws Throwable {
    JavaFunction called = function;
    if (called == null) {
      return Statuses.failure("function id " + request.getFunctionId() + " is not loaded");
    }
    CallData data =
        new CallData(
            request, called.signature().trigger(), new CallContext(request, called.name(), logs));
    Object returned = called.call(data);
    response.addAllOutputData(data.set());
    if (returned != null) {
      response.setReturnValue(Results.of(returned));
    }
    return Statuses.success();
  }
}
