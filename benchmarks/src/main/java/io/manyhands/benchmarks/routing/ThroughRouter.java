/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.routing;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.benchmarks.harness.LightRuntime;
import java.util.List;

/** Calls through {@code api.Router} of a whole Runtime; an application a worker. */
final class ThroughRouter implements Subject {
  /** More than any load has in flight. */
  private static final int SLOTS = 1024;

  private final String name;
  private final LightRuntime light;
  private final List<ApplicationId> applications;

  private ThroughRouter(String name, boolean direct, int workers, int slots) throws Exception {
    this.name = name;
    light = new LightRuntime(options -> options.directCompletion(direct), 64 + workers);
    applications = light.serve("echo", workers, slots);
  }

  /** Futures complete on the I/O thread. */
  static ThroughRouter direct(int workers) throws Exception {
    return new ThroughRouter("Router, direct", true, workers, SLOTS);
  }

  /** Futures complete on the callback executor, as is the default. */
  static ThroughRouter callback(int workers) throws Exception {
    return new ThroughRouter("Router, callback executor", false, workers, SLOTS);
  }

  /** What exceeds 100 slots waits in the application's queue. */
  static ThroughRouter queueing() throws Exception {
    return new ThroughRouter("Router, direct, 100 slots", true, 1, 100);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Caller caller(int bodyBytes) {
    return new RouterCaller(light.runtime().router(), applications, bodyBytes);
  }

  @Override
  public void close() {
    light.close();
  }
}
