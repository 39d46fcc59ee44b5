/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import io.manyhands.support.launch.ProcessMemory;
import io.manyhands.transport.grpc.protocol.link.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a worker's process and its children use, as a heartbeat tells it. Sampled by one thread that
 * may block; read by any.
 */
final class ProcessUse {
  private static final List<Path> LIMITS =
      List.of(
          Path.of("/sys/fs/cgroup/memory.max"),
          Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes"));

  /** Control groups write their absence of a limit as a number near the largest. */
  private static final long NO_LIMIT = Long.MAX_VALUE >> 8;

  private final long pid;
  private long lastNanos = System.nanoTime();
  private Duration lastProcessor = Duration.ZERO;
  private volatile Resources latest = Resources.getDefaultInstance();

  ProcessUse(long pid) {
    this.pid = pid;
  }

  Resources latest() {
    return latest;
  }

  /** Processor time is averaged since the sample before. Blocks for a look at the processes. */
  void sample() {
    Duration processor = Duration.ZERO;
    long memory = 0;
    for (ProcessHandle process : processes()) {
      processor = processor.plus(process.info().totalCpuDuration().orElse(Duration.ZERO));
      memory += ProcessMemory.of(process.pid()).map(ProcessMemory::residentBytes).orElse(0L);
    }
    long now = System.nanoTime();
    double cores = (double) processor.minus(lastProcessor).toNanos() / Math.max(1, now - lastNanos);
    lastNanos = now;
    lastProcessor = processor;
    latest =
        Resources.newBuilder()
            // A child that ended takes its time with it.
            .setCpuCores(Math.max(0, cores))
            .setMemoryBytes(memory)
            .setMemoryLimitBytes(limit())
            .build();
  }

  private List<ProcessHandle> processes() {
    return ProcessHandle.of(pid)
        .map(first -> Stream.concat(Stream.of(first), first.descendants()).toList())
        .orElse(List.of());
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
