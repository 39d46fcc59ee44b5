/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * How one worker is: what it can, how fast it is, how it ends. No fault, only variety.
 *
 * @param extended true where it speaks our extension and comes back after a break
 * @param capabilities that it reports
 * @param exitsWithItsStream false where somebody has to kill it
 * @param honoursTerminate false where it ignores WorkerTerminate
 * @param ownFunctionIds true where it makes ids of its own when it indexes
 * @param quickest that it takes for anything
 * @param slowest that it takes for anything but a call
 * @param longestCall that it takes for a call
 * @param patience for how long an extended one looks for a Runtime that wants it
 */
record WorkerHabits(
    boolean extended,
    Map<String, String> capabilities,
    boolean exitsWithItsStream,
    boolean honoursTerminate,
    boolean ownFunctionIds,
    Duration quickest,
    Duration slowest,
    Duration longestCall,
    Duration patience) {
  static final String CANCEL = "HandlesInvocationCancelMessage";

  /**
   * @param extended the share of those that speak our extension
   */
  static WorkerHabits draw(Dice dice, double extended) {
    Map<String, String> capabilities = new TreeMap<>();
    boolean terminates = dice.chance(0.6);
    offer(capabilities, "WorkerStatus", dice.chance(0.9));
    offer(capabilities, "RawHttpBodyBytes", dice.chance(0.7));
    offer(capabilities, CANCEL, dice.chance(0.4));
    offer(capabilities, "HandlesWorkerTerminateMessage", terminates || dice.chance(0.2));
    offer(capabilities, "HandlesWorkerWarmupMessage", dice.chance(0.3));
    return new WorkerHabits(
        dice.chance(extended),
        capabilities,
        dice.chance(0.7),
        terminates,
        dice.chance(0.4),
        Duration.ofNanos(100_000),
        dice.logBetween(Duration.ofMillis(1), Duration.ofMillis(300)),
        dice.logBetween(Duration.ofMillis(2), Duration.ofSeconds(4)),
        dice.logBetween(Duration.ofSeconds(10), Duration.ofMinutes(5)));
  }

  private static void offer(Map<String, String> capabilities, String name, boolean offered) {
    if (offered) {
      capabilities.put(name, "true");
    }
  }
}
