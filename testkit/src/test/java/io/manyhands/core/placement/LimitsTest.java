/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import static io.manyhands.core.placement.Observed.greeting;
import static io.manyhands.core.placement.Observed.in;
import static io.manyhands.core.placement.Observed.workersOf;
import static io.manyhands.testkit.InMemoryRuntime.FAKE;
import static io.manyhands.testkit.InMemoryRuntime.GUEST;
import static io.manyhands.testkit.InMemoryRuntime.LINKED;
import static io.manyhands.testkit.InMemoryRuntime.application;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.AppLimits;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.JobHostInfo;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.testkit.FakeProvisioner.Behaviour;
import io.manyhands.testkit.InMemoryRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Never more workers than allowed, and who waits for room is told why. */
class LimitsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void runtimeNeverHasMoreWorkersThanItTakesAndWhoWaitsIsToldWhy() {
    try (InMemoryRuntime runtime =
        start(options -> options.maximumWorkers(3).placeholders(FAKE, 2))) {
      List<CompletableFuture<JobHostInfo>> starts = new ArrayList<>();
      for (String id : List.of("a", "b", "c", "d")) {
        starts.add(
            runtime
                .runtime()
                .jobHosts()
                .start(application(id).limits(AppLimits.defaults().withMinimumWorkers(1)).build()));
      }
      for (int step = 0; step < 300; step++) {
        runtime.advance(SECOND);
        assertThat(runtime.runtime().workers().workers()).hasSizeLessThanOrEqualTo(3);
      }

      assertThat(starts.subList(0, 3)).allMatch(start -> !start.isCompletedExceptionally());
      assertThatThrownBy(() -> starts.get(3).join())
          .hasMessageContaining(
              "application d: no worker within PT4M: the Runtime has all of its 3");
      assertThat(runtime.call("a", "hello").succeeded()).isTrue();
    }
  }

  @Test
  void roomThatComesIsGivenToWhoWaitsBeforeThePoolIsRefilled() {
    try (InMemoryRuntime runtime =
        start(options -> options.maximumWorkers(2).placeholders(FAKE, 1))) {
      for (String id : List.of("a", "b")) {
        runtime.await(
            runtime
                .runtime()
                .jobHosts()
                .start(application(id).limits(AppLimits.defaults().withMinimumWorkers(1)).build()),
            SECOND);
      }
      CompletableFuture<JobHostInfo> waiting =
          runtime.runtime().jobHosts().start(application("c").build());
      runtime.advance(MINUTE);
      assertThat(waiting).isNotDone();

      runtime.await(runtime.runtime().jobHosts().stop(ApplicationId.of("a"), SECOND), MINUTE);
      runtime.await(waiting, SECOND);

      assertThat(in(runtime, WorkerState.PLACEHOLDER)).isZero();
    }
  }

  @Test
  void placeholderGoesWhereItsRoomIsNeededForAFirstWorker() {
    try (InMemoryRuntime runtime =
        start(options -> options.maximumWorkers(2).placeholders(FAKE, 2))) {
      ApplicationDefinition linked = application("a").stack(LINKED).build();
      runtime.await(runtime.runtime().jobHosts().start(linked), Duration.ofSeconds(10));

      assertThat(in(runtime, WorkerState.PLACEHOLDER)).isEqualTo(1);
      assertThat(workersOf(runtime, "a", WorkerState.READY)).hasSize(1);
      runtime.advance(MINUTE);
      assertThat(runtime.runtime().workers().workers()).hasSize(2);
    }
  }

  @Test
  void tenantsApplicationsTogetherNeverHaveMoreThanTheTenantMay() {
    try (InMemoryRuntime runtime =
        start(options -> options.maximumWorkersPerTenant(2).placeholders(FAKE, 3))) {
      runtime.deploy("a");
      runtime.deploy("b");
      CompletableFuture<JobHostInfo> third =
          runtime.runtime().jobHosts().start(application("c").build());
      ApplicationDefinition other = application("other").tenant("somebody").build();
      runtime.await(runtime.runtime().jobHosts().start(other), SECOND);
      runtime.advance(MINUTE);
      assertThat(third).isNotDone();

      runtime.await(runtime.runtime().jobHosts().stop(ApplicationId.of("a"), SECOND), MINUTE);
      runtime.await(third, SECOND);
    }
  }

  @Test
  void whoWaitsForItsTenantsRoomIsToldSo() {
    try (InMemoryRuntime runtime =
        start(options -> options.maximumWorkersPerTenant(1).placeholders(FAKE, 1))) {
      runtime.deploy("a");
      CompletableFuture<JobHostInfo> second =
          runtime.runtime().jobHosts().start(application("b").build());

      assertThatThrownBy(() -> runtime.await(second, Duration.ofMinutes(5)))
          .hasMessageContaining("tenant tenant has all of its 1 workers");
    }
  }

  @Test
  void updateBringsItsFirstWorkerUpThoughTheTenantHasAllOfItsWorkers() {
    try (InMemoryRuntime runtime =
        start(options -> options.maximumWorkersPerTenant(1).placeholders(FAKE, 1))) {
      runtime.deploy("a");
      runtime.await(
          runtime.runtime().jobHosts().update(application("a").setting("COLOUR", "red").build()),
          Duration.ofSeconds(10));
      runtime.advance(SECOND);

      assertThat(workersOf(runtime, "a")).hasSize(1);
    }
  }

  @Test
  void minimumIsStartedWithTheApplicationAndKept() {
    try (InMemoryRuntime runtime = start(options -> options.placeholders(FAKE, 1))) {
      runtime.await(
          runtime
              .runtime()
              .jobHosts()
              .start(application("a").limits(AppLimits.defaults().withMinimumWorkers(3)).build()),
          MINUTE);
      runtime.advance(SECOND);
      assertThat(workersOf(runtime, "a", WorkerState.READY)).hasSize(3);

      runtime.provisioner().terminate(runtime.provisioner().alive().get(0), 1);
      runtime.advance(SECOND);
      assertThat(workersOf(runtime, "a", WorkerState.READY)).hasSize(3);
      assertThat(in(runtime, WorkerState.PLACEHOLDER)).isEqualTo(1);
    }
  }

  @Test
  void limitsOfAnEqualRevisionAreTakenOver() {
    try (InMemoryRuntime runtime = start(options -> options.placeholders(FAKE, 1))) {
      runtime.deploy("a");
      runtime.await(
          runtime
              .runtime()
              .jobHosts()
              .update(application("a").limits(AppLimits.defaults().withMinimumWorkers(2)).build()),
          MINUTE);
      runtime.advance(SECOND);
      assertThat(workersOf(runtime, "a", WorkerState.READY)).hasSize(2);

      runtime.await(runtime.runtime().jobHosts().update(application("a").build()), MINUTE);
      runtime.advance(SECOND);
      // Nothing has been asked of it since but its first worker.
      assertThat(workersOf(runtime, "a", WorkerState.READY)).hasSize(1);
    }
  }

  @Test
  void workersThatComeUnaskedAreNeverAskedForAndNeverEndedForWantOfUse() {
    try (InMemoryRuntime runtime = start(options -> options)) {
      runtime.provisioner().expect(GUEST);
      runtime.provisioner().expect(GUEST);
      runtime.advance(SECOND);
      assertThat(in(runtime, WorkerState.PLACEHOLDER)).isEqualTo(2);
      for (String id : List.of("a", "b")) {
        runtime.await(
            runtime.runtime().jobHosts().start(application(id).stack(GUEST).build()), SECOND);
      }
      CompletableFuture<JobHostInfo> third =
          runtime.runtime().jobHosts().start(application("c").stack(GUEST).build());
      runtime.advance(MINUTE);
      assertThat(third).isNotDone();

      runtime.provisioner().expect(GUEST);
      runtime.await(third, SECOND);
      assertThat(runtime.provisioner().requests()).isEmpty();
      assertThat(runtime.provisioner().releases()).isEmpty();
    }
  }

  @Test
  void whoWaitsForAWorkerThatNobodyStartsIsTold() {
    try (InMemoryRuntime runtime = start(options -> options)) {
      CompletableFuture<JobHostInfo> started =
          runtime.runtime().jobHosts().start(application("a").stack(GUEST).build());

      assertThatThrownBy(() -> runtime.await(started, Duration.ofMinutes(5)))
          .hasMessageContaining("no worker of guest 1 has dialled in");
    }
  }

  @Test
  void callsThatFindNoWorkerForLongAreToldAndLaterOnesAreServed() {
    try (InMemoryRuntime runtime = start(options -> options.placeholders(FAKE, 1))) {
      runtime.deploy("a");
      runtime.provisioner().behave(Behaviour.REFUSE);
      // The pool's last one becomes its worker, then there is none.
      for (int loss = 0; loss < 2; loss++) {
        runtime.provisioner().terminate(Observed.serving(runtime, "a"), 1);
        runtime.advance(Duration.ofSeconds(2));
      }
      InvocationResult refused = runtime.call("a", "hello");
      assertThat(refused.error().orElseThrow().code()).isEqualTo(ErrorCode.PROVISIONING_FAILED);

      runtime.provisioner().behave(Behaviour.DELIVER);
      assertThat(runtime.call("a", "hello").succeeded()).isTrue();
    }
  }

  @Test
  void burstOfFirstCallsOfManyApplicationsAsksForOneWorkerEach() {
    try (InMemoryRuntime runtime = start(options -> options.placeholders(FAKE, 2))) {
      List<CompletableFuture<InvocationResult>> calls = new ArrayList<>();
      for (int app = 0; app < 10; app++) {
        runtime.runtime().jobHosts().start(application("app" + app).build());
        for (int call = 0; call < 20; call++) {
          calls.add(runtime.send("app" + app, "hello"));
        }
      }
      for (CompletableFuture<InvocationResult> call : calls) {
        assertThat(runtime.await(call, MINUTE).succeeded()).isTrue();
      }
      runtime.advance(SECOND);

      assertThat(runtime.provisioner().requests()).hasSize(12);
      assertThat(runtime.provisioner().requests())
          .extracting(ProvisionRequest::stack)
          .containsOnly(FAKE, FAKE);
      assertThat(in(runtime, WorkerState.PLACEHOLDER)).isEqualTo(2);
      assertThat(runtime.runtime().metrics().counter("placement.placeholder.hits")).isEqualTo(10);
      assertThat(runtime.runtime().metrics().counter("placement.placeholder.misses")).isEqualTo(8);
    }
  }

  private static InMemoryRuntime start(UnaryOperator<RuntimeOptions.Builder> change) {
    return greeting(InMemoryRuntime.start(change));
  }
}
