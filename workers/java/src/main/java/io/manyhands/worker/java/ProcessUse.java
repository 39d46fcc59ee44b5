/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import io.manyhands.transport.grpc.protocol.link.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What this process uses, as a heartbeat tells it. Without the JDK's management classes, which
 * would cost a small worker more than the rest of this. Confined to the connection's loop.
 */
final class ProcessUse {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final List<Path> LIMITS =
      List.of(
          Path.of("/sys/fs/cgroup/memory.max"),
          Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes"));

  /** Control groups write their absence of a limit as a number near the largest. */
  private static final long NO_LIMIT = Long.MAX_VALUE >> 8;

  private long lastNanos = System.nanoTime();
  private Duration lastProcessor = processor();

  /** Averaged since the call before, where it is an average. */
  Resources resources() {
    long now = System.nanoTime();
    Duration processor = processor();
    long elapsed = Math.max(1, now - lastNanos);
    double cores = (double) processor.minus(lastProcessor).toNanos() / elapsed;
    lastNanos = now;
    lastProcessor = processor;
    return Resources.newBuilder()
        .setCpuCores(Math.max(0, cores))
        .setMemoryBytes(resident())
        .setMemoryLimitBytes(limit())
        .build();
  }

  private static Duration processor() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static long resident() {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        }
      }
    } catch (IOException | NumberFormatException e) {
      // No such file system: said below.
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static long limit() {
    for (Path file : LIMITS) {
      try {
        long bytes = Long.parseLong(Files.readString(file).trim());
        return bytes < NO_LIMIT ? bytes : 0;
      } catch (IOException | NumberFormatException e) {
        // The other version of control groups, or "max".
      }
    }
    return 0;
  }
}
