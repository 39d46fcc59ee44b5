/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.invocation;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerId;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How an invocation ended. Exactly one is made for each.
 *
 * @param id which
 * @param error what went wrong, if anything
 * @param returnValue of the function; Empty where it gave none
 * @param outputs by output binding name
 * @param worker that ran it, or may have
 * @param phases how long each phase took
 */
public record InvocationResult(
    InvocationId id,
    Optional<Failure> error,
    Payload returnValue,
    Map<String, Payload> outputs,
    Optional<WorkerId> worker,
    InvocationPhases phases) {
  public InvocationResult {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(error, "error");
    Objects.requireNonNull(returnValue, "returnValue");
    outputs = Map.copyOf(outputs);
  }

  /**
   * What went wrong.
   *
   * @param code by who can mend it
   * @param message names the thing and what was expected
   * @param details stack trace or last output of the worker; for logs, never for a stranger; may be
   *     empty
   */
  public record Failure(ErrorCode code, String message, String details) {
    public Failure {
      Objects.requireNonNull(code, "code");
      Objects.requireNonNull(message, "message");
      Objects.requireNonNull(details, "details");
    }
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
