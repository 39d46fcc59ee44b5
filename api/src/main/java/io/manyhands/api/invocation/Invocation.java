/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.invocation;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.ApplicationId;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One call of a function.
 *
 * @param application whose function
 * @param function its name, compared without case
 * @param payload for the trigger's binding
 * @param inputs for further input bindings, by binding name
 * @param triggerMetadata by name
 * @param trace to continue; a new one is begun where there is none
 * @param timeout from now; what host.json or the Runtime says where there is none
 * @param orderingKey calls of one application with equal keys run one after another, in the order
 *     of their acceptance and on one worker as long as it takes calls; at most {@value
 *     #LONGEST_ORDERING_KEY} characters
 */
public record Invocation(
    ApplicationId application,
    String function,
    Payload payload,
    Map<String, Payload> inputs,
    Map<String, Payload> triggerMetadata,
    Optional<TraceContext> trace,
    Optional<Duration> timeout,
    Optional<String> orderingKey) {
  /** Characters that an ordering key may have. */
  public static final int LONGEST_ORDERING_KEY = 1024;

  public Invocation {
    Objects.requireNonNull(application, "application");
    Objects.requireNonNull(function, "function");
    Objects.requireNonNull(payload, "payload");
    inputs = Map.copyOf(inputs);
    triggerMetadata = Map.copyOf(triggerMetadata);
    Objects.requireNonNull(trace, "trace");
    timeout.ifPresent(
        value -> {
          if (value.isNegative() || value.isZero()) {
            throw new ManyhandsException(
                ErrorCode.INVALID_ARGUMENT,
                "invocation of "
                    + application
                    + "/"
                    + function
                    + ": timeout "
                    + value
                    + " (expected: a positive duration)");
          }
        });
    orderingKey.ifPresent(
        key -> {
          if (key.isEmpty() || key.length() > LONGEST_ORDERING_KEY) {
            throw new ManyhandsException(
                ErrorCode.INVALID_ARGUMENT,
                "invocation of "
                    + application
                    + "/"
                    + function
                    + ": ordering key of "
                    + key.length()
                    + " characters (expected: 1 to "
                    + LONGEST_ORDERING_KEY
                    + ")");
          }
        });
  }

  /** A call with a payload and nothing else. */
  public static Invocation of(ApplicationId application, String function, Payload payload) {
    return new Invocation(
        application,
        function,
        payload,
        Map.of(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Bytes of all that it carries, text counted in characters. */
  public long size() {
    return payload.size() + size(inputs) + size(triggerMetadata);
  }

  private static long size(Map<String, Payload> payloads) {
    if (payloads.isEmpty()) {
      return 0;
    }
    long size = 0;
    for (Map.Entry<String, Payload> entry : payloads.entrySet()) {
      size += entry.getKey().length() + entry.getValue().size();
    }
    return size;
  }

  public Invocation withTimeout(Duration value) {
    return new Invocation(
        application,
        function,
        payload,
        inputs,
        triggerMetadata,
        trace,
        Optional.of(value),
        orderingKey);
  }

  public Invocation withTrace(TraceContext value) {
    return new Invocation(
        application,
        function,
        payload,
        inputs,
        triggerMetadata,
        Optional.of(value),
        timeout,
        orderingKey);
  }

  public Invocation withTriggerMetadata(Map<String, Payload> value) {
    return new Invocation(
        application, function, payload, inputs, value, trace, timeout, orderingKey);
  }

  public Invocation withOrderingKey(String value) {
    return new Invocation(
        application,
        function,
        payload,
        inputs,
        triggerMetadata,
        trace,
        timeout,
        Optional.of(value));
  }
}
