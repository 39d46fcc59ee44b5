/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.limits;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.app.CallLimits;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one function, application or tenant, and what its calls take of them now. Permits
 * are counted whether or not they are limited, so that a limit that comes later counts the calls
 * that are under way. Thread-safe: letting a call in or out neither locks nor allocates.
 */
public final class CallScope {
  private final String name;
  private final LongAdder refused;
  private final AtomicInteger calls = new AtomicInteger();
  private final ByteBudget bytes = new ByteBudget(Long.MAX_VALUE);
  private volatile int maximumCalls = Integer.MAX_VALUE;
  private volatile long payloadBytes = Long.MAX_VALUE;
  private volatile @Nullable RateGate rate;

  /**
   * @param name kind and id, for people
   * @param refused counts calls that are not let in
   */
  public CallScope(String name, CallLimits limits, LongAdder refused, long nowNanos) {
    this.name = name;
    this.refused = refused;
    limit(limits, nowNanos);
  }

  /** Other limits from now on; calls that are under way stay. */
  public synchronized void limit(CallLimits limits, long nowNanos) {
    maximumCalls = limits.concurrency().orElse(Integer.MAX_VALUE);
    payloadBytes = limits.payloadBytes().orElse(Long.MAX_VALUE);
    bytes.limit(limits.bytesInFlight().orElse(Long.MAX_VALUE));
    RateGate before = rate;
    if (limits.rate().isEmpty()) {
      rate = null;
    } else {
      CallLimits.Rate next = limits.rate().get();
      if (before == null) {
        rate = new RateGate(next.perSecond(), next.burst(), nowNanos);
      } else {
        before.limit(next.perSecond(), next.burst());
      }
    }
  }

  /** Null where the call is let in, and {@link #leave} follows. */
  @Nullable Refusal tryEnter(long size, long nowNanos) {
    if (size > payloadBytes) {
      refused.increment();
      return new Refusal(
          ErrorCode.PAYLOAD_TOO_LARGE,
          name + ": a payload of " + size + " bytes (at most " + payloadBytes + ")",
          Optional.empty());
    }
    if (!tryTakeCall()) {
      return refuse("calls are under way", maximumCalls, 0);
    }
    if (!bytes.tryTake(size)) {
      calls.decrementAndGet();
      return refuse("payload bytes are in flight", bytes.maximum(), 0);
    }
    RateGate gate = rate;
    long wait = gate == null ? 0 : gate.tryPass(nowNanos);
    if (wait > 0) {
      leave(size);
      return refuse("calls came beyond its rate", 0, wait);
    }
    return null;
  }

  private boolean tryTakeCall() {
    while (true) {
      int before = calls.get();
      if (before >= maximumCalls) {
        return false;
      }
      if (calls.compareAndSet(before, before + 1)) {
        return true;
      }
    }
  }

  private Refusal refuse(String what, long most, long waitNanos) {
    refused.increment();
    return new Refusal(
        ErrorCode.LIMIT_EXCEEDED,
        name + ": too many " + what + (most > 0 ? " (at most " + most + ")" : ""),
        waitNanos > 0 ? Optional.of(Duration.ofNanos(waitNanos)) : Optional.empty());
  }

  /** The call is over. */
  void leave(long size) {
    bytes.giveBack(size);
    calls.decrementAndGet();
  }

  /** The call, which was let in, did not come after all: another limit refused it. */
  void takeBack(long size) {
    leave(size);
    RateGate gate = rate;
    if (gate != null) {
      gate.takeBack();
    }
  }

  /** Calls under way. */
  public int calls() {
    return calls.get();
  }

  /** Their payloads. */
  public long bytesInFlight() {
    return bytes.held();
  }
}
