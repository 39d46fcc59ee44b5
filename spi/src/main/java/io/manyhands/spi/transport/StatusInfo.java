/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.transport;

import java.util.Objects;
import java.util.Optional;

/**
 * How a worker judged a request.
 *
 * @param outcome an absent one reads as FAILURE
 * @param error with FAILURE, if the worker said anything
 */
public record StatusInfo(Outcome outcome, Optional<WorkerError> error) {
  private static final StatusInfo SUCCESS = new StatusInfo(Outcome.SUCCESS, Optional.empty());

  public StatusInfo {
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(error, "error");
  }

  public static StatusInfo success() {
    return SUCCESS;
  }

  public static StatusInfo failure(String message) {
    return new StatusInfo(
        Outcome.FAILURE, Optional.of(new WorkerError(message, "", "", "", false)));
  }

  public boolean isSuccess() {
    return outcome == Outcome.SUCCESS;
  }

  /** The error's message, or a word that there was none. */
  public String describe() {
    return error
        .map(WorkerError::message)
        .filter(text -> !text.isEmpty())
        .orElse("the worker gave no reason");
  }

  /** The protocol's three. */
  public enum Outcome {
    FAILURE,
    SUCCESS,
    CANCELLED
  }

  /**
   * An exception in a worker.
   *
   * @param message may be empty, as may the others
   * @param userException true where the worker says that user code threw it
   */
  public record WorkerError(
      String message, String type, String source, String stackTrace, boolean userException) {}
}
