/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.jobhost;

import static io.manyhands.testkit.InMemoryRuntime.FAKE;
import static io.manyhands.testkit.InMemoryRuntime.application;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.JobHostState;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.StatusInfo;
import io.manyhands.testkit.FakeProvisioner;
import io.manyhands.testkit.FakeWorker;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.WorkerScript.Reply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Applications start, fail, are updated and end, on virtual time. */
class ApplicationLifeTest {
  private static final Payload HI = Payload.text("hi");

  @Test
  void workerThatNeverConnectsFailsTheApplicationWithThatReason() {
    try (InMemoryRuntime runtime = pooled(0)) {
      runtime.provisioner().behave(FakeProvisioner.Behaviour.NEVER_DELIVER);
      CompletableFuture<?> started = runtime.runtime().jobHosts().start(application("a").build());

      assertThatThrownBy(() -> runtime.await(started, Duration.ofMinutes(10)))
          .isInstanceOf(CompletionException.class)
          .hasMessageContaining("did not connect within PT1M");
      assertThat(runtime.runtime().jobHosts().find(ApplicationId.of("a")).orElseThrow().state())
          .isEqualTo(JobHostState.FAILED);
      assertThat(runtime.provisioner().alive()).isEmpty();
    }
  }

  @Test
  void refusingPlatformIsAskedAgainAndHealsByItself() {
    try (InMemoryRuntime runtime = pooled(0)) {
      runtime.script().function("hello", request -> Reply.succeed(HI));
      runtime.provisioner().behave(FakeProvisioner.Behaviour.REFUSE);
      CompletableFuture<?> started = runtime.runtime().jobHosts().start(application("a").build());
      runtime.advance(Duration.ofMillis(100));
      runtime.provisioner().behave(FakeProvisioner.Behaviour.DELIVER);

      runtime.await(started, Duration.ofMinutes(1));

      assertThat(runtime.call("a", "hello").succeeded()).isTrue();
    }
  }

  @Test
  void unknownStackIsRefusedNamingTheKnown() {
    try (InMemoryRuntime runtime = pooled(0)) {
      CompletableFuture<?> started =
          runtime
              .runtime()
              .jobHosts()
              .start(application("a").stack(WorkerStack.of("cobol")).build());

      assertThatThrownBy(() -> runtime.await(started, Duration.ofMinutes(1)))
          .hasMessageContaining("cobol")
          .hasMessageContaining("fake 1");
    }
  }

  @Test
  void failedReloadFailsThatApplicationAlone() {
    try (InMemoryRuntime runtime = pooled(1)) {
      runtime.script().function("hello", request -> Reply.succeed(HI));
      runtime.deploy("good");
      runtime.advance(Duration.ofSeconds(1));
      runtime.script().reload(StatusInfo.failure("cannot read /app"));
      CompletableFuture<?> started = runtime.runtime().jobHosts().start(application("bad").build());

      assertThatThrownBy(() -> runtime.await(started, Duration.ofMinutes(1)))
          .hasMessageContaining("cannot read /app");
      assertThat(runtime.call("good", "hello").succeeded()).isTrue();
      assertThat(runtime.call("bad", "hello").error().orElseThrow().code())
          .isEqualTo(ErrorCode.APP_FAILED);
    }
  }

  @Test
  void updateBringsTheNewRevisionUpBeforeTheOldOneDrains() {
    try (InMemoryRuntime runtime = pooled(1)) {
      runtime.script().function("hello", request -> Reply.succeed(HI));
      runtime.deploy("a");
      FakeWorker old = workerOf(runtime, "a");

      runtime.await(
          runtime.runtime().jobHosts().update(application("a").setting("COLOUR", "red").build()),
          Duration.ofMinutes(1));
      runtime.advance(Duration.ofSeconds(1));

      FakeWorker now = workerOf(runtime, "a");
      assertThat(now.id()).isNotEqualTo(old.id());
      assertThat(runtime.provisioner().releases()).contains(old.id());
      assertThat(now.received(HostMessage.EnvironmentReloadRequest.class).get(0).environment())
          .containsEntry("COLOUR", "red");
      assertThat(runtime.call("a", "hello").worker().orElseThrow()).isEqualTo(now.id());
    }
  }

  @Test
  void updateToAnEqualRevisionKeepsTheWorker() {
    try (InMemoryRuntime runtime = pooled(1)) {
      runtime.script().function("hello", request -> Reply.succeed(HI));
      runtime.deploy("a");
      FakeWorker worker = workerOf(runtime, "a");

      runtime.await(
          runtime.runtime().jobHosts().update(application("a").hostName("a.example").build()),
          Duration.ofMinutes(1));
      runtime.advance(Duration.ofSeconds(1));

      assertThat(workerOf(runtime, "a").id()).isEqualTo(worker.id());
    }
  }

  @Test
  void stoppedApplicationIsForgottenAndItsWorkerDestroyed() {
    try (InMemoryRuntime runtime = pooled(1)) {
      runtime.script().function("hello", request -> Reply.succeed(HI));
      runtime.deploy("a");
      FakeWorker worker = workerOf(runtime, "a");

      runtime.await(
          runtime.runtime().jobHosts().stop(ApplicationId.of("a"), Duration.ofSeconds(10)),
          Duration.ofMinutes(1));

      assertThat(runtime.provisioner().releases()).contains(worker.id());
      assertThat(runtime.call("a", "hello").error().orElseThrow().code())
          .isEqualTo(ErrorCode.APP_NOT_FOUND);
      assertThat(runtime.trigger().events()).contains("a DRAINING", "a stop", "a STOPPED");
    }
  }

  @Test
  void unknownApplicationAndFunctionAreNamed() {
    try (InMemoryRuntime runtime = pooled(1)) {
      runtime.script().function("hello", request -> Reply.succeed(HI));
      runtime.deploy("a");

      assertThat(runtime.call("b", "hello").error().orElseThrow().message()).contains("b");
      assertThat(runtime.call("a", "bye").error().orElseThrow().message())
          .contains("a/bye")
          .contains("hello");
    }
  }

  private static InMemoryRuntime pooled(int placeholders) {
    return InMemoryRuntime.start(
        options -> placeholders == 0 ? options : options.placeholders(FAKE, placeholders));
  }

  private static FakeWorker workerOf(InMemoryRuntime runtime, String application) {
    WorkerInfo info =
        runtime.runtime().workers().workers().stream()
            .filter(
                worker ->
                    worker.application().filter(ApplicationId.of(application)::equals).isPresent())
            .findFirst()
            .orElseThrow(() -> new AssertionError("no worker of " + application));
    return runtime.provisioner().alive().stream()
        .filter(worker -> worker.id().equals(info.id()))
        .findFirst()
        .orElseThrow();
  }
}
