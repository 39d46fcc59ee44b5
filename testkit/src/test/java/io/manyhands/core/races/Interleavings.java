/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.races;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jetbrains.lincheck.datastructures.verifier.EpsilonVerifier;

/**
 * Runs a few threads over the real classes in many orders, one switch of threads at a time, as
 * Lincheck's model checker chooses them. The order that breaks a race is printed with what broke.
 */
public final class Interleavings {
  private static final int ORDERS = 800;

  private Interleavings() {}

  /** Public with a public constructor; made anew for each order of its threads. */
  public abstract static class Race {
    /** What must hold when every thread is done; throws where it does not. */
    protected abstract void check();

    /** Called by Lincheck, which finds it by its annotation. */
    @Validate
    public final void validate() {
      check();
    }
  }

  /**
   * Runs each named method of the race in a thread of its own, in at most {@value #ORDERS} orders.
   */
  public static void explore(Class<? extends Race> race, String... threads) {
    List<List<Actor>> parallel =
        Arrays.stream(threads).map(method -> List.of(actor(race, method))).toList();
    new ModelCheckingOptions()
        .iterations(0)
        .invocationsPerIteration(ORDERS)
        .verifier(EpsilonVerifier.class)
        .minimizeFailedScenario(false)
        .addGuarantee(forClasses(Interleavings::isTrusted).allMethods().treatAsAtomic())
        .addCustomScenario(
            new ExecutionScenario(List.of(), parallel, List.of(), actor(race, "validate")))
        .check(race);
  }

  /** Throws where it does not hold; cheaper than an assertion library, whose steps count too. */
  public static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("violated: " + what);
    }
  }

  /** Whose own steps are not explored: what is tried is ours, on collections that hold. */
  private static boolean isTrusted(String type) {
    return type.startsWith("java.util.")
        && (!type.startsWith("java.util.concurrent.")
            || type.startsWith(ConcurrentHashMap.class.getName())
            || type.startsWith(ConcurrentLinkedQueue.class.getName())
            || type.startsWith(CopyOnWriteArrayList.class.getName())
            || type.equals(LongAdder.class.getName()));
  }

  private static Actor actor(Class<?> race, String method) {
    return new Actor(method(race, method), List.of());
  }

  private static Method method(Class<?> race, String name) {
    try {
      return race.getMethod(name);
    } catch (NoSuchMethodException e) {
      throw new IllegalArgumentException(
          race + ": has no public method " + name + " without parameters", e);
    }
  }
}
