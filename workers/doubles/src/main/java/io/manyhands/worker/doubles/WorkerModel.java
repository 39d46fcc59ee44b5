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
import io.manyhands.transport.grpc.protocol.RpcHttp;
import io.manyhands.transport.grpc.protocol.RpcLog;
import io.manyhands.transport.grpc.protocol.StreamingMessage.ContentCase;
import io.manyhands.transport.grpc.protocol.TypedData;
import io.manyhands.transport.grpc.protocol.WorkerMetadata;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** In what one official worker differs from the others. Called by {@link WorkerSession}. */
interface WorkerModel {
  int MOST_THREADS = 100;

  /** Where to dial, from the set of arguments that this worker reads; empty without it. */
  Optional<HostAddress> address(WorkerArguments arguments);

  Endings endings();

  /** False where the worker dies of this response header. */
  default boolean survives(Metadata responseHeaders) {
    return true;
  }

  /** The exit code with which the worker dies of a kind of message; empty where it does not. */
  default Optional<Integer> diesOf(ContentCase kind) {
    return Optional.empty();
  }

  /** Whether an answer carries the request's id, not the one of the worker's start. */
  default boolean echoes(ContentCase request) {
    return true;
  }

  WorkerMetadata metadata();

  Map<String, String> capabilities();

  /** Takes the new environment and directory over. */
  void reload(
      WorkerState state,
      FunctionEnvironmentReloadRequest request,
      FunctionEnvironmentReloadResponse.Builder response);

  FunctionMetadataResponse index(WorkerState state);

  LoadedFunction load(WorkerState state, FunctionLoadRequest request);

  /** How long a load takes. */
  default Duration loading() {
    return Duration.ZERO;
  }

  /** What runs under an id that was never loaded. */
  default Optional<LoadedFunction> unloaded(WorkerState state, String functionId) {
    return Optional.empty();
  }

  /** How many calls run at once; the others wait inside the worker. */
  default int threads(Map<String, String> environment) {
    return MOST_THREADS;
  }

  /** What a failure that comes after the answer does to the process. */
  default Optional<Endings.Ending> lateFailure() {
    return Optional.empty();
  }

  /** Refuses an invocation, or lets it run. */
  default void admit(WorkerState state, Optional<RpcHttp> request) {}

  /** Puts the answer where this worker puts it, or loses it. */
  void reply(LoadedFunction function, TypedData answer, InvocationResponse.Builder response);

  /** What the worker logs of its own accord for each invocation. */
  RpcLog invoked(String function);
}
