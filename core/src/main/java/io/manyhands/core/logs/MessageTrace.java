/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.logs;

import io.manyhands.api.invocation.Payload;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.StatusInfo;
import io.manyhands.spi.transport.WorkerMessage;
import java.util.Map;

/**
 * Messages in one line for people: kinds, ids and sizes, never payloads, environment or log text.
 */
public final class MessageTrace {
  private MessageTrace() {}

  public static String describe(HostMessage message) {
    String kind = message.getClass().getSimpleName();
    if (message instanceof HostMessage.InvocationRequest request) {
      return kind
          + " "
          + request.invocationId()
          + " function "
          + request.functionId()
          + " "
          + size(request.inputs())
          + " bytes";
    }
    if (message instanceof HostMessage.FunctionLoadRequest load) {
      return kind + " function " + load.functionId();
    }
    if (message instanceof HostMessage.EnvironmentReloadRequest reload) {
      return kind + " " + reload.environment().size() + " variables";
    }
    if (message instanceof HostMessage.InvocationCancel cancel) {
      return kind + " " + cancel.invocationId();
    }
    return kind;
  }

  public static String describe(WorkerMessage message) {
    String kind = message.getClass().getSimpleName();
    if (message instanceof WorkerMessage.InvocationResponse response) {
      return kind
          + " "
          + response.invocationId()
          + " "
          + outcome(response.status())
          + " "
          + (size(response.outputs()) + response.returnValue().size())
          + " bytes";
    }
    if (message instanceof WorkerMessage.FunctionLoadResponse load) {
      return kind + " function " + load.functionId() + " " + outcome(load.status());
    }
    if (message instanceof WorkerMessage.FunctionsMetadataResponse metadata) {
      return kind + " " + metadata.functions().size() + " functions " + outcome(metadata.status());
    }
    if (message instanceof WorkerMessage.InitResponse init) {
      return kind + " " + outcome(init.status());
    }
    if (message instanceof WorkerMessage.EnvironmentReloadResponse reload) {
      return kind + " " + outcome(reload.status());
    }
    if (message instanceof WorkerMessage.Log log) {
      return kind
          + " invocation "
          + log.entry().invocationId()
          + " "
          + log.entry().message().length()
          + " characters";
    }
    return kind;
  }

  private static long size(Map<String, Payload> payloads) {
    return payloads.values().stream().mapToLong(Payload::size).sum();
  }

  private static String outcome(StatusInfo status) {
    return status.outcome().toString();
  }
}
