/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.store.ScheduleStore;
import io.manyhands.spi.time.TimeSeams;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A Runtime's door for a plug-in that is tested alone. What was not given is refused, as a Runtime
 * does. Thread-safe.
 */
public final class FakePluginContext implements PluginContext {
  private final TimeSeams time;
  private final Executor blocking;
  private final @Nullable Path stateDirectory;
  private final @Nullable ScheduleStore scheduleStore;
  private final Map<String, LongAdder> counters = new ConcurrentHashMap<>();
  private final Map<String, LongSupplier> gauges = new ConcurrentHashMap<>();

  private FakePluginContext(
      TimeSeams time,
      Executor blocking,
      @Nullable Path stateDirectory,
      @Nullable ScheduleStore scheduleStore) {
    this.time = time;
    this.blocking = blocking;
    this.stateDirectory = stateDirectory;
    this.scheduleStore = scheduleStore;
  }

  public static FakePluginContext of(TimeSeams time, Executor blocking) {
    return new FakePluginContext(time, blocking, null, null);
  }

  /** On virtual time, everything on the test's thread. */
  public static FakePluginContext of(VirtualTime time) {
    return of(time.seams(), time);
  }

  public FakePluginContext withStateDirectory(Path directory) {
    return new FakePluginContext(time, blocking, directory, scheduleStore);
  }

  public FakePluginContext withScheduleStore(ScheduleStore store) {
    return new FakePluginContext(time, blocking, stateDirectory, store);
  }

  @Override
  public RuntimeOptions options() {
    RuntimeOptions.Builder options = RuntimeOptions.builder();
    return (stateDirectory == null ? options : options.stateDirectory(stateDirectory)).build();
  }

  @Override
  public Path stateDirectory() {
    if (stateDirectory == null) {
      throw new ManyhandsException(
          ErrorCode.INVALID_ARGUMENT,
          "option stateDirectory of the Runtime is missing (expected: a directory)");
    }
    return stateDirectory;
  }

  @Override
  public TimeSeams time() {
    return time;
  }

  @Override
  public Executor blockingExecutor() {
    return blocking;
  }

  @Override
  public ScheduleStore scheduleStore() {
    return scheduleStore == null ? PluginContext.super.scheduleStore() : scheduleStore;
  }

  @Override
  public LongAdder counter(String name) {
    return counters.computeIfAbsent(name, key -> new LongAdder());
  }

  @Override
  public void gauge(String name, LongSupplier value) {
    gauges.put(name, value);
  }

  /** What the plug-in counts under that name, or its gauge's value; 0 where it has neither. */
  public long measured(String name) {
    LongSupplier gauge = gauges.get(name);
    return gauge == null ? counter(name).sum() : gauge.getAsLong();
  }
}
