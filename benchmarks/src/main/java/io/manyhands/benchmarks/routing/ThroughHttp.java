/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.routing;

import io.manyhands.benchmarks.harness.LightRuntime;

/** The HTTP trigger of a whole Runtime. */
final class ThroughHttp implements Subject {
  private static final int SLOTS = 1024;

  private final LightRuntime light;

  ThroughHttp() throws Exception {
    light = new LightRuntime(options -> options, 64);
    light.serve("http", 1, SLOTS);
  }

  @Override
  public String name() {
    return "HTTP trigger";
  }

  @Override
  public Caller caller(int bodyBytes) {
    return new HttpCaller(
        light.endpoint("http"), "/apps/http0/api/" + LightRuntime.ECHO, bodyBytes);
  }

  @Override
  public void close() {
    light.close();
  }
}
