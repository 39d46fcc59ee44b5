/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadRequest;
import io.manyhands.transport.grpc.protocol.FunctionLoadRequest;
import io.manyhands.transport.grpc.protocol.FunctionMetadataResponse;
import io.manyhands.transport.grpc.protocol.RpcFunctionMetadata;
import io.manyhands.transport.grpc.protocol.StatusResult;
import io.manyhands.transport.grpc.protocol.WorkerInitRequest;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The one application of this worker's life: a placeholder has none yet. Messages come one at a
 * time; {@link #function} may be called from any thread.
 */
final class AppHost {
  private final Environment environment;
  private final Map<String, JavaFunction> loaded = new ConcurrentHashMap<>();

  /** By id, as it was indexed or asked to be loaded; the status says how the load went. */
  private final Map<String, RpcFunctionMetadata> described = new ConcurrentHashMap<>();

  private @Nullable FunctionApp app;
  private StatusResult opened = Statuses.success();
  private boolean specialized;

  /** Of the process. */
  interface Environment {
    void replace(Map<String, String> variables) throws ReflectiveOperationException;
  }

  private interface Step {
    void run() throws Exception;
  }

  AppHost(Environment environment) {
    this.environment = environment;
  }

  /** Loaded under that id; null where none is. */
  @Nullable JavaFunction function(String id) {
    return loaded.get(id);
  }

  /** What was indexed or loaded; any thread. */
  Collection<RpcFunctionMetadata> functions() {
    return List.copyOf(described.values());
  }

  /** An application that cannot be opened is told of when its functions are asked for. */
  void init(WorkerInitRequest request) {
    if (!request.getFunctionAppDirectory().isEmpty()) {
      open(request.getFunctionAppDirectory());
    }
  }

  /** Makes a placeholder the application's worker, once and for all. */
  StatusResult reload(FunctionEnvironmentReloadRequest request) {
    if (specialized) {
      return Statuses.failure(
          "this worker has been given an application before (expected: one in its life)");
    }
    specialized = true;
    StatusResult replaced =
        attempt(() -> environment.replace(request.getEnvironmentVariablesMap()));
    if (replaced.getStatus() == StatusResult.Status.Success
        && !request.getFunctionAppDirectory().isEmpty()) {
      open(request.getFunctionAppDirectory());
      return opened;
    }
    return replaced;
  }

  FunctionMetadataResponse index(String directory) {
    if (!specialized && !directory.isEmpty()) {
      open(directory);
    }
    FunctionMetadataResponse.Builder response =
        FunctionMetadataResponse.newBuilder().setResult(opened);
    if (app != null) {
      for (RpcFunctionMetadata function : app.metadata()) {
        response.addFunctionMetadataResults(function);
        described.putIfAbsent(function.getFunctionId(), function);
      }
    }
    return response.build();
  }

  StatusResult load(FunctionLoadRequest request) {
    StatusResult result = tryLoad(request);
    String id = request.getFunctionId();
    RpcFunctionMetadata said = described.getOrDefault(id, request.getMetadata());
    described.put(id, said.toBuilder().setFunctionId(id).setStatus(result).build());
    return result;
  }

  private StatusResult tryLoad(FunctionLoadRequest request) {
    FunctionApp known = app;
    if (known == null) {
      return opened.getStatus() == StatusResult.Status.Success
          ? Statuses.failure("this worker has no application yet")
          : opened;
    }
    return attempt(
        () -> {
          JavaFunction function = known.find(request.getMetadata());
          function.prepare();
          loaded.put(request.getFunctionId(), function);
        });
  }

  private void open(String directory) {
    specialized = true;
    opened = attempt(() -> app = FunctionApp.open(AppJars.in(Path.of(directory))));
  }

  /** Whatever goes wrong in an application's code, the host gets an answer. */
  private static StatusResult attempt(Step step) {
    try {
      step.run();
      return Statuses.success();
    } catch (FunctionFault e) {
      return Statuses.failure(String.valueOf(e.getMessage()));
    } catch (Throwable e) {
      return Statuses.failure(e);
    }
  }
}
