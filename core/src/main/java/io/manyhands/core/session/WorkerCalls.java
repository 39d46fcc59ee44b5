/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.invocation.ColdStart;
import io.manyhands.core.logs.WorkerTrace;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerMessage;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one worker, from the reserved slot to the answer. Calls are dispatched from any
 * thread and answered on the connection's I/O thread; the gate is opened and closed by the
 * session's transitions alone.
 */
final class WorkerCalls {
  private final InFlightTable inFlight = new InFlightTable();
  private final CallTarget owner;
  private final Runnable withdrawn;
  private final WorkerTrace trace;
  private final LongAdder unknown;
  private final LongAdder late;
  private volatile @Nullable Serving serving;

  /** The connection that refused a call and has not told of room since. */
  private volatile @Nullable WorkerConnection refusing;

  /**
   * @param withdrawn is run when a call was taken out of a closed table without being sent: a drain
   *     may have waited for it alone
   */
  WorkerCalls(CallTarget owner, Runnable withdrawn, WorkerTrace trace, Metrics metrics) {
    this.owner = owner;
    this.withdrawn = withdrawn;
    this.trace = trace;
    this.unknown = metrics.counter("session.responses.unknown");
    this.late = metrics.counter("session.responses.late");
  }

  // ---- the session's strand

  void serve(Serving next) {
    serving = next;
  }

  @Nullable Serving serving() {
    return serving;
  }

  void open() {
    inFlight.gate().open();
  }

  void close() {
    inFlight.gate().close();
  }

  /** Fails the calls that the predicate of their ids chooses; the gate is closed by then. */
  void lose(Predicate<String> chosen, String reason, String details) {
    // One that was reserved but not sent is picked again by its own dispatcher.
    for (Call call : inFlight.sweep(chosen)) {
      call.fail(ErrorCode.WORKER_LOST, "invocation " + call.id() + ": " + reason, details);
    }
  }

  // ---- read from anywhere

  boolean isOpen() {
    return inFlight.gate().isOpen();
  }

  int taken() {
    return inFlight.gate().taken();
  }

  int free() {
    Serving now = serving;
    return now == null || !inFlight.gate().isOpen() || now.connection() == refusing
        ? 0
        : now.target().slots() - inFlight.gate().taken();
  }

  /** True where the call may run here. */
  boolean isRunning(Call call) {
    return inFlight.isRunning(call);
  }

  /** True where a caller still waits for one of them. */
  boolean hasPending() {
    return inFlight.hasPending();
  }

  /** Key of the function that a call in flight runs; null where there is no such call. */
  @Nullable String functionKey(String invocationId) {
    Call call = inFlight.find(invocationId);
    return call == null ? null : call.functionKey();
  }

  /** Name of a function that it has loaded; null where it has not. */
  @Nullable String functionName(String key) {
    Serving now = serving;
    LoadedFunction function = now == null ? null : now.functions().get(key);
    return function == null ? null : function.name();
  }

  /** True where one of that trace is in flight. */
  boolean hasTrace(String traceId) {
    return inFlight.hasTrace(traceId);
  }

  /** Traces of those in flight. */
  Set<String> traces() {
    return inFlight.traces();
  }

  /** Ids of those in flight. */
  Set<String> ids() {
    return inFlight.ids();
  }

  // ---- calls: any thread

  /** Tries to send the call; reserve, register, look again, send. */
  Dispatch dispatch(Call call) {
    Serving now = serving;
    if (now == null || !inFlight.gate().tryReserve(now.target().slots())) {
      return Dispatch.NO_SLOT;
    }
    LoadedFunction function = now.functions().get(call.functionKey());
    if (function == null || function.problem() != null) {
      inFlight.gate().release();
      call.fail(
          function == null ? ErrorCode.FUNCTION_NOT_FOUND : ErrorCode.APP_FAILED,
          "function "
              + call.invocation().application()
              + "/"
              + call.invocation().function()
              + (function == null ? ": not found" : ": " + function.problem()),
          "");
      return Dispatch.DONE;
    }
    boolean waitedForIt = call.waited() && now.readyNanos() - call.acceptedNanos() >= 0;
    call.reserved(
        owner,
        waitedForIt ? now.coldStart() : call.waited() ? ColdStart.ALL_BUSY : ColdStart.NONE,
        waitedForIt ? now.specializedNanos() : 0);
    inFlight.put(call);
    // A close between reservation and registration may have swept without this entry, and whoever
    // completed the call before it had a worker told none.
    if (!inFlight.gate().isOpen() || call.isDone()) {
      if (!withdraw(call)) {
        withdrawn(call);
      }
      return call.isDone() ? Dispatch.DONE : Dispatch.NO_SLOT;
    }
    if (!call.beginSend()) {
      withdrawn(call);
      return Dispatch.NO_SLOT;
    }
    return send(call, function, now);
  }

  /** The connection takes calls again. */
  void onWritable() {
    refusing = null;
  }

  private Dispatch send(Call call, LoadedFunction function, Serving to) {
    HostMessage.InvocationRequest message =
        InvocationMessages.request(call, function, to.rawHttpBodies());
    WorkerConnection.SendResult result = to.connection().send(message);
    if (result == WorkerConnection.SendResult.NOT_ACCEPTED) {
      // Once more after it counts as refusing: news of room that came before would be overwritten.
      refusing = to.connection();
      result = to.connection().send(message);
      if (result == WorkerConnection.SendResult.ACCEPTED) {
        refusing = null;
      }
    }
    trace.sent(message, result);
    if (result == WorkerConnection.SendResult.ACCEPTED) {
      return Dispatch.SENT;
    }
    if (result == WorkerConnection.SendResult.CLOSED) {
      refusing = to.connection();
    }
    if (!withdraw(call)) {
      return Dispatch.DONE;
    }
    if (result == WorkerConnection.SendResult.UNSUPPORTED) {
      call.fail(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "invocation "
              + call.id()
              + ": its payloads of "
              + call.size()
              + " bytes are more than the connection carries",
          "");
      return Dispatch.DONE;
    }
    return Dispatch.NO_SLOT;
  }

  /** Takes a call that was not sent out again; false where the worker's loss did. */
  private boolean withdraw(Call call) {
    boolean removed = inFlight.remove(call);
    if (removed) {
      withdrawn(call);
    }
    return removed;
  }

  /** The call is out of the table and was not sent. */
  private void withdrawn(Call call) {
    call.unsent();
    if (!inFlight.gate().isOpen()) {
      withdrawn.run();
    }
  }

  // ---- answers: the connection's I/O thread

  /** Completes the call; null where nobody here waits for that answer. */
  @Nullable Call answered(WorkerMessage.InvocationResponse response) {
    Call call = inFlight.removeSent(response.invocationId());
    if (call == null) {
      unknown.increment();
      return null;
    }
    boolean first;
    if (response.status().isSuccess()) {
      first = call.succeed(response.returnValue(), response.outputs());
    } else {
      first =
          call.fail(
              ErrorCode.FUNCTION_FAILED,
              "function "
                  + call.invocation().application()
                  + "/"
                  + call.invocation().function()
                  + ": "
                  + response.status().describe(),
              response.status().error().map(error -> error.stackTrace()).orElse(""));
    }
    if (!first) {
      late.increment();
    }
    return call;
  }
}
