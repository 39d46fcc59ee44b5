/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.routing;

import static io.manyhands.testkit.InMemoryRuntime.FAKE;
import static io.manyhands.testkit.InMemoryRuntime.application;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.app.AppLimits;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.JobHostInfo;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.StatusInfo;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.testkit.FakeWorker;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.WorkerScript.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Calls that take all there is, and those beside and behind them. */
class StarvationTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration CALLEES_TIMEOUT = Duration.ofSeconds(2);

  private static ApplicationDefinition greedy(int minimumWorkers) {
    return application("greedy")
        .limits(
            AppLimits.defaults()
                .withSlotsPerWorker(1)
                .withMaximumWorkers(2)
                .withMinimumWorkers(minimumWorkers))
        .build();
  }

  @Test
  void applicationThatHasAllWorkersOfItsTenantGivesOneToAnotherWithoutAny() {
    try (InMemoryRuntime world =
        InMemoryRuntime.start(
            options -> options.maximumWorkersPerTenant(2).placeholders(FAKE, 2))) {
      world.script().function("endless", request -> Reply.never());
      world.script().function("quick", request -> Reply.succeed(Payload.text("ok")));
      world.await(world.runtime().jobHosts().start(greedy(2)), SECOND);
      world.advance(SECOND);
      assertThat(world.runtime().workers().workers())
          .filteredOn(worker -> worker.application().isPresent())
          .hasSize(2);
      world.await(world.runtime().jobHosts().update(greedy(0)), SECOND);
      for (int call = 0; call < 20; call++) {
        CompletableFuture<InvocationResult> waits = world.send("greedy", "endless");
        assertThat(waits).isNotDone();
      }

      CompletableFuture<JobHostInfo> other =
          world.runtime().jobHosts().start(application("other").build());
      world.await(other, Duration.ofMinutes(1));

      assertThat(world.call("other", "quick").succeeded()).isTrue();
    }
  }

  @Test
  void callThatWaitsForACallOfItsOwnApplicationIsFreedAtTheDeadlineOfThat() {
    try (InMemoryRuntime world = InMemoryRuntime.start(options -> options.placeholders(FAKE, 1))) {
      List<InvocationResult> callees = new ArrayList<>();
      world.script().function("callee", request -> Reply.succeed(Payload.text("never reached")));
      world
          .script()
          .function(
              "caller",
              request -> {
                world
                    .send("greedy", "callee", CALLEES_TIMEOUT)
                    .thenAccept(
                        result -> {
                          callees.add(result);
                          answer(world, request);
                        });
                return Reply.never();
              });
      ApplicationDefinition definition =
          application("greedy")
              .limits(AppLimits.defaults().withSlotsPerWorker(1).withMaximumWorkers(1))
              .build();
      world.await(world.runtime().jobHosts().start(definition), SECOND);

      CompletableFuture<InvocationResult> caller = world.send("greedy", "caller");
      world.advance(SECOND);
      assertThat(caller).isNotDone();
      world.deploy("other");
      assertThat(world.call("other", "callee").succeeded())
          .as("another application is served meanwhile")
          .isTrue();
      world.advance(CALLEES_TIMEOUT);

      assertThat(callees).hasSize(1);
      assertThat(callees.get(0).error().orElseThrow().code()).isEqualTo(ErrorCode.NO_WORKER);
      assertThat(caller).isCompletedWithValueMatching(InvocationResult::succeeded);
      assertThat(world.call("greedy", "callee").succeeded()).isTrue();
    }
  }

  private static void answer(InMemoryRuntime world, HostMessage.InvocationRequest request) {
    for (FakeWorker worker : world.provisioner().alive()) {
      if (worker.received(HostMessage.InvocationRequest.class).contains(request)) {
        worker.say(
            new WorkerMessage.InvocationResponse(
                request.invocationId(),
                StatusInfo.success(),
                Map.of(),
                Payload.text("the callee did not come")));
      }
    }
  }
}
