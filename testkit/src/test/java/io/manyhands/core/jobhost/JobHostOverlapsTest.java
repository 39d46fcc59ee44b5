/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.jobhost;

import static io.manyhands.testkit.InMemoryRuntime.FAKE;
import static io.manyhands.testkit.InMemoryRuntime.application;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.JobHostManager;
import io.manyhands.api.app.JobHostState;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.testkit.FakeProvisioner;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.WorkerScript.Reply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Starts, updates and stops of one application that come in each other's way. */
class JobHostOverlapsTest {
  private static final ApplicationId A = ApplicationId.of("a");
  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void startOfAnIdInUseIsRefusedAndLeavesTheOtherServing() {
    try (InMemoryRuntime runtime = started(1)) {
      runtime.deploy("a");

      CompletableFuture<?> again = hosts(runtime).start(application("a").build());
      runtime.advance(Duration.ofMillis(1));

      assertThat(code(again)).isEqualTo(ErrorCode.APP_EXISTS);
      assertThat(runtime.await(runtime.send("a", "hello"), GRACE).succeeded()).isTrue();
    }
  }

  @Test
  void stopFailsAStartThatStillWaitsForAWorker() {
    try (InMemoryRuntime runtime = started(0)) {
      runtime.provisioner().behave(FakeProvisioner.Behaviour.NEVER_DELIVER);
      CompletableFuture<?> starting = hosts(runtime).start(application("a").build());
      runtime.advance(Duration.ofSeconds(1));

      runtime.await(hosts(runtime).stop(A, GRACE), MINUTE);

      assertThat(code(starting)).isEqualTo(ErrorCode.APP_STOPPED);
      assertThat(hosts(runtime).find(A)).isEmpty();
      runtime.advance(Duration.ofMinutes(2));
      assertThat(runtime.provisioner().requests()).hasSize(1);
    }
  }

  @Test
  void stopBeforeTheFilesAreReadLeavesTheApplicationStopped() {
    try (InMemoryRuntime runtime = started(0)) {
      CompletableFuture<?> starting = hosts(runtime).start(application("a").build());
      CompletableFuture<?> stopped = hosts(runtime).stop(A, GRACE);

      runtime.await(stopped, MINUTE);
      runtime.advance(Duration.ofMinutes(2));

      assertThat(code(starting)).isEqualTo(ErrorCode.APP_STOPPED);
      assertThat(hosts(runtime).list()).isEmpty();
      assertThat(runtime.provisioner().requests()).isEmpty();
    }
  }

  @Test
  void stopFailsAnUpdateThatStillWaitsForAWorker() {
    try (InMemoryRuntime runtime = started(0)) {
      runtime.deploy("a");
      runtime.provisioner().behave(FakeProvisioner.Behaviour.NEVER_DELIVER);
      CompletableFuture<?> updating =
          hosts(runtime).update(application("a").setting("COLOUR", "red").build());
      runtime.advance(Duration.ofSeconds(1));

      runtime.await(hosts(runtime).stop(A, GRACE), MINUTE);

      assertThat(code(updating)).isEqualTo(ErrorCode.APP_STOPPED);
      assertThat(hosts(runtime).find(A)).isEmpty();
    }
  }

  @Test
  void secondStopIsDoneWhenTheFirstOneIs() {
    try (InMemoryRuntime runtime = started(1)) {
      runtime
          .script()
          .function("slow", request -> Reply.later(Duration.ofSeconds(5), Payload.text("x")));
      runtime.deploy("a");
      CompletableFuture<InvocationResult> call = runtime.send("a", "slow");
      runtime.advance(Duration.ofMillis(1));
      CompletableFuture<Void> first = hosts(runtime).stop(A, GRACE);
      CompletableFuture<Void> second = hosts(runtime).stop(A, GRACE);
      runtime.advance(Duration.ofSeconds(1));

      assertThat(second).isNotDone();
      assertThat(hosts(runtime).find(A).orElseThrow().state()).isEqualTo(JobHostState.DRAINING);
      runtime.await(CompletableFuture.allOf(first, second), MINUTE);
      assertThat(call.join().succeeded()).isTrue();
    }
  }

  @Test
  void updateToAnEqualRevisionAsksForNoWorker() {
    try (InMemoryRuntime runtime = started(0)) {
      runtime.deploy("a");

      runtime.await(hosts(runtime).update(application("a").hostName("a.example").build()), MINUTE);

      assertThat(runtime.provisioner().requests()).hasSize(1);
      assertThat(runtime.call("a", "hello").succeeded()).isTrue();
    }
  }

  private static InMemoryRuntime started(int placeholders) {
    InMemoryRuntime runtime =
        InMemoryRuntime.start(
            options -> placeholders == 0 ? options : options.placeholders(FAKE, placeholders));
    runtime.script().function("hello", request -> Reply.succeed(Payload.text("hi")));
    return runtime;
  }

  private static JobHostManager hosts(InMemoryRuntime runtime) {
    return runtime.runtime().jobHosts();
  }

  private static ErrorCode code(CompletableFuture<?> failed) {
    assertThat(failed).isCompletedExceptionally();
    try {
      failed.join();
      throw new AssertionError("did not fail");
    } catch (CompletionException e) {
      return ((ManyhandsException) e.getCause()).code();
    }
  }
}
