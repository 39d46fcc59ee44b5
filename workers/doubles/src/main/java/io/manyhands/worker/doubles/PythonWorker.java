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
import io.manyhands.transport.grpc.protocol.RpcFunctionMetadata;
import io.manyhands.transport.grpc.protocol.RpcLog;
import io.manyhands.transport.grpc.protocol.StreamingMessage.ContentCase;
import io.manyhands.transport.grpc.protocol.TypedData;
import io.manyhands.transport.grpc.protocol.WorkerMetadata;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Python, programming model v2 or v1. */
final class PythonWorker implements WorkerModel {
  /** P-END-1: neither the stream's end nor WorkerTerminate ends it. */
  private static final Endings ENDINGS =
      new Endings(
          Optional.empty(),
          Optional.empty(),
          Endings.exit(1, 5300),
          Optional.empty(),
          Duration.ZERO);

  private static final String ROOT = "AzureWebJobsScriptRoot";

  private final boolean indexes;

  /** Model v2 indexes itself, v1 does not. */
  PythonWorker(boolean indexes) {
    this.indexes = indexes;
  }

  @Override
  public Optional<HostAddress> address(WorkerArguments arguments) {
    return arguments.plainSet();
  }

  @Override
  public Endings endings() {
    return ENDINGS;
  }

  /** P-INV-1. */
  @Override
  public boolean echoes(ContentCase request) {
    return request == ContentCase.WORKER_STATUS_REQUEST
        || request == ContentCase.FUNCTIONS_METADATA_REQUEST;
  }

  @Override
  public WorkerMetadata metadata() {
    return WorkerMetadata.newBuilder()
        .setRuntimeName("python")
        .setRuntimeVersion("3.11")
        .setWorkerVersion("4.34.0")
        .setWorkerBitness("x86_64")
        .build();
  }

  @Override
  public Map<String, String> capabilities() {
    return Capabilities.of(
        "true",
        "RawHttpBodyBytes",
        "TypedDataCollection",
        "RpcHttpBodyOnly",
        "WorkerStatus",
        "RpcHttpTriggerMetadataRemoved",
        "SharedMemoryDataTransfer");
  }

  /** P-LAUNCH-3, P-LAUNCH-5: a missing directory is no failure; loaded functions stay. */
  @Override
  public void reload(
      WorkerState state,
      FunctionEnvironmentReloadRequest request,
      FunctionEnvironmentReloadResponse.Builder response) {
    state.reload(request.getEnvironmentVariablesMap(), request.getFunctionAppDirectory());
    response
        .putAllCapabilities(capabilities())
        .setCapabilitiesUpdateStrategy(CapabilitiesUpdateStrategy.merge)
        .setWorkerMetadata(metadata());
  }

  /** P-FUNC-2, P-FUNC-3. */
  @Override
  public FunctionMetadataResponse index(WorkerState state) {
    if (!indexes) {
      return Indexing.byHost();
    }
    if (state.indexed()) {
      return Indexing.failed("not a unique function name: this process indexed the app before");
    }
    String root = state.environment().get(ROOT);
    if (root == null) {
      return Indexing.failed(ROOT + " is not set");
    }
    try {
      FunctionMetadataResponse response =
          Indexing.of(
              AppScript.read(Path.of(root)),
              "python",
              true,
              function -> UUID.randomUUID().toString());
      state.markIndexed();
      return response;
    } catch (WorkerFault e) {
      return Indexing.failed(String.valueOf(e.getMessage()));
    }
  }

  /** P-FUNC-2, P-FUNC-6. */
  @Override
  public LoadedFunction load(WorkerState state, FunctionLoadRequest request) {
    RpcFunctionMetadata metadata = request.getMetadata();
    if (indexes) {
      boolean elsewhere =
          metadata.getPropertiesMap().getOrDefault("worker_indexed", "").equalsIgnoreCase("true");
      if (!state.indexed() && !elsewhere) {
        throw new WorkerFault("function " + metadata.getName() + " was not indexed");
      }
      if (!state.indexed() && metadata.getDirectory().isEmpty()) {
        throw new WorkerFault("function " + metadata.getName() + ": no directory");
      }
      String directory = state.indexed() ? state.environment().get(ROOT) : metadata.getDirectory();
      return new LoadedFunction(
          AppScript.read(Path.of(directory)).require(metadata.getName()),
          metadata.getBindingsMap());
    }
    Path directory = Path.of(metadata.getDirectory());
    Path script = directory.resolve(metadata.getScriptFile());
    if (metadata.getDirectory().isEmpty()
        || !script.startsWith(directory)
        || !Files.isRegularFile(script)) {
      throw new WorkerFault("script \"" + script + "\" is no file inside \"" + directory + "\"");
    }
    return new LoadedFunction(
        AppScript.read(directory.resolveSibling(".")).require(metadata.getName()),
        metadata.getBindingsMap());
  }

  /** P-INV-6. */
  @Override
  public int threads(Map<String, String> environment) {
    String said = environment.get("PYTHON_THREADPOOL_THREAD_COUNT");
    return said == null
        ? Math.min(32, Runtime.getRuntime().availableProcessors() + 4)
        : Integer.parseInt(said);
  }

  /** P-INV-5: model v1 loses the answer without bindings. */
  @Override
  public void reply(
      LoadedFunction function, TypedData answer, InvocationResponse.Builder response) {
    if (indexes || !function.bindings().isEmpty()) {
      response.setReturnValue(answer);
    }
  }

  @Override
  public RpcLog invoked(String function) {
    return RpcLog.newBuilder()
        .setLogCategory(RpcLog.RpcLogCategory.System)
        .setMessage("Received FunctionInvocationRequest, function: " + function)
        .build();
  }
}
