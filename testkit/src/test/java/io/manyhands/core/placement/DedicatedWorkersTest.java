/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import static io.manyhands.testkit.InMemoryRuntime.FAKE;
import static io.manyhands.testkit.InMemoryRuntime.LINKED;
import static io.manyhands.testkit.InMemoryRuntime.application;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.app.ApplicationContent;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.invocation.ColdStart;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.testkit.FakeProvisioner.Behaviour;
import io.manyhands.testkit.FakeWorker;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.WorkerScript.Reply;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Workers that cannot become an application's after their start are started for it. */
class DedicatedWorkersTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void burstOfFirstCallsStartsOneWorkerForTheApplication() {
    try (InMemoryRuntime runtime = runtime()) {
      CompletableFuture<?> started = runtime.runtime().jobHosts().start(linked("a"));
      List<CompletableFuture<InvocationResult>> calls = new ArrayList<>();
      for (int call = 0; call < 20; call++) {
        calls.add(runtime.send("a", "hello"));
      }
      for (CompletableFuture<InvocationResult> call : calls) {
        InvocationResult result = runtime.await(call, MINUTE).orThrow();
        assertThat(result.phases().coldStart()).isEqualTo(ColdStart.NEW_WORKER);
      }

      assertThat(started).isCompleted();
      assertThat(runtime.provisioner().requests()).hasSize(1);
      ProvisionRequest.Target target =
          runtime.provisioner().requests().get(0).application().orElseThrow();
      assertThat(target.id().value()).isEqualTo("a");
      assertThat(target.tenant().value()).isEqualTo("tenant");
      assertThat(target.environment()).containsEntry("COLOUR", "blue");
    }
  }

  @Test
  void itsWorkerIndexesAndLoadsWithoutAReload() {
    try (InMemoryRuntime runtime = runtime()) {
      runtime.await(runtime.runtime().jobHosts().start(linked("a")), MINUTE);

      FakeWorker worker = runtime.provisioner().delivered().get(0);
      assertThat(worker.received())
          .extracting(message -> message.getClass().getSimpleName())
          .containsExactly("InitRequest", "FunctionsMetadataRequest", "FunctionLoadRequest");
      assertThat(worker.received(HostMessage.EnvironmentReloadRequest.class)).isEmpty();
    }
  }

  @Test
  void whyItWasStartedCanBeReadFromItsRequestOn() {
    try (InMemoryRuntime runtime = runtime()) {
      runtime.provisioner().behave(Behaviour.NEVER_DELIVER);
      CompletableFuture<?> started = runtime.runtime().jobHosts().start(linked("a"));
      runtime.advance(Duration.ofMillis(1));

      WorkerInfo requested = runtime.runtime().workers().workers().get(0);
      assertThat(requested.state()).isEqualTo(WorkerState.REQUESTED);
      assertThat(requested.application().orElseThrow().value()).isEqualTo("a");
      assertThat(requested.reason())
          .isEqualTo("started for a: fake has no placeholders of linked 1");
      assertThat(started).isNotDone();
    }
  }

  @Test
  void lostWorkerIsReplacedByOneThatIsStartedForTheApplication() {
    try (InMemoryRuntime runtime = runtime()) {
      runtime.await(runtime.runtime().jobHosts().start(linked("a")), MINUTE);
      runtime.provisioner().terminate(runtime.provisioner().alive().get(0), 1);
      runtime.advance(Duration.ofMillis(1));

      assertThat(runtime.call("a", "hello").orThrow().phases().coldStart())
          .isEqualTo(ColdStart.NEW_WORKER);
      assertThat(runtime.provisioner().requests())
          .hasSize(2)
          .allMatch(request -> request.application().isPresent());
    }
  }

  @Test
  void startThatKeepsFailingFailsThatApplicationAlone() {
    try (InMemoryRuntime runtime = runtime()) {
      runtime.provisioner().behave(Behaviour.REFUSE);
      CompletableFuture<?> started = runtime.runtime().jobHosts().start(linked("a"));

      assertThatThrownBy(() -> runtime.await(started, MINUTE))
          .hasMessageContaining("the platform refused (quota)");
      runtime.provisioner().behave(Behaviour.DELIVER);
      runtime.await(runtime.runtime().jobHosts().start(linked("b")), Duration.ofSeconds(1));
    }
  }

  @Test
  void placeholdersOfSuchAStackAreRefused() {
    assertThatThrownBy(() -> InMemoryRuntime.start(options -> options.placeholders(LINKED, 2)))
        .hasMessageContaining("placeholders of linked 1: 2 (expected: 0;");
  }

  @Test
  void applicationThatFindsNoPlaceholderTakesTheNextOneThatComesUp() {
    try (InMemoryRuntime runtime =
        InMemoryRuntime.start(options -> options.placeholders(FAKE, 1))) {
      runtime.script().function("hello", request -> Reply.succeed(Payload.text("hi")));
      runtime.deploy("first");
      runtime.advance(Duration.ofMillis(10));
      runtime.deploy("second");
      runtime.advance(Duration.ofSeconds(1));

      // One for the pool at the start, its replacement, which second took, and the next.
      assertThat(runtime.provisioner().requests())
          .hasSize(3)
          .allMatch(request -> request.application().isEmpty());
      assertThat(runtime.runtime().workers().workers())
          .extracting(WorkerInfo::state)
          .containsExactlyInAnyOrder(WorkerState.READY, WorkerState.READY, WorkerState.PLACEHOLDER);
    }
  }

  @Test
  void packageContentIsRefusedWithItsReason() {
    try (InMemoryRuntime runtime = runtime()) {
      ApplicationDefinition packaged =
          application("a")
              .content(
                  new ApplicationContent.Package(
                      URI.create("https://example.org/a.zip?secret"), "0".repeat(64)))
              .build();

      assertThatThrownBy(() -> runtime.await(runtime.runtime().jobHosts().start(packaged), MINUTE))
          .hasMessageContaining("needs an agent beside the worker")
          .hasMessageNotContaining("secret");
    }
  }

  private static InMemoryRuntime runtime() {
    InMemoryRuntime runtime = InMemoryRuntime.start(options -> options);
    runtime.script().function("hello", request -> Reply.succeed(Payload.text("hi")));
    return runtime;
  }

  private static ApplicationDefinition linked(String id) {
    return application(id).stack(WorkerStack.of("linked", "1")).setting("COLOUR", "blue").build();
  }
}
