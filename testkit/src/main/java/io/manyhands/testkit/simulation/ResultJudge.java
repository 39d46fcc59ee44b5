/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.testkit.simulation.TrackedCall.Admission;
import java.util.Optional;

/** Says whether what a call completed with is true, by what the callers and the wires saw. */
final class ResultJudge {
  private ResultJudge() {}

  /**
   * What was going on when a call completed.
   *
   * @param nanos the time
   * @param closing true once the Runtime was asked to close
   * @param disturbed true once any fault has struck
   */
  record Circumstances(long nanos, boolean closing, boolean disturbed) {}

  /** What is untrue about it; empty where nothing is. */
  static Optional<String> judge(TrackedCall call, InvocationResult result, Circumstances now) {
    ErrorCode code = result.error().map(InvocationResult.Failure::code).orElse(null);
    if (code == null) {
      return succeeded(call, result.returnValue());
    }
    if (code.retrySafe() && call.isSent()) {
      return Optional.of(code + " says that nothing ran, but the call was sent to a worker");
    }
    boolean stopAsked =
        now.closing()
            || call.admission() == Admission.STOPPING
            || call.app().stopAskedNanos() >= call.submittedNanos();
    return switch (code) {
      case FUNCTION_FAILED, WORKER_LOST -> unless(call.isSent(), "the call was never sent");
      case DEADLINE_EXCEEDED ->
          unless(
              call.isSent() && now.nanos() >= call.deadlineNanos(),
              call.isSent() ? "its deadline had not passed" : "the call was never sent");
      case NO_WORKER ->
          unless(
              now.disturbed() || now.nanos() >= call.deadlineNanos(),
              "its deadline had not passed, and workers come as they should");
      case CANCELLED -> unless(call.isCancelled(), "nobody cancelled it");
      case APP_NOT_FOUND ->
          unless(call.admission() == Admission.ABSENT, "the application was there");
      case APP_STOPPED -> unless(stopAsked, "nobody stopped the application");
      // CallLedger looks at it once nothing more happens at this time.
      case APP_FAILED -> Optional.empty();
      case FUNCTION_NOT_FOUND ->
          unless(
              !call.isOfKnownFunction() || call.app().mayBeUnknown(call.invocation().function()),
              "the application has that function");
      case PAYLOAD_TOO_LARGE -> unless(call.isOversized(), "no connection refused its payload");
      case RUNTIME_CLOSED -> unless(now.closing(), "nobody closed the Runtime");
      case WORKER_START_FAILED, PROVISIONING_FAILED ->
          unless(now.disturbed(), "workers come as they should");
      case QUEUE_FULL -> Optional.empty();
      default -> Optional.of(code + " is no answer for a caller");
    };
  }

  private static Optional<String> succeeded(TrackedCall call, Payload value) {
    if (!call.isSent()) {
      return Optional.of("it succeeded and was never sent");
    }
    Optional<String> foreign = TenantMarks.foreign(value, call.app().mark());
    if (foreign.isPresent()) {
      return Optional.of("it got an answer of " + foreign.get());
    }
    return unless(
        value instanceof Payload.Text text
            && text.value().startsWith(SimulatedWorker.reply(call.sentAs())),
        "it got an answer that no worker gave to it: " + value);
  }

  private static Optional<String> unless(boolean holds, String otherwise) {
    return holds ? Optional.empty() : Optional.of(otherwise);
  }
}
