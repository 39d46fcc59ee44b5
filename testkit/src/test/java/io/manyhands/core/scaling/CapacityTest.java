/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.scaling;

import static io.manyhands.testkit.InMemoryRuntime.FAKE;
import static io.manyhands.testkit.InMemoryRuntime.application;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.RuntimeCapacity;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.JobHostState;
import io.manyhands.core.placement.Observed;
import io.manyhands.testkit.InMemoryRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How much more a Runtime says that it takes. */
class CapacityTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void capacityFallsWithApplicationsAndWorkersAndRisesWhenTheyEnd() {
    try (InMemoryRuntime runtime =
        Observed.greeting(
            InMemoryRuntime.start(
                options -> options.maximumJobHosts(3).maximumWorkers(10).placeholders(FAKE, 2)))) {
      List<RuntimeCapacity> told = new ArrayList<>();
      runtime.runtime().addCapacityListener(told::add);
      assertThat(runtime.runtime().capacity().jobHosts()).isEqualTo(3);
      assertThat(runtime.runtime().capacity().workers()).isEqualTo(8);

      runtime.deploy("a");
      runtime.advance(MINUTE);
      assertThat(runtime.runtime().capacity().jobHosts()).isEqualTo(2);
      assertThat(runtime.runtime().capacity().workers()).isEqualTo(7);
      runtime.await(runtime.runtime().jobHosts().stop(ApplicationId.of("a"), MINUTE), MINUTE);
      runtime.advance(MINUTE);

      assertThat(runtime.runtime().capacity().jobHosts()).isEqualTo(3);
      assertThat(runtime.runtime().capacity().workers()).isEqualTo(8);
      assertThat(told).extracting(RuntimeCapacity::revision).isSorted().doesNotHaveDuplicates();
      assertThat(told.get(told.size() - 1)).isEqualTo(runtime.runtime().capacity());
    }
  }

  @Test
  void applicationBeyondTheMaximumIsRefusedAndLeavesNothing() {
    try (InMemoryRuntime runtime =
        Observed.greeting(
            InMemoryRuntime.start(options -> options.maximumJobHosts(1).placeholders(FAKE, 1)))) {
      runtime.deploy("a");

      assertThatThrownBy(() -> runtime.runtime().jobHosts().start(application("b").build()).join())
          .hasMessageContaining("application b: the Runtime has all of its 1 applications");
      assertThat(runtime.runtime().jobHosts().list()).hasSize(1);
      assertThat(runtime.runtime().capacity().jobHosts()).isZero();

      runtime.await(runtime.runtime().jobHosts().stop(ApplicationId.of("a"), MINUTE), MINUTE);
      runtime.deploy("b");
    }
  }

  @Test
  void capacityIsWithdrawnAndToldBeforeAnythingDrains() {
    InMemoryRuntime runtime = Observed.pooled(1);
    runtime.deploy("a");
    List<String> events = new ArrayList<>();
    runtime
        .runtime()
        .addCapacityListener(
            capacity ->
                events.add(
                    (capacity.workers() == 0 && capacity.jobHosts() == 0 ? "none" : "some")
                        + " while "
                        + runtime
                            .runtime()
                            .jobHosts()
                            .find(ApplicationId.of("a"))
                            .orElseThrow()
                            .state()));
    runtime.advance(MINUTE);

    CompletableFuture<Void> closed = runtime.runtime().shutdown(MINUTE);
    assertThat(runtime.runtime().capacity())
        .isEqualTo(RuntimeCapacity.none(runtime.runtime().capacity().revision()));
    runtime.await(closed, MINUTE.multipliedBy(2));

    assertThat(events).startsWith("some while " + JobHostState.RUNNING);
    assertThat(events.get(events.size() - 1)).isEqualTo("none while " + JobHostState.RUNNING);
  }

  @Test
  void listenerThatThrowsHindersNobody() {
    InMemoryRuntime runtime = Observed.pooled(1);
    List<RuntimeCapacity> told = new ArrayList<>();
    runtime
        .runtime()
        .addCapacityListener(
            capacity -> {
              throw new IllegalStateException("planted");
            });
    runtime.runtime().addCapacityListener(told::add);
    runtime.deploy("a");

    runtime.close();

    assertThat(told.get(told.size() - 1).workers()).isZero();
  }
}
