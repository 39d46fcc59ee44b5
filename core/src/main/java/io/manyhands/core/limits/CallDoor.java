/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.limits;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.app.CallLimits;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a call of one application has to pass, from its function's limits to the memory of the whole
 * Runtime: all of it, or it takes nothing. Thread-safe: letting a call in or out neither locks nor
 * allocates.
 */
public final class CallDoor {
  private final Function<String, CallScope> scopes;
  private final ConcurrentHashMap<String, CallScope> functions = new ConcurrentHashMap<>();
  private final CallScope application;
  private final CallScope tenant;
  private final ByteBudget memory;
  private final LongAdder refused;
  private final Runnable whenClosed;

  /**
   * @param functionScope makes the scope of a function, by its key
   * @param memory the whole Runtime's
   * @param refused counts calls for which no memory was left
   * @param whenClosed is run once
   */
  public CallDoor(
      Function<String, CallScope> functionScope,
      CallScope application,
      CallScope tenant,
      ByteBudget memory,
      LongAdder refused,
      Runnable whenClosed) {
    this.scopes = functionScope;
    this.application = application;
    this.tenant = tenant;
    this.memory = memory;
    this.refused = refused;
    this.whenClosed = whenClosed;
  }

  /** The application is gone; said once. Calls that are inside still leave. */
  public void close() {
    whenClosed.run();
  }

  /**
   * Other limits from now on.
   *
   * @param perFunction by name
   * @param key by which a function is found
   */
  public void limit(
      CallLimits perApplication,
      Map<String, CallLimits> perFunction,
      UnaryOperator<String> key,
      long nowNanos) {
    application.limit(perApplication, nowNanos);
    Map<String, CallLimits> named = new TreeMap<>();
    perFunction.forEach((name, limits) -> named.put(key.apply(name), limits));
    // One that is limited no more is kept, unlimited: its calls leave by it.
    functions.forEach(
        (name, scope) -> scope.limit(named.getOrDefault(name, CallLimits.none()), nowNanos));
    named.forEach(
        (name, limits) -> functions.computeIfAbsent(name, scopes).limit(limits, nowNanos));
  }

  /** The limits of a function, where it has any. */
  public @Nullable CallScope function(String key) {
    return functions.isEmpty() ? null : functions.get(key);
  }

  /**
   * Null where the call is let in, and {@link #leave} follows.
   *
   * @param function as {@link #function} found it
   */
  public @Nullable Refusal tryEnter(@Nullable CallScope function, long size, long nowNanos) {
    Refusal refusal = function == null ? null : function.tryEnter(size, nowNanos);
    if (refusal != null) {
      return refusal;
    }
    refusal = application.tryEnter(size, nowNanos);
    if (refusal == null) {
      refusal = tenant.tryEnter(size, nowNanos);
      if (refusal == null) {
        if (memory.tryTake(size)) {
          return null;
        }
        refused.increment();
        refusal =
            new Refusal(
                ErrorCode.QUEUE_FULL,
                "Runtime: too many payload bytes are in flight (at most " + memory.maximum() + ")",
                Optional.empty());
        tenant.takeBack(size);
      }
      application.takeBack(size);
    }
    if (function != null) {
      function.takeBack(size);
    }
    return refusal;
  }

  /** The call is over. */
  public void leave(@Nullable CallScope function, long size) {
    memory.giveBack(size);
    tenant.leave(size);
    application.leave(size);
    if (function != null) {
      function.leave(size);
    }
  }
}
