/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.harness;

import io.grpc.netty.shaded.io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/** What this process keeps in memory. */
public final class Heap {
  private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();
  private static final int COLLECTIONS = 4;

  private Heap() {}

  /** Bytes that are alive. */
  public static long used() {
    long least = Long.MAX_VALUE;
    for (int index = 0; index < COLLECTIONS; index++) {
      MEMORY.gc();
      least = Math.min(least, MEMORY.getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  /** Bytes outside the heap that the transport holds. */
  public static long direct() {
    return Math.max(0, PlatformDependent.usedDirectMemory());
  }
}
