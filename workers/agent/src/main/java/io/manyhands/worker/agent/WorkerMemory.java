/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadResponse;
import io.manyhands.transport.grpc.protocol.FunctionLoadRequest;
import io.manyhands.transport.grpc.protocol.FunctionLoadResponse;
import io.manyhands.transport.grpc.protocol.FunctionMetadataResponse;
import io.manyhands.transport.grpc.protocol.RpcFunctionMetadata;
import io.manyhands.transport.grpc.protocol.StatusResult;
import io.manyhands.transport.grpc.protocol.WorkerInitResponse;
import io.manyhands.transport.grpc.protocol.WorkerMetadata;
import io.manyhands.transport.grpc.protocol.link.Resume;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a worker has become, gathered from what passed by, so that its agent can tell it after a
 * break (P-LINK-4). Confined to the loop.
 */
final class WorkerMemory {
  private static final String STATUS_CAPABILITY = "WorkerStatus";

  private final Map<String, String> capabilities = new HashMap<>();
  private final Map<String, RpcFunctionMetadata> indexed = new HashMap<>();
  private final Map<String, RpcFunctionMetadata> loaded = new LinkedHashMap<>();
  private final Set<String> running = new LinkedHashSet<>();
  private WorkerMetadata metadata = WorkerMetadata.getDefaultInstance();

  void initialized(WorkerInitResponse response) {
    capabilities.clear();
    capabilities.putAll(response.getCapabilitiesMap());
    metadata = response.getWorkerMetadata();
  }

  /** A reload without capabilities leaves them as they are (P-LAUNCH-5). */
  void reloaded(FunctionEnvironmentReloadResponse response) {
    if (response.getCapabilitiesUpdateStrategy()
            == FunctionEnvironmentReloadResponse.CapabilitiesUpdateStrategy.replace
        && response.getCapabilitiesCount() > 0) {
      capabilities.clear();
    }
    capabilities.putAll(response.getCapabilitiesMap());
    if (response.hasWorkerMetadata()) {
      metadata = response.getWorkerMetadata();
    }
  }

  void indexed(FunctionMetadataResponse response) {
    indexed.clear();
    for (RpcFunctionMetadata function : response.getFunctionMetadataResultsList()) {
      indexed.put(function.getFunctionId(), function);
    }
  }

  /** Under the id that the Runtime calls it by. */
  void loading(FunctionLoadRequest request) {
    RpcFunctionMetadata own = indexed.getOrDefault(request.getFunctionId(), request.getMetadata());
    loaded.put(
        request.getFunctionId(), own.toBuilder().setFunctionId(request.getFunctionId()).build());
  }

  void loaded(FunctionLoadResponse response) {
    loaded.computeIfPresent(
        response.getFunctionId(),
        (id, function) -> function.toBuilder().setStatus(brief(response.getResult())).build());
  }

  /** Without logs and traces, which a comeback has no use for. */
  private static StatusResult brief(StatusResult result) {
    StatusResult.Builder brief = result.toBuilder().clearLogs();
    if (brief.hasException()) {
      brief.getExceptionBuilder().clearStackTrace();
    }
    return brief.build();
  }

  void began(String invocationId) {
    running.add(invocationId);
  }

  void ended(String invocationId) {
    running.remove(invocationId);
  }

  int runningCalls() {
    return running.size();
  }

  boolean answersStatus() {
    return !capabilities.getOrDefault(STATUS_CAPABILITY, "").isEmpty();
  }

  /** The worker has ended: what it was running nobody will answer. */
  void died() {
    running.clear();
  }

  void describe(Resume.Builder resume) {
    resume
        .putAllCapabilities(capabilities)
        .setWorkerMetadata(metadata)
        .addAllFunctions(loaded.values())
        .addAllRunning(running);
  }
}
