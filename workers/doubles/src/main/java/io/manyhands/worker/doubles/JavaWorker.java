/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.doubles;

import io.grpc.Metadata;
import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadRequest;
import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadResponse;
import io.manyhands.transport.grpc.protocol.FunctionLoadRequest;
import io.manyhands.transport.grpc.protocol.FunctionMetadataResponse;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.RpcFunctionMetadata;
import io.manyhands.transport.grpc.protocol.RpcHttp;
import io.manyhands.transport.grpc.protocol.RpcLog;
import io.manyhands.transport.grpc.protocol.StreamingMessage.ContentCase;
import io.manyhands.transport.grpc.protocol.TypedData;
import io.manyhands.transport.grpc.protocol.WorkerMetadata;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The official Java worker. */
final class JavaWorker implements WorkerModel {
  private static final int DEATH = 255;
  private static final Duration LOADING = Duration.ofMillis(50);
  private static final Metadata.Key<String> ENCODING =
      Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);
  private static final Set<ContentCase> HANDLED =
      EnumSet.of(
          ContentCase.WORKER_INIT_REQUEST,
          ContentCase.WORKER_WARMUP_REQUEST,
          ContentCase.FUNCTION_ENVIRONMENT_RELOAD_REQUEST,
          ContentCase.FUNCTION_LOAD_REQUEST,
          ContentCase.INVOCATION_REQUEST,
          ContentCase.WORKER_STATUS_REQUEST,
          ContentCase.WORKER_TERMINATE);
  private static final Endings ENDINGS =
      new Endings(
          Endings.exit(0, 400),
          Endings.exit(DEATH, 0),
          Endings.exit(DEATH, 1000),
          Endings.exit(0, 350),
          Duration.ofSeconds(15));

  @Override
  public Optional<HostAddress> address(WorkerArguments arguments) {
    return arguments.functionsSet().or(arguments::plainSet);
  }

  @Override
  public Endings endings() {
    return ENDINGS;
  }

  /** P-JAVA-1. */
  @Override
  public boolean survives(Metadata responseHeaders) {
    return !"identity".equals(responseHeaders.get(ENCODING));
  }

  /** P-JAVA-2. */
  @Override
  public Optional<Integer> diesOf(ContentCase kind) {
    return HANDLED.contains(kind) ? Optional.empty() : Optional.of(DEATH);
  }

  @Override
  public WorkerMetadata metadata() {
    return WorkerMetadata.newBuilder()
        .setRuntimeName("java")
        .setRuntimeVersion(System.getProperty("java.version"))
        .setWorkerVersion("2.17.0")
        .setWorkerBitness("amd64")
        .build();
  }

  @Override
  public Map<String, String> capabilities() {
    return Capabilities.named(
        "TypedDataCollection",
        "WorkerStatus",
        "RpcHttpBodyOnly",
        "RpcHttpTriggerMetadataRemoved",
        "HandlesWorkerTerminateMessage",
        "HandlesWorkerWarmupMessage");
  }

  /** P-LAUNCH-3, P-LAUNCH-5: an empty map is passed over; loaded functions stay. */
  @Override
  public void reload(
      WorkerState state,
      FunctionEnvironmentReloadRequest request,
      FunctionEnvironmentReloadResponse.Builder response) {
    if (request.getEnvironmentVariablesCount() > 0) {
      state.reload(request.getEnvironmentVariablesMap(), request.getFunctionAppDirectory());
    }
  }

  @Override
  public FunctionMetadataResponse index(WorkerState state) {
    throw new IllegalStateException("it dies of the question");
  }

  @Override
  public Duration loading() {
    return LOADING;
  }

  /** P-FUNC-6. */
  @Override
  public LoadedFunction load(WorkerState state, FunctionLoadRequest request) {
    RpcFunctionMetadata metadata = request.getMetadata();
    if (!state.initialized()) {
      throw new WorkerFault("load before init");
    }
    Path jar = Path.of(metadata.getScriptFile());
    if (metadata.getScriptFile().isEmpty() || !Files.isRegularFile(jar)) {
      throw new WorkerFault("\"" + jar + "\" is not a jar");
    }
    Path directory = jar.toAbsolutePath().resolveSibling(".").normalize();
    if (state.workerDirectory().isEmpty() && !Files.isDirectory(directory.resolve("lib"))) {
      throw new WorkerFault("no worker directory, and no lib beside " + jar);
    }
    String entry = metadata.getEntryPoint();
    int dot = entry.lastIndexOf('.');
    if (dot < 1) {
      throw new WorkerFault("entry point \"" + entry + "\" (expected: class.method)");
    }
    return new LoadedFunction(
        AppScript.read(directory).require(entry.substring(dot + 1)), metadata.getBindingsMap());
  }

  /** P-FUNC-4. */
  @Override
  public void admit(WorkerState state, Optional<RpcHttp> request) {
    if (state.loading.get() > 0) {
      throw new WorkerFault("invoked while functions are being loaded");
    }
  }

  /** P-INV-5: without the binding the answer is lost. */
  @Override
  public void reply(
      LoadedFunction function, TypedData answer, InvocationResponse.Builder response) {
    if (function.bindings().containsKey("$return")) {
      response.setReturnValue(answer);
    }
  }

  /** P-LOG-1: of category User, as it names none. */
  @Override
  public RpcLog invoked(String function) {
    return RpcLog.newBuilder()
        .setMessage("Function \"" + function + "\" invoked by Java Worker")
        .build();
  }
}
