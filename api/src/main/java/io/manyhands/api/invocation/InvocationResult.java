/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.invocation;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How an invocation ended. Exactly one is made for each.
 *
 * @param id which; the id of its first attempt
 * @param error what went wrong, if anything
 * @param returnValue of the function; Empty where it gave none
 * @param outputs by output binding name
 * @param worker that ran it, or may have
 * @param phases how long each phase took
 * @param attempts how often it was run, or was to be; 1 unless the function's retry policy had it
 *     run again
 * @param furtherAttempts ids of the runs after the first, oldest first; of very many the last
 */
public record InvocationResult(
    InvocationId id,
    Optional<Failure> error,
    Payload returnValue,
    Map<String, Payload> outputs,
    Optional<WorkerId> worker,
    InvocationPhases phases,
    int attempts,
    List<InvocationId> furtherAttempts) {
  public InvocationResult {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(error, "error");
    Objects.requireNonNull(returnValue, "returnValue");
    outputs = Map.copyOf(outputs);
    furtherAttempts = List.copyOf(furtherAttempts);
  }

  /**
   * What went wrong.
   *
   * @param code by who can mend it
   * @param message names the thing and what was expected
   * @param details stack trace or last output of the worker; for logs, never for a stranger; may be
   *     empty
   * @param retryAfter when another try may go better; empty where nobody knows
   */
  public record Failure(
      ErrorCode code, String message, String details, Optional<Duration> retryAfter) {
    public Failure(ErrorCode code, String message, String details) {
      this(code, message, details, Optional.empty());
    }

    public Failure {
      Objects.requireNonNull(code, "code");
      Objects.requireNonNull(message, "message");
      Objects.requireNonNull(details, "details");
      Objects.requireNonNull(retryAfter, "retryAfter");
    }
  }

  /** How an invocation ended that was run once, as nearly all are. */
  public static InvocationResult ofOneAttempt(
      InvocationId id,
      Optional<Failure> error,
      Payload returnValue,
      Map<String, Payload> outputs,
      Optional<WorkerId> worker,
      InvocationPhases phases) {
    return new InvocationResult(id, error, returnValue, outputs, worker, phases, 1, List.of());
  }

  public boolean succeeded() {
    return error.isEmpty();
  }

  /** This, or throws what went wrong. */
  public InvocationResult orThrow() {
    if (error.isPresent()) {
      throw new ManyhandsException(error.get().code(), error.get().message());
    }
    return this;
  }
}
