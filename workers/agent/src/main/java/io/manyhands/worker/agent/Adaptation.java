/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import io.manyhands.support.launch.LaunchMarker;
import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadRequest;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import java.io.IOException;
import java.util.Map;

/**
 * What the Runtime cannot know of the worker's machine goes into the few messages that tell a
 * worker where it is: its folder, and the variables of its base environment, which a reload
 * replaces as a whole.
 *
 * @param workerDirectory the worker's folder here
 * @param environment of the worker's process, as it was started
 */
record Adaptation(String workerDirectory, Map<String, String> environment) {
  Adaptation {
    environment = Map.copyOf(environment);
  }

  Envelope adapt(Envelope message) throws IOException {
    StreamingMessage.Builder adapted = message.decoded().toBuilder();
    switch (message.kind()) {
      case WORKER_INIT_REQUEST ->
          adapted.getWorkerInitRequestBuilder().setWorkerDirectory(workerDirectory);
      case WORKER_WARMUP_REQUEST ->
          adapted.getWorkerWarmupRequestBuilder().setWorkerDirectory(workerDirectory);
      default -> reload(adapted.getFunctionEnvironmentReloadRequestBuilder());
    }
    return Envelope.of(adapted.build());
  }

  /** An application's own settings stand above the base, but for what names places here. */
  private void reload(FunctionEnvironmentReloadRequest.Builder request) {
    environment.forEach(
        (name, value) -> {
          if (!request.containsEnvironmentVariables(name)
              || name.startsWith("FUNCTIONS_WORKER_")
              || name.equals(LaunchMarker.VARIABLE)) {
            request.putEnvironmentVariables(name, value);
          }
        });
  }

  /** Without values. */
  @Override
  public String toString() {
    return "Adaptation[" + workerDirectory + "]";
  }
}
