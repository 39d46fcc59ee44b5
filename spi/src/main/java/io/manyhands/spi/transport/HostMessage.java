/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.transport;

import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.invocation.TraceContext;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the Runtime says to a worker. May grow: see {@link WorkerConnection#supports}. */
public sealed interface HostMessage {
  /** Begins the conversation; an empty application directory makes a placeholder. */
  record InitRequest(
      String hostVersion,
      Map<String, String> capabilities,
      String workerDirectory,
      String applicationDirectory)
      implements HostMessage {
    public InitRequest {
      capabilities = Map.copyOf(capabilities);
    }
  }

  /** Lets a placeholder warm up. */
  record WarmupRequest(String workerDirectory) implements HostMessage {}

  /** Replaces the whole environment. Values never appear in toString. */
  record EnvironmentReloadRequest(Map<String, String> environment, String applicationDirectory)
      implements HostMessage {
    public EnvironmentReloadRequest {
      environment = Map.copyOf(environment);
    }

    @Override
    public String toString() {
      return "EnvironmentReloadRequest["
          + environment.size()
          + " variables, "
          + applicationDirectory
          + "]";
    }
  }

  /** Asks for the functions of an application. */
  record FunctionsMetadataRequest(String applicationDirectory) implements HostMessage {}

  /**
   * Loads one function.
   *
   * @param functionId by which invocations name it
   * @param properties further ones than the definition's, such as {@code worker_indexed}
   */
  record FunctionLoadRequest(
      String functionId, FunctionDefinition function, Map<String, String> properties)
      implements HostMessage {
    public FunctionLoadRequest {
      properties = Map.copyOf(properties);
    }
  }

  /**
   * Runs a function once.
   *
   * @param inputs by binding name, the trigger's included
   * @param triggerMetadata by name
   * @param retry of a function that has a retry policy
   */
  record InvocationRequest(
      String invocationId,
      String functionId,
      Map<String, Payload> inputs,
      Map<String, Payload> triggerMetadata,
      TraceContext trace,
      Optional<Retry> retry)
      implements HostMessage {
    /** Of a function without a retry policy. */
    public InvocationRequest(
        String invocationId,
        String functionId,
        Map<String, Payload> inputs,
        Map<String, Payload> triggerMetadata,
        TraceContext trace) {
      this(invocationId, functionId, inputs, triggerMetadata, trace, Optional.empty());
    }
  }

  /**
   * Which run of a call it is.
   *
   * @param count 0 for the first
   * @param maximum -1 for no limit
   * @param error why the run before failed; empty with the first
   */
  record Retry(int count, int maximum, Optional<StatusInfo.WorkerError> error) {}

  /** Asks a running invocation to stop. */
  record InvocationCancel(String invocationId, Duration grace) implements HostMessage {}

  /** Asks for a sign of life. */
  record WorkerStatusRequest() implements HostMessage {}

  /** Asks the worker to end. */
  record WorkerTerminate(Duration grace) implements HostMessage {}

  /**
   * Accepts a worker of our own extension; the first message to it.
   *
   * @param epoch of this acceptance
   * @param resumeToken presents the worker after a break; never appears in toString
   * @param heartbeatInterval how often it is to send a heartbeat
   * @param resumeGrace how long it may be away
   * @param wanted ids of kept answers that somebody still waits for; the others are dropped
   * @param assignment what the token says that it is; empty for a placeholder
   */
  record LinkWelcome(
      String workerId,
      long epoch,
      String resumeToken,
      Duration heartbeatInterval,
      Duration resumeGrace,
      List<String> wanted,
      Optional<LinkAssignment> assignment)
      implements HostMessage {
    public LinkWelcome {
      wanted = List.copyOf(wanted);
    }

    @Override
    public String toString() {
      return "LinkWelcome[" + workerId + ", epoch " + epoch + ", " + wanted.size() + " wanted]";
    }
  }

  /**
   * Refuses a worker of our own extension; the stream ends after it.
   *
   * @param retryAfter present where it may come again, then not before
   */
  record LinkRefusal(String reason, Optional<Duration> retryAfter) implements HostMessage {}

  /** A resume token that replaces the one before; never appears in toString. */
  record LinkCredential(String resumeToken, LinkAssignment assignment) implements HostMessage {
    @Override
    public String toString() {
      return "LinkCredential[" + assignment + "]";
    }
  }

  /** What a worker was specialized for, as it is to say when it comes back. */
  record LinkAssignment(String tenant, String application, String revision) {}

  /**
   * Asks the agent beside a worker for an application's code; it answers with its states.
   *
   * @param uri file, http or https; its query never appears in toString
   */
  record LinkPackage(URI uri, String sha256) implements HostMessage {
    @Override
    public String toString() {
      return "LinkPackage[" + sha256 + "]";
    }
  }

  /** So many answers to invocations were read from this stream; answers each heartbeat too. */
  record LinkAcknowledgement(long answers) implements HostMessage {}

  /**
   * The stream is about to end.
   *
   * @param comeBack true where the worker is to resume, false where it is to end
   */
  record LinkFarewell(String reason, boolean comeBack) implements HostMessage {}
}
