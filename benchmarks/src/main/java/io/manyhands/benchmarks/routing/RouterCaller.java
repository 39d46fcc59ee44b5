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

/** Calls applications in turn through a Router. */
final class RouterCaller implements Subject.Caller {
  private final Router router;
  private final List<ApplicationId> applications;
  private final Payload body;
  private int turn;

  RouterCaller(Router router, List<ApplicationId> applications, int bodyBytes) {
    this.router = router;
    this.applications = List.copyOf(applications);
    body = new Payload.Binary(ByteBuffer.wrap(new byte[bodyBytes]));
  }

  @Override
  public void call(Runnable answered) {
    ApplicationId application = applications.get(turn);
    turn = turn + 1 == applications.size() ? 0 : turn + 1;
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
  }
}
