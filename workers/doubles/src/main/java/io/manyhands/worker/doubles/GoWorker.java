/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.doubles;

import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadRequest;
import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadResponse;
import io.manyhands.transport.grpc.protocol.FunctionLoadRequest;
import io.manyhands.transport.grpc.protocol.FunctionMetadataResponse;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.RpcLog;
import io.manyhands.transport.grpc.protocol.TypedData;
import io.manyhands.transport.grpc.protocol.WorkerMetadata;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The worker written in Go (P-GO-1). Its HTTP side channel (capability HttpUri) is not played: this
 * double takes HTTP over the stream.
 */
final class GoWorker implements WorkerModel {
  /** It ignores WorkerTerminate though it advertises it. */
  private static final Endings ENDINGS =
      new Endings(
          Endings.exit(0, 0),
          Endings.exit(1, 0),
          Endings.exit(1, 300),
          Optional.empty(),
          Duration.ZERO);

  @Override
  public Optional<HostAddress> address(WorkerArguments arguments) {
    return arguments.functionsSet();
  }

  @Override
  public Endings endings() {
    return ENDINGS;
  }

  @Override
  public WorkerMetadata metadata() {
    return WorkerMetadata.newBuilder()
        .setRuntimeName("go")
        .setRuntimeVersion("1.24")
        .setWorkerVersion("1.0.0")
        .setWorkerBitness("amd64")
        .build();
  }

  @Override
  public Map<String, String> capabilities() {
    return Capabilities.of(
        "true",
        "RawHttpBodyBytes",
        "RpcHttpBodyOnly",
        "RpcHttpTriggerMetadataRemoved",
        "WorkerStatus",
        "HandlesWorkerTerminateMessage");
  }

  @Override
  public void reload(
      WorkerState state,
      FunctionEnvironmentReloadRequest request,
      FunctionEnvironmentReloadResponse.Builder response) {
    state.reload(request.getEnvironmentVariablesMap(), request.getFunctionAppDirectory());
    response.putAllCapabilities(capabilities());
  }

  @Override
  public FunctionMetadataResponse index(WorkerState state) {
    try {
      return Indexing.of(state.script(), "go", false, AppScript.Function::name);
    } catch (WorkerFault e) {
      return Indexing.failed(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public LoadedFunction load(WorkerState state, FunctionLoadRequest request) {
    return new LoadedFunction(
        state.script().require(request.getMetadata().getName()),
        request.getMetadata().getBindingsMap());
  }

  @Override
  public void reply(
      LoadedFunction function, TypedData answer, InvocationResponse.Builder response) {
    response.setReturnValue(answer);
  }

  @Override
  public RpcLog invoked(String function) {
    return RpcLog.newBuilder()
        .setLogCategory(RpcLog.RpcLogCategory.System)
        .setMessage("invoking " + function)
        .build();
  }
}
