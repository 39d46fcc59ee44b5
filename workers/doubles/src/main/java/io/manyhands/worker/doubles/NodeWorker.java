/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.doubles;

import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadRequest;
import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadResponse;
import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadResponse.CapabilitiesUpdateStrategy;
import io.manyhands.transport.grpc.protocol.FunctionLoadRequest;
import io.manyhands.transport.grpc.protocol.FunctionMetadataResponse;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.ParameterBinding;
import io.manyhands.transport.grpc.protocol.RpcFunctionMetadata;
import io.manyhands.transport.grpc.protocol.RpcHttp;
import io.manyhands.transport.grpc.protocol.RpcLog;
import io.manyhands.transport.grpc.protocol.TypedData;
import io.manyhands.transport.grpc.protocol.WorkerMetadata;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Node.js, programming model v4 or v3. */
final class NodeWorker implements WorkerModel {
  private static final Endings ENDINGS =
      new Endings(
          Endings.exit(0, 20),
          Endings.exit(1, 0),
          Endings.exit(1, 300),
          Endings.exit(0, 20),
          Duration.ofMillis(20));

  private final boolean indexes;

  /** Model v4 indexes itself, v3 does not. */
  NodeWorker(boolean indexes) {
    this.indexes = indexes;
  }

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
        .setRuntimeName("node")
        .setRuntimeVersion("20.20.2")
        .setWorkerVersion("3.9.1")
        .setWorkerBitness("x64")
        .build();
  }

  @Override
  public Map<String, String> capabilities() {
    return Capabilities.of(
        "true",
        "RawHttpBodyBytes",
        "RpcHttpTriggerMetadataRemoved",
        "RpcHttpBodyOnly",
        "IgnoreEmptyValuedRpcHttpHeaders",
        "UseNullableValueDictionaryForHttp",
        "WorkerStatus",
        "TypedDataCollection",
        "HandlesWorkerTerminateMessage");
  }

  /** P-LAUNCH-3, P-LAUNCH-5: a directory must be there; functions go; capabilities are new. */
  @Override
  public void reload(
      WorkerState state,
      FunctionEnvironmentReloadRequest request,
      FunctionEnvironmentReloadResponse.Builder response) {
    String directory = request.getFunctionAppDirectory();
    if (!directory.isEmpty() && !Files.isDirectory(Path.of(directory))) {
      throw new WorkerFault("ENOENT: no such file or directory, chdir '" + directory + "'");
    }
    state.reload(request.getEnvironmentVariablesMap(), directory);
    state.functions.clear();
    response
        .putAllCapabilities(capabilities())
        .setCapabilitiesUpdateStrategy(CapabilitiesUpdateStrategy.replace)
        .setWorkerMetadata(
            metadata().toBuilder()
                .putCustomProperties("modelName", "@azure/functions")
                .putCustomProperties("modelVersion", indexes ? "4.0.0" : "3.0.0"));
  }

  @Override
  public FunctionMetadataResponse index(WorkerState state) {
    if (!indexes) {
      return Indexing.byHost();
    }
    if (state.directory().isEmpty()) {
      return FunctionMetadataResponse.newBuilder().setResult(Statuses.success()).build();
    }
    try {
      return Indexing.of(state.script(), "node", false, AppScript.Function::name);
    } catch (WorkerFault e) {
      // P-FUNC-5: an app that cannot be read looks like one of model v3.
      return Indexing.byHost();
    }
  }

  /** P-FUNC-6: v4 needs nothing of the load, v3 an absolute script file. */
  @Override
  public LoadedFunction load(WorkerState state, FunctionLoadRequest request) {
    RpcFunctionMetadata metadata = request.getMetadata();
    if (indexes) {
      return new LoadedFunction(
          state.script().require(metadata.getName()), metadata.getBindingsMap());
    }
    Path script = Path.of(metadata.getScriptFile());
    if (!script.isAbsolute() || !Files.isRegularFile(script)) {
      throw new WorkerFault("Cannot find module '" + script + "'");
    }
    return new LoadedFunction(
        AppScript.read(Path.of(metadata.getDirectory()).resolveSibling("."))
            .require(metadata.getName()),
        metadata.getBindingsMap());
  }

  /** P-FUNC-6: v4 runs a function that was indexed, loaded or not; its id is its name. */
  @Override
  public Optional<LoadedFunction> unloaded(WorkerState state, String functionId) {
    return indexes && !state.directory().isEmpty()
        ? state.script().find(functionId).map(script -> new LoadedFunction(script, Map.of()))
        : Optional.empty();
  }

  /** P-END-5. */
  @Override
  public Optional<Endings.Ending> lateFailure() {
    return Endings.exit(1, 0);
  }

  /** P-INV-2. */
  @Override
  public void admit(WorkerState state, Optional<RpcHttp> request) {
    if (indexes && request.isPresent() && !URI.create(request.get().getUrl()).isAbsolute()) {
      throw new WorkerFault("Invalid URL");
    }
  }

  @Override
  public void reply(
      LoadedFunction function, TypedData answer, InvocationResponse.Builder response) {
    if (indexes) {
      response.setReturnValue(answer);
      return;
    }
    // P-INV-5: without bindings the answer is lost.
    function
        .bindings()
        .forEach(
            (name, binding) -> {
              if (binding.getType().equals("http")) {
                response.addOutputData(ParameterBinding.newBuilder().setName(name).setData(answer));
              }
            });
  }

  @Override
  public RpcLog invoked(String function) {
    return RpcLog.newBuilder()
        .setLogCategory(RpcLog.RpcLogCategory.System)
        .setMessage("Worker runs function " + function)
        .build();
  }
}
