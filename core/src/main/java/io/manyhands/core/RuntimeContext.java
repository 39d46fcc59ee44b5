/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.store.ScheduleStore;
import io.manyhands.spi.time.TimeSeams;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The door that plug-ins get. */
record RuntimeContext(
    String plugin,
    RuntimeOptions options,
    TimeSeams time,
    Executor blockingExecutor,
    Metrics metrics,
    Supplier<ScheduleStore> store)
    implements PluginContext {
  @Override
  public ScheduleStore scheduleStore() {
    return store.get();
  }

  @Override
  public LongAdder counter(String name) {
    return metrics.counter(measured(name));
  }

  @Override
  public void gauge(String name, LongSupplier value) {
    metrics.gauge(measured(name), value);
  }

  @Override
  public Path stateDirectory() {
    Path directory =
        options
            .stateDirectory()
            .orElseThrow(
                () ->
                    new ManyhandsException(
                        ErrorCode.INVALID_ARGUMENT,
                        plugin
                            + ": option stateDirectory of the Runtime is missing (expected: a directory)"));
    try {
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(directory);
      }
      if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
      }
      return directory;
    } catch (IOException e) {
      throw new ManyhandsException(
          ErrorCode.RESOURCE_UNAVAILABLE,
          "option stateDirectory: " + directory + " cannot be made: " + e,
          e);
    }
  }

  private String measured(String name) {
    return plugin.replace(' ', '.') + "." + name;
  }
}
