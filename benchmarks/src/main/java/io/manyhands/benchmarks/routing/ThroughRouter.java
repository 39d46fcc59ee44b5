/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.routing;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.invocation.Router;
import io.manyhands.benchmarks.harness.LightRuntime;
import java.nio.ByteBuffer;
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
    Router router = light.runtime().router();
    Payload body = new Payload.Binary(ByteBuffer.wrap(new byte[bodyBytes]));
    int[] turn = new int[1];
    return answered -> {
      ApplicationId application = applications.get(turn[0]);
      turn[0] = turn[0] + 1 == applications.size() ? 0 : turn[0] + 1;
      router
          .invoke(Invocation.of(application, LightRuntime.ECHO, body))
          .thenAccept(
              result -> {
                if (result.succeeded()) {
                  answered.run();
                } else {
                  System.err.println("a call failed: " + result.error());
                }
              });
    };
  }

  @Override
  public void close() {
    light.close();
  }
}
