/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.app;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the calls of a function, of an application or of a tenant may take together. A call beyond
 * it is refused at once, with LIMIT_EXCEEDED; it never waits for a permit, so that a function that
 * calls another one within the same limit gets an answer rather than a deadlock. Empty is no limit.
 *
 * @param concurrency calls under way at once, those that wait for a worker included
 * @param rate how many may come
 * @param payloadBytes bytes of one call's payloads together
 * @param bytesInFlight bytes of the payloads of all calls under way
 */
public record CallLimits(
    OptionalInt concurrency,
    Optional<Rate> rate,
    OptionalLong payloadBytes,
    OptionalLong bytesInFlight) {
  private static final CallLimits NONE =
      new CallLimits(
          OptionalInt.empty(), Optional.empty(), OptionalLong.empty(), OptionalLong.empty());

  public CallLimits {
    check("concurrency", concurrency.orElse(1));
    check("payloadBytes", payloadBytes.orElse(1));
    check("bytesInFlight", bytesInFlight.orElse(1));
  }

  /**
   * Calls a second in the long run.
   *
   * @param perSecond at most 1,000,000
   * @param burst calls that may come at once after a pause; 1 or more
   */
  public record Rate(int perSecond, int burst) {
    private static final int MOST = 1_000_000;

    public Rate {
      check("rate.perSecond", perSecond);
      check("rate.burst", burst);
      if (perSecond > MOST) {
        throw invalid("rate.perSecond", perSecond, "1 to " + MOST);
      }
    }
  }

  /** No limit. */
  public static CallLimits none() {
    return NONE;
  }

  public CallLimits withConcurrency(int calls) {
    return new CallLimits(OptionalInt.of(calls), rate, payloadBytes, bytesInFlight);
  }

  public CallLimits withRate(int perSecond, int burst) {
    return new CallLimits(
        concurrency, Optional.of(new Rate(perSecond, burst)), payloadBytes, bytesInFlight);
  }

  public CallLimits withPayloadBytes(long bytes) {
    return new CallLimits(concurrency, rate, OptionalLong.of(bytes), bytesInFlight);
  }

  public CallLimits withBytesInFlight(long bytes) {
    return new CallLimits(concurrency, rate, payloadBytes, OptionalLong.of(bytes));
  }

  private static void check(String name, long value) {
    if (value < 1) {
      throw invalid(name, value, "1 or more");
    }
  }

  private static ManyhandsException invalid(String name, long value, String expected) {
    return new ManyhandsException(
        ErrorCode.INVALID_ARGUMENT,
        "limit " + name + ": " + value + " (expected: " + expected + ")");
  }
}
