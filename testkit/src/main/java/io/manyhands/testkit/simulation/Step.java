/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.api.RuntimeOptions;
import io.manyhands.spi.transport.HostMessage;
import java.time.Duration;

/** What a worker does, one thing a message: each is a place to fail at. */
enum Step {
  DIAL,
  INIT,
  WARM_UP,
  RELOAD,
  INDEX,
  LOAD,
  INVOKE,
  STATUS,
  CANCEL,
  TERMINATE;

  static Step of(HostMessage message) {
    if (message instanceof HostMessage.InitRequest) {
      return INIT;
    } else if (message instanceof HostMessage.WarmupRequest) {
      return WARM_UP;
    } else if (message instanceof HostMessage.EnvironmentReloadRequest) {
      return RELOAD;
    } else if (message instanceof HostMessage.FunctionsMetadataRequest) {
      return INDEX;
    } else if (message instanceof HostMessage.FunctionLoadRequest) {
      return LOAD;
    } else if (message instanceof HostMessage.InvocationRequest) {
      return INVOKE;
    } else if (message instanceof HostMessage.WorkerStatusRequest) {
      return STATUS;
    } else if (message instanceof HostMessage.InvocationCancel) {
      return CANCEL;
    } else if (message instanceof HostMessage.WorkerTerminate) {
      return TERMINATE;
    }
    throw new IllegalStateException("no step for " + message.getClass());
  }

  /** About how long the Runtime waits for it. */
  Duration patience(RuntimeOptions options) {
    return switch (this) {
      case DIAL -> options.workerStartTimeout();
      case INIT -> options.workerInitTimeout();
      case RELOAD -> options.workerReloadTimeout();
      case INDEX, LOAD -> options.functionLoadTimeout();
      case INVOKE -> options.functionTimeout();
      case STATUS -> options.statusInterval();
      case WARM_UP, CANCEL, TERMINATE -> options.terminateGrace();
    };
  }
}
