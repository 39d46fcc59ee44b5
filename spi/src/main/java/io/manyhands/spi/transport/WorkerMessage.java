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
      implements WorkerMessage {
    /** Bytes of its payloads. */
    public long size() {
      long size = returnValue.size();
      for (Payload output : outputs.values()) {
        size += output.size();
      }
      return size;
    }
  }

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

  /**
   * The first message of a stream of our own extension: who is there.
   *
   * @param workerId as issued; empty asks for one
   * @param credential may be empty; never appears in toString
   * @param resumable true where it will come back after a break
   * @param stack language and version, either may be empty
   * @param resume present where it comes back
   */
  record LinkHello(
      String workerId,
      String credential,
      boolean resumable,
      Map<String, String> labels,
      LinkStack stack,
      Optional<LinkResume> resume)
      implements WorkerMessage {
    public LinkHello {
      labels = Map.copyOf(labels);
    }

    @Override
    public String toString() {
      return "LinkHello[" + (resume.isPresent() ? "resume" : "new") + ", " + labels + "]";
    }
  }

  /** What a worker that asks for an id says that it is. */
  record LinkStack(String language, String version) {}

  /**
   * What a worker still is after a break.
   *
   * @param token the newest that it was given; never appears in toString
   * @param tenant empty for a placeholder, as are application and revision
   * @param functions those that are loaded, with what it indexed
   * @param running ids of invocations that run now
   * @param answered ids of invocations whose answers it keeps
   */
  record LinkResume(
      String token,
      String tenant,
      String application,
      String revision,
      Map<String, String> capabilities,
      Optional<WorkerMetadata> metadata,
      List<IndexedFunction> functions,
      List<String> running,
      List<String> answered) {
    public LinkResume {
      capabilities = Map.copyOf(capabilities);
      functions = List.copyOf(functions);
      running = List.copyOf(running);
      answered = List.copyOf(answered);
    }

    @Override
    public String toString() {
      return "LinkResume[" + application + ", " + running.size() + " running]";
    }
  }

  /** The worker has the welcome of that epoch. */
  record LinkConfirmation(long epoch) implements WorkerMessage {}

  /** A sign of life of our own extension, with what the worker uses. */
  record LinkHeartbeat(LinkResources resources) implements WorkerMessage {}

  /**
   * What a worker uses.
   *
   * @param cpuCores in use, averaged since the heartbeat before
   * @param memoryLimitBytes 0 where there is none
   * @param keptBytes of answers that are kept for a resume
   */
  record LinkResources(
      double cpuCores,
      long memoryBytes,
      long memoryLimitBytes,
      int runningCalls,
      int queuedCalls,
      long keptBytes) {}

  /**
   * The worker's process behind an agent has ended.
   *
   * @param exitCode -1 where it is not known
   * @param signal empty where it ended by itself
   */
  record LinkWorkerExit(
      int exitCode, String signal, boolean outOfMemory, String reason, List<String> lastOutput)
      implements WorkerMessage {
    public LinkWorkerExit {
      lastOutput = List.copyOf(lastOutput);
    }

    /** For people, without the output. */
    public String describe() {
      return (reason.isEmpty() ? "its process ended" : reason)
          + (outOfMemory ? " (out of memory)" : "")
          + (signal.isEmpty() ? "" : " (signal " + signal + ")")
          + (exitCode < 0 ? "" : " (exit code " + exitCode + ")");
    }
  }

  /**
   * How far an agent is with a package.
   *
   * @param hostJson with READY, may be empty
   * @param problem with FAILED
   */
  record LinkPackageState(String sha256, PackageStage stage, String hostJson, String problem)
      implements WorkerMessage {}

  /** Where an agent is with a package; UNKNOWN is one that this side does not know yet. */
  enum PackageStage {
    FETCHING,
    VERIFYING,
    READY,
    FAILED,
    UNKNOWN
  }
}
