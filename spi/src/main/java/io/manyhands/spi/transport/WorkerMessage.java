/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.transport;

import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.invocation.Payload;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a worker says to the Runtime. Everything in it is unproven. */
public sealed interface WorkerMessage {
  /** The first message of a stream. */
  record StartStream(String workerId) implements WorkerMessage {}

  /**
   * Answers InitRequest.
   *
   * @param metadata what the worker says of itself, if anything
   */
  record InitResponse(
      StatusInfo status,
      String workerVersion,
      Map<String, String> capabilities,
      Optional<WorkerMetadata> metadata)
      implements WorkerMessage {}

  /** Answers WarmupRequest. */
  record WarmupResponse(StatusInfo status) implements WorkerMessage {}

  /**
   * Answers EnvironmentReloadRequest.
   *
   * @param replaceCapabilities true where the capabilities replace those of the InitResponse, false
   *     where they are merged
   */
  record EnvironmentReloadResponse(
      StatusInfo status,
      Map<String, String> capabilities,
      boolean replaceCapabilities,
      Optional<WorkerMetadata> metadata)
      implements WorkerMessage {}

  /**
   * Answers FunctionsMetadataRequest.
   *
   * @param useDefaultIndexing true where the host is to read function.json itself
   */
  record FunctionsMetadataResponse(
      StatusInfo status, List<IndexedFunction> functions, boolean useDefaultIndexing)
      implements WorkerMessage {}

  /** Answers FunctionLoadRequest. */
  record FunctionLoadResponse(String functionId, StatusInfo status) implements WorkerMessage {}

  /**
   * Answers InvocationRequest.
   *
   * @param outputs by binding name
   * @param returnValue Empty where there is none
   */
  record InvocationResponse(
      String invocationId, StatusInfo status, Map<String, Payload> outputs, Payload returnValue)
      implements WorkerMessage {}

  /** Answers WorkerStatusRequest. */
  record WorkerStatusResponse() implements WorkerMessage {}

  /** A line of log. */
  record Log(LogEntry entry) implements WorkerMessage {}

  /** Asks for something: {@code Restart} or {@code Reload}. */
  record ActionRequest(String action, String reason) implements WorkerMessage {}

  /** A sign of life that nobody asked for. */
  record Heartbeat() implements WorkerMessage {}

  /** A message of a kind that has no meaning here, or of none; it is counted. */
  record Unknown(String kind) implements WorkerMessage {}

  /** What a worker says of itself; any text may be empty. */
  record WorkerMetadata(
      String runtimeName,
      String runtimeVersion,
      String workerVersion,
      String bitness,
      Map<String, String> properties) {}

  /**
   * A function as a worker indexed it.
   *
   * @param functionId the worker's own
   * @param status of that function alone
   * @param rawBindings JSON text of each binding
   */
  record IndexedFunction(
      String functionId,
      FunctionDefinition definition,
      StatusInfo status,
      List<String> rawBindings) {}

  /**
   * A log entry.
   *
   * @param invocationId empty where it belongs to none
   * @param level 0 trace, 1 debug, 2 information, 3 warning, 4 error, 5 critical, 6 none
   * @param system true where it is the worker's own rather than the function's
   */
  record LogEntry(
      String invocationId,
      String category,
      int level,
      String message,
      boolean system,
      Optional<StatusInfo.WorkerError> error) {}
}
