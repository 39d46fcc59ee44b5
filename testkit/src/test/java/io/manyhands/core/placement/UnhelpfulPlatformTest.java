/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import static io.manyhands.testkit.InMemoryRuntime.FAKE;
import static io.manyhands.testkit.InMemoryRuntime.application;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.testkit.FakeProvisioner;
import io.manyhands.testkit.FakeWorker;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.WorkerScript.Reply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Platforms that do not do their part. */
class UnhelpfulPlatformTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void stopCompletesThoughThePlatformNeverSaysThatTheWorkerHasEnded() {
    try (InMemoryRuntime runtime = started()) {
      runtime.deploy("a");
      runtime.provisioner().releases(FakeProvisioner.Release.NEVER_DONE);

      runtime.await(
          runtime.runtime().jobHosts().stop(ApplicationId.of("a"), Duration.ofSeconds(1)), MINUTE);

      assertThat(runtime.runtime().jobHosts().list()).isEmpty();
      runtime.provisioner().releases(FakeProvisioner.Release.DONE);
    }
  }

  @Test
  void stopCompletesThoughThePlatformThrows() {
    try (InMemoryRuntime runtime = started()) {
      runtime.deploy("a");
      runtime.provisioner().releases(FakeProvisioner.Release.THROWS);

      runtime.await(
          runtime.runtime().jobHosts().stop(ApplicationId.of("a"), Duration.ofSeconds(1)), MINUTE);

      assertThat(runtime.runtime().workers().workers())
          .allMatch(worker -> worker.application().isEmpty());
      runtime.provisioner().releases(FakeProvisioner.Release.DONE);
    }
  }

  @Test
  void callThatWaitedForWorkersThatDiedAtTheirStartIsNotSaidToHaveRun() {
    try (InMemoryRuntime runtime = InMemoryRuntime.start(options -> options)) {
      runtime.provisioner().behave(FakeProvisioner.Behaviour.NEVER_DELIVER);
      CompletableFuture<?> starting = runtime.runtime().jobHosts().start(application("a").build());
      CompletableFuture<InvocationResult> call = runtime.send("a", "hello");
      for (int attempt = 0; attempt < 3; attempt++) {
        runtime.advance(Duration.ofSeconds(10));
        for (FakeWorker worker : runtime.provisioner().alive()) {
          runtime.provisioner().terminate(worker, 1, "no such file");
        }
      }
      runtime.advance(Duration.ofSeconds(10));

      assertThat(starting).isCompletedExceptionally();
      assertThat(call).isDone();
      assertThat(call.join().error().orElseThrow().code()).isEqualTo(ErrorCode.WORKER_START_FAILED);
      assertThat(call.join().error().orElseThrow().code().retrySafe()).isTrue();
    }
  }

  @Test
  void closedRuntimeWaitsNeitherForAnEndThatNeverComesNorToAskAgain() {
    InMemoryRuntime runtime = started();
    runtime.provisioner().releases(FakeProvisioner.Release.NEVER_DONE);
    runtime.provisioner().behave(FakeProvisioner.Behaviour.REFUSE);
    CompletableFuture<Void> drained =
        runtime.runtime().workers().drain(runtime.runtime().workers().workers().get(0).id());
    runtime.advance(Duration.ofMillis(100));
    assertThat(runtime.time().describePendingTimers()).isNotEmpty();

    runtime.close();

    assertThat(drained).isDone();
    assertThat(runtime.time().describePendingTimers()).isEmpty();
  }

  private static InMemoryRuntime started() {
    InMemoryRuntime runtime = InMemoryRuntime.start(options -> options.placeholders(FAKE, 1));
    runtime.script().function("hello", request -> Reply.succeed(Payload.text("hi")));
    return runtime;
  }
}
