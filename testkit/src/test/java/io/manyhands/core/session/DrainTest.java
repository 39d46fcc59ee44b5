/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import static io.manyhands.testkit.InMemoryRuntime.FAKE;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.testkit.FakeWorker;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.WorkerScript.Reply;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DrainTest {
  private InMemoryRuntime world;

  @BeforeEach
  void start() {
    world = InMemoryRuntime.start(options -> options.placeholders(FAKE, 0));
    world.script().function("slow", request -> Reply.later(Duration.ofSeconds(2), text()));
    world.script().function("never", request -> Reply.never());
  }

  @AfterEach
  void end() {
    world.close();
  }

  @Test
  void nothingIsCancelledAtTheBeginningAndCallsInFlightFinish() {
    FakeWorker worker = serving(Map.of("HandlesInvocationCancelMessage", "true"));
    CompletableFuture<InvocationResult> call = world.send("greeter", "slow");
    world.advance(Duration.ofMillis(10));

    CompletableFuture<Void> drained = world.runtime().workers().drain(worker.id());
    assertThat(world.await(call, Duration.ofSeconds(3)).succeeded()).isTrue();
    world.advance(Duration.ofMillis(1));

    assertThat(drained).isCompleted();
    assertThat(worker.received(HostMessage.InvocationCancel.class)).isEmpty();
  }

  @Test
  void callsThatOutlastTheGraceAreCancelledWhereTheWorkerCanAndThenItEnds() {
    FakeWorker worker = serving(Map.of("HandlesInvocationCancelMessage", "true"));
    CompletableFuture<InvocationResult> call = world.send("greeter", "never");
    world.advance(Duration.ofMillis(10));
    CompletableFuture<Void> drained = world.runtime().workers().drain(worker.id());

    world.advance(Duration.ofSeconds(31));
    assertThat(worker.received(HostMessage.InvocationCancel.class)).hasSize(1);
    assertThat(drained).isNotDone();
    world.advance(Duration.ofSeconds(5));

    assertThat(drained).isCompleted();
    assertThat(call.join().error().orElseThrow().code()).isEqualTo(ErrorCode.WORKER_LOST);
  }

  @Test
  void workerThatCannotCancelEndsAtTheGrace() {
    FakeWorker worker = serving(Map.of());
    CompletableFuture<InvocationResult> call = world.send("greeter", "never");
    world.advance(Duration.ofMillis(10));
    CompletableFuture<Void> drained = world.runtime().workers().drain(worker.id());

    world.advance(Duration.ofSeconds(30));

    assertThat(drained).isCompleted();
    assertThat(worker.received(HostMessage.InvocationCancel.class)).isEmpty();
    assertThat(call.join().error().orElseThrow().message()).contains("drain grace");
  }

  @Test
  void aShorterGraceThatIsAskedForLaterHolds() {
    FakeWorker worker = serving(Map.of());
    CompletableFuture<InvocationResult> call = world.send("greeter", "never");
    world.advance(Duration.ofMillis(10));
    CompletableFuture<Void> drained = world.runtime().workers().drain(worker.id());
    world.advance(Duration.ofSeconds(1));

    CompletableFuture<Void> closed = world.runtime().shutdown(Duration.ofSeconds(2));
    world.advance(Duration.ofSeconds(5));

    assertThat(drained).isCompleted();
    assertThat(call.join().error().orElseThrow().message()).contains("drain grace of PT2S");
    assertThat(world.await(closed, Duration.ofSeconds(5))).isNull();
  }

  private FakeWorker serving(Map<String, String> capabilities) {
    world.script().capabilities(capabilities);
    world.deploy("greeter");
    return world.provisioner().delivered().get(0);
  }

  private static Payload text() {
    return Payload.text("done");
  }
}
