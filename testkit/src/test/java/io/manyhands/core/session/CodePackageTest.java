/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import static io.manyhands.testkit.InMemoryRuntime.FAKE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.ApplicationContent;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.JobHostInfo;
import io.manyhands.api.app.JobHostState;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.testkit.FakeWorker;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.WorkerScript.Reply;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Applications whose code the agent beside a worker fetches. */
class CodePackageTest {
  private static final String SHA256 = "ab".repeat(32);
  private static final Payload HI = Payload.text("hi");

  private InMemoryRuntime world;

  @BeforeEach
  void start() {
    world = InMemoryRuntime.start(options -> options.placeholders(FAKE, 1));
    world.provisioner().extended(true);
    world.script().function("fast", request -> Reply.succeed(HI));
    world.script().function("never", request -> Reply.never());
  }

  @AfterEach
  void end() {
    world.close();
  }

  private static ApplicationDefinition packaged() {
    return InMemoryRuntime.application("greeter")
        .content(
            ApplicationContent.zip(
                URI.create("https://packages.example.com/greeter.zip?sig=secret"), SHA256))
        .build();
  }

  private CompletableFuture<JobHostInfo> deploy() {
    CompletableFuture<JobHostInfo> started = world.runtime().jobHosts().start(packaged());
    for (int second = 0; second < 120 && !started.isDone(); second++) {
      world.advance(Duration.ofSeconds(1));
    }
    assertThat(started).isDone();
    return started;
  }

  private FakeWorker serving() {
    return world.provisioner().alive().stream()
        .filter(worker -> !worker.received(HostMessage.LinkPackage.class).isEmpty())
        .findFirst()
        .orElseThrow();
  }

  /** Those of extended workers are started after the first one of the pool. */
  private void poolOfExtendedWorkers() {
    world.provisioner().alive().get(0).die();
    world.advance(Duration.ofSeconds(30));
  }

  @Test
  void packageIsAskedForBeforeTheEnvironmentIsReloaded() {
    poolOfExtendedWorkers();
    assertThat(deploy()).isCompleted();

    FakeWorker worker = serving();
    HostMessage.LinkPackage asked = worker.received(HostMessage.LinkPackage.class).get(0);
    assertThat(asked.sha256()).isEqualTo(SHA256);
    assertThat(asked.uri().getQuery()).isEqualTo("sig=secret");
    assertThat(asked.toString()).doesNotContain("secret");
    HostMessage.EnvironmentReloadRequest reload =
        worker.received(HostMessage.EnvironmentReloadRequest.class).get(0);
    assertThat(worker.received().indexOf(asked)).isLessThan(worker.received().indexOf(reload));
    assertThat(reload.environment()).containsEntry("AzureWebJobsScriptRoot", "/manyhands/package");
    assertThat(world.call("greeter", "fast").orThrow().returnValue()).isEqualTo(HI);
  }

  @Test
  void hostJsonOfThePackageIsHonoured() {
    poolOfExtendedWorkers();
    world.script().hostJson("{\"version\": \"2.0\", \"functionTimeout\": \"00:00:03\"}");
    assertThat(deploy()).isCompleted();

    CompletableFuture<io.manyhands.api.invocation.InvocationResult> call =
        world.send("greeter", "never");
    world.advance(Duration.ofMillis(2900));
    assertThat(call).isNotDone();
    world.advance(Duration.ofMillis(200));
    assertThat(call).isCompleted();
    assertThat(call.join().succeeded()).isFalse();
  }

  @Test
  void malformedHostJsonOfThePackageFailsItsApplicationAlone() {
    poolOfExtendedWorkers();
    world.script().hostJson("{\"version\": \"1.0\"}");
    assertThatThrownBy(() -> deploy().join())
        .hasCauseInstanceOf(ManyhandsException.class)
        .hasMessageContaining("host.json of its package: version: 1.0 (expected: \"2.0\")");
  }

  @Test
  void packageThatCannotBeHadFailsTheApplicationWithTheAgentsReason() {
    poolOfExtendedWorkers();
    world.script().packageProblem("sha256 is 00 (expected: " + SHA256 + ")");
    CompletableFuture<JobHostInfo> started = deploy();

    assertThatThrownBy(started::join)
        .hasMessageContaining("https://packages.example.com/greeter.zip")
        .hasMessageContaining("sha256 is 00 (expected: ")
        .hasMessageNotContaining("secret");
    assertThat(world.runtime().jobHosts().list().get(0).state()).isEqualTo(JobHostState.FAILED);
  }

  @Test
  void workerWithoutAnAgentIsRefusedAPackageWithThatReason() {
    world.provisioner().extended(false);
    assertThatThrownBy(() -> deploy().join())
        .hasMessageContaining("needs an agent beside the worker, and it has none")
        .satisfies(
            failure ->
                assertThat(((ManyhandsException) failure.getCause()).code())
                    .isEqualTo(ErrorCode.APP_FAILED));
  }

  @Test
  void hostJsonIsKnownAgainAfterARestartOfTheRuntime() {
    poolOfExtendedWorkers();
    world.script().hostJson("{\"version\": \"2.0\", \"functionTimeout\": \"00:00:03\"}");
    deploy().join();
    FakeWorker worker = serving();
    world.crash();
    world.restart(packaged());
    worker.comeBack(world.network());
    world.advance(Duration.ofSeconds(3));

    assertThat(world.runtime().jobHosts().list().get(0).state()).isEqualTo(JobHostState.RUNNING);
    assertThat(worker.received(HostMessage.LinkPackage.class)).hasSize(1);
    assertThat(world.runtime().workers().workers())
        .filteredOn(info -> info.id().equals(worker.id()))
        .allMatch(info -> info.state() == WorkerState.READY);
    assertThat(world.call("greeter", "fast").orThrow().returnValue()).isEqualTo(HI);
  }
}
