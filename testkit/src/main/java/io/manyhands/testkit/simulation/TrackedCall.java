/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One call from its submission to its completion, as the caller and the wires saw it. */
final class TrackedCall {
  /** Whether its application was there when it was submitted. */
  enum Admission {
    ABSENT,
    STOPPING,
    FAILED,
    PRESENT
  }

  private final int number;
  private final AppModel app;
  private final Invocation invocation;
  private final Admission admission;
  private final int history;
  private final long submittedNanos;
  private final long deadlineNanos;
  private final boolean knownFunction;

  private boolean cancelled;
  private boolean abandoned;
  private int completions;
  private int sendings;
  private boolean delivered;
  private boolean oversized;
  private @Nullable String worker;
  private String sentAs = "";
  private @Nullable InvocationResult result;

  TrackedCall(
      int number,
      AppModel app,
      Invocation invocation,
      Admission admission,
      long submittedNanos,
      long deadlineNanos) {
    this.number = number;
    this.app = app;
    this.invocation = invocation;
    this.admission = admission;
    this.history = app.history();
    this.submittedNanos = submittedNanos;
    this.deadlineNanos = deadlineNanos;
    this.knownFunction = app.functions().contains(invocation.function());
  }

  int number() {
    return number;
  }

  AppModel app() {
    return app;
  }

  Invocation invocation() {
    return invocation;
  }

  Admission admission() {
    return admission;
  }

  /** Point in its application's history at which it was submitted. */
  int history() {
    return history;
  }

  long submittedNanos() {
    return submittedNanos;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  boolean isOfKnownFunction() {
    return knownFunction;
  }

  void onCancelled() {
    cancelled = true;
  }

  boolean isCancelled() {
    return cancelled;
  }

  /** The Runtime has ended without a word: its caller sees the connection break. */
  void onAbandoned() {
    abandoned = true;
  }

  boolean isAbandoned() {
    return abandoned;
  }

  /**
   * Its request was accepted by a worker's connection; how often so far.
   *
   * @param invocation the id under which it was sent
   */
  int onSent(String to, String invocation) {
    worker = to;
    sentAs = invocation;
    return ++sendings;
  }

  /** The id under which it was sent; empty where it was not. */
  String sentAs() {
    return sentAs;
  }

  boolean isSent() {
    return sendings > 0;
  }

  /** The worker that it was sent to. */
  Optional<String> worker() {
    return Optional.ofNullable(worker);
  }

  /** False where it has reached a worker before. */
  boolean onDelivered() {
    boolean first = !delivered;
    delivered = true;
    return first;
  }

  /** A connection has refused it for its size. */
  void onOversized() {
    oversized = true;
  }

  boolean isOversized() {
    return oversized;
  }

  /** How often so far. */
  int onCompleted(InvocationResult how) {
    result = how;
    return ++completions;
  }

  boolean isCompleted() {
    return completions > 0;
  }

  boolean isCompletedWith(ErrorCode code) {
    return result()
        .flatMap(InvocationResult::error)
        .filter(error -> error.code() == code)
        .isPresent();
  }

  Optional<InvocationResult> result() {
    return Optional.ofNullable(result);
  }

  /** Neither completed nor sent. */
  boolean isWaiting() {
    return completions == 0 && sendings == 0;
  }

  @Override
  public String toString() {
    return "c" + number;
  }
}
