/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.doubles;

import io.manyhands.transport.grpc.protocol.InvocationRequest;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.ParameterBinding;
import io.manyhands.transport.grpc.protocol.RpcHttp;
import io.manyhands.transport.grpc.protocol.RpcLog;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.TypedData;
import java.util.Optional;

/** Runs invocations, each on the thread that calls. */
final class Calls {
  private final WorkerModel model;
  private final WorkerState state;
  private final WorkerSession.Host host;

  Calls(WorkerModel model, WorkerState state, WorkerSession.Host host) {
    this.model = model;
    this.state = state;
    this.host = host;
  }

  void run(InvocationRequest request, StreamingMessage.Builder answer) {
    InvocationResponse.Builder response =
        InvocationResponse.newBuilder()
            .setInvocationId(request.getInvocationId())
            .setResult(Statuses.success());
    try {
      perform(request, response);
    } catch (WorkerFault e) {
      response.setResult(Statuses.failure(String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      response.setResult(Statuses.failure(e.toString()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      response.setResult(Statuses.failure("interrupted"));
    }
    state.running.decrementAndGet();
    host.send(answer.setInvocationResponse(response).build());
    boolean late =
        function(request).filter(called -> called.script().does().equals("late-throw")).isPresent();
    if (late) {
      // P-END-5: what is thrown when the answer is gone.
      host.end(model.lateFailure());
    }
  }

  private void perform(InvocationRequest request, InvocationResponse.Builder response)
      throws InterruptedException {
    Optional<RpcHttp> http =
        request.getInputDataList().stream()
            .map(ParameterBinding::getData)
            .filter(data -> data.hasHttp())
            .map(data -> data.getHttp())
            .findFirst();
    model.admit(state, http);
    LoadedFunction function =
        function(request)
            .orElseThrow(
                () -> new WorkerFault("function " + request.getFunctionId() + " is not loaded"));
    log(request, model.invoked(function.script().name()));
    RpcHttp asked = http.orElseGet(RpcHttp::getDefaultInstance);
    TypedData answer =
        Actions.perform(
            function.script(),
            asked,
            state.environment(),
            text -> log(request, RpcLog.newBuilder().setMessage(text).build()));
    if (function.script().trigger().isEmpty()) {
      model.reply(function, answer, response);
    }
  }

  /** P-END-3: a function that holds the worker's loop keeps its other messages waiting. */
  boolean holdsTheLoop(InvocationRequest request) {
    return function(request).filter(called -> called.script().does().equals("block")).isPresent();
  }

  private Optional<LoadedFunction> function(InvocationRequest request) {
    String id = request.getFunctionId();
    return Optional.ofNullable(state.functions.get(id)).or(() -> model.unloaded(state, id));
  }

  private void log(InvocationRequest request, RpcLog log) {
    host.send(
        StreamingMessage.newBuilder()
            .setRpcLog(
                log.toBuilder()
                    .setInvocationId(request.getInvocationId())
                    .setLevel(RpcLog.Level.Information))
            .build());
  }
}
