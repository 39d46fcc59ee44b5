/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.logs;

import static io.manyhands.testkit.InMemoryRuntime.FAKE;
import static io.manyhands.testkit.InMemoryRuntime.application;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.testkit.FakeWorker;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.WorkerScript.Reply;
import io.manyhands.testkit.simulation.LoggedLines;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What workers log about invocations, and the trace of their messages. */
class InvocationLogTest {
  private InMemoryRuntime world;
  private LoggedLines lines;

  @BeforeEach
  void start() {
    lines = LoggedLines.read();
    world = InMemoryRuntime.start(options -> options.placeholders(FAKE, 0));
    world.script().function("Greet", request -> Reply.succeed(Payload.text("secret-answer")));
    world.script().function("slow", request -> Reply.later(Duration.ofSeconds(2), text()));
  }

  @AfterEach
  void end() {
    world.close();
    lines.close();
  }

  @Test
  void entryOfARunningCallNamesApplicationFunctionInvocationAndWorker() {
    world.deploy("shop");
    CompletableFuture<InvocationResult> call = world.send("shop", "SLOW");
    world.advance(Duration.ofMillis(10));
    FakeWorker worker = world.provisioner().delivered().get(0);
    String id = worker.received(HostMessage.InvocationRequest.class).get(0).invocationId();

    worker.say(log(id, "in the midst"));
    world.advance(Duration.ofMillis(1));

    LoggedLines.Line line = lines.with("in the midst").get(0);
    assertThat(line.text()).startsWith("INFO io.manyhands.app.shop.slow: ");
    assertThat(line.context())
        .containsEntry("app", "shop")
        .containsEntry("function", "slow")
        .containsEntry("invocation", id)
        .containsEntry("worker", worker.id().display());
    assertThat(call).isNotDone();
  }

  @Test
  void entryThatComesAfterItsAnswerIsKeptWithItsFunction() {
    world.deploy("shop");
    String first = world.call("shop", "greet").id().value();
    for (int later = 0; later < 100; later++) {
      world.call("shop", "greet").orThrow();
    }

    world.provisioner().delivered().get(0).say(log(first, "too late, and kept"));
    world.advance(Duration.ofMillis(1));

    LoggedLines.Line line = lines.with("too late, and kept").get(0);
    assertThat(line.text()).startsWith("INFO io.manyhands.app.shop.Greet: ");
    assertThat(line.context())
        .containsEntry("invocation", first)
        .containsEntry("function", "Greet");
  }

  @Test
  void entryOfACallThatTheWorkerNeverHadNamesNoFunction() {
    world.deploy("shop");
    world.deploy("bank");
    String others = world.call("bank", "greet").id().value();

    world.provisioner().delivered().get(0).say(log(others, "a guess"));
    world.advance(Duration.ofMillis(1));

    LoggedLines.Line line = lines.with("a guess").get(0);
    assertThat(line.text()).startsWith("INFO io.manyhands.app.shop: ");
    assertThat(line.context()).containsEntry("app", "shop").doesNotContainKey("function");
  }

  @Test
  void traceIsSwitchedAtRunTimeShowsNoValueAndChangesNone() {
    FakeWorker placeholder;
    try (InMemoryRuntime pooled = InMemoryRuntime.start(options -> options.placeholders(FAKE, 1))) {
      pooled.script().function("Greet", request -> Reply.succeed(Payload.text("secret-answer")));
      pooled.advance(Duration.ofSeconds(5));
      placeholder = pooled.provisioner().delivered().get(0);
      assertThat(lines.with("io.manyhands.trace")).isEmpty();
      assertThat(pooled.runtime().workers().traceMessages(placeholder.id(), true)).isTrue();

      pooled.await(
          pooled
              .runtime()
              .jobHosts()
              .start(application("shop").setting("PASSWORD", "secret-setting").build()),
          Duration.ofMinutes(1));
      assertThat(pooled.call("shop", "greet").orThrow().returnValue().asText())
          .isEqualTo("secret-answer");
      placeholder.say(log("", "secret-text"));
      pooled.advance(Duration.ofMillis(1));
      int seen = lines.with("io.manyhands.trace").size();
      assertThat(pooled.runtime().workers().traceMessages(placeholder.id(), false)).isTrue();
      pooled.call("shop", "greet").orThrow();

      assertThat(lines.with("io.manyhands.trace")).hasSize(seen);
    }
    assertThat(lines.with("io.manyhands.trace"))
        .extracting(LoggedLines.Line::text)
        .anyMatch(line -> line.contains("<- EnvironmentReloadRequest"))
        .anyMatch(line -> line.contains("<- InvocationRequest"))
        .anyMatch(line -> line.contains("-> InvocationResponse"))
        .anyMatch(line -> line.contains("-> Log"))
        .noneMatch(line -> line.contains("secret"));
    assertThat(
            placeholder.received(HostMessage.EnvironmentReloadRequest.class).get(0).environment())
        .as("what is hidden from the trace reaches the worker")
        .containsEntry("PASSWORD", "secret-setting");
  }

  private static WorkerMessage.Log log(String invocation, String text) {
    return new WorkerMessage.Log(
        new WorkerMessage.LogEntry(invocation, "", 2, text, false, Optional.empty()));
  }

  private static Payload text() {
    return Payload.text("done");
  }
}
