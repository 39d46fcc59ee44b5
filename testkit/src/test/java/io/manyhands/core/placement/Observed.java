/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.testkit.FakeWorker;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.WorkerScript.Reply;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What tests of placement and scaling see of a Runtime. */
public final class Observed {
  private Observed() {}

  /** A Runtime whose workers have a function {@code hello}, with so many placeholders. */
  public static InMemoryRuntime pooled(int placeholders) {
    InMemoryRuntime runtime =
        InMemoryRuntime.start(
            options ->
                placeholders == 0
                    ? options
                    : options.placeholders(InMemoryRuntime.FAKE, placeholders));
    return greeting(runtime);
  }

  public static InMemoryRuntime greeting(InMemoryRuntime runtime) {
    runtime.script().function("hello", request -> Reply.succeed(Payload.text("hi")));
    return runtime;
  }

  public static List<WorkerInfo> workersOf(InMemoryRuntime runtime, String application) {
    return runtime.runtime().workers().workers().stream()
        .filter(
            worker ->
                worker.application().filter(ApplicationId.of(application)::equals).isPresent())
        .toList();
  }

  public static List<WorkerInfo> workersOf(
      InMemoryRuntime runtime, String application, WorkerState state) {
    return workersOf(runtime, application).stream()
        .filter(worker -> worker.state() == state)
        .toList();
  }

  public static long in(InMemoryRuntime runtime, WorkerState state) {
    return runtime.runtime().workers().workers().stream()
        .filter(worker -> worker.state() == state)
        .count();
  }

  /** The one worker of an application that takes calls. */
  public static FakeWorker serving(InMemoryRuntime runtime, String application) {
    List<WorkerInfo> ready = workersOf(runtime, application, WorkerState.READY);
    if (ready.size() != 1) {
      throw new AssertionError(application + " has " + ready);
    }
    return runtime.provisioner().delivered().stream()
        .filter(worker -> worker.id().equals(ready.get(0).id()))
        .findFirst()
        .orElseThrow();
  }

  public static ErrorCode code(CompletableFuture<InvocationResult> call) {
    return call.getNow(null).error().orElseThrow().code();
  }
}
