/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.scaling;

import static io.manyhands.core.placement.Observed.in;
import static io.manyhands.core.placement.Observed.workersOf;
import static io.manyhands.testkit.InMemoryRuntime.FAKE;
import static io.manyhands.testkit.InMemoryRuntime.application;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.app.AppLimits;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.core.placement.Observed;
import io.manyhands.spi.ManyhandsPlugin;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.SpiLevel;
import io.manyhands.spi.policy.ScalePolicy;
import io.manyhands.spi.policy.ScalePolicyFactory;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.WorkerScript.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Policies are chosen by name and do what they say in a whole Runtime. */
class PolicyChoiceTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  // ---- the pool

  @Test
  void adaptivePoolGrowsWithMissesAndClaimsAndFallsBack() {
    try (InMemoryRuntime runtime =
        Observed.greeting(
            InMemoryRuntime.start(
                options -> options.placeholders(FAKE, 1),
                builder -> builder.poolPolicy("adaptive", Map.of("maximum", "4"))))) {
      for (int app = 0; app < 8; app++) {
        runtime.runtime().jobHosts().start(application("app" + app).build());
      }
      runtime.advance(Duration.ofSeconds(25));

      assertThat(in(runtime, WorkerState.PLACEHOLDER)).isEqualTo(4);
      assertThat(runtime.runtime().scaling().pools().get(0).target()).isEqualTo(4);
      assertThat(runtime.runtime().scaling().pools().get(0).reason())
          .contains("1 are configured, 4 are the most");
      assertThat(runtime.runtime().metrics().gauge("scaling.pool.target")).isEqualTo(4);
      assertThat(runtime.runtime().metrics().counter("placement.placeholder.misses")).isPositive();

      runtime.advance(MINUTE.multipliedBy(16));
      assertThat(in(runtime, WorkerState.PLACEHOLDER)).isEqualTo(1);
    }
  }

  @Test
  void fixedPoolStaysAsConfigured() {
    try (InMemoryRuntime runtime = Observed.pooled(2)) {
      for (int app = 0; app < 8; app++) {
        runtime.runtime().jobHosts().start(application("app" + app).build());
      }
      runtime.advance(Duration.ofSeconds(25));

      assertThat(in(runtime, WorkerState.PLACEHOLDER)).isEqualTo(2);
    }
  }

  // ---- keep-alive

  @Test
  void histogramLetsWorkersGoAndHasOneReadyBeforeTheNextCallIsDue() {
    try (InMemoryRuntime runtime =
        Observed.greeting(
            InMemoryRuntime.start(
                options -> options.placeholders(FAKE, 1),
                builder -> builder.keepAlivePolicy("histogram", Map.of())))) {
      runtime.deploy("a");
      for (int call = 0; call < 12; call++) {
        assertThat(runtime.call("a", "hello").succeeded()).isTrue();
        runtime.advance(Duration.ofSeconds(30 * 60 + 20));
      }
      assertThat(runtime.call("a", "hello").succeeded()).isTrue();
      runtime.advance(MINUTE);
      assertThat(workersOf(runtime, "a")).isEmpty();
      assertThat(
              runtime.runtime().scaling().application(ApplicationId.of("a")).orElseThrow().reason())
          .contains("a worker is ready from PT27M to PT34M6S");

      long hits = counter(runtime, "scaling.pre-warm.hits");
      runtime.advance(MINUTE.multipliedBy(27));
      assertThat(workersOf(runtime, "a", WorkerState.READY)).hasSize(1);
      assertThat(runtime.call("a", "hello").phases().coldStart().name()).isEqualTo("NONE");
      runtime.advance(Duration.ofSeconds(2));
      assertThat(counter(runtime, "scaling.pre-warm.hits")).isEqualTo(hits + 1);

      runtime.advance(MINUTE.multipliedBy(28));
      assertThat(workersOf(runtime, "a", WorkerState.READY)).hasSize(1);
      runtime.advance(MINUTE.multipliedBy(8));
      assertThat(workersOf(runtime, "a")).isEmpty();
    }
  }

  @Test
  void fixedKeepAliveTakesAnotherTimeThanTheOptions() {
    try (InMemoryRuntime runtime =
        Observed.greeting(
            InMemoryRuntime.start(
                options -> options.placeholders(FAKE, 1),
                builder -> builder.keepAlivePolicy("fixed", Map.of("keep", "30s"))))) {
      runtime.deploy("a");
      assertThat(workersOf(runtime, "a")).hasSize(1);
      runtime.advance(Duration.ofSeconds(40));

      assertThat(workersOf(runtime, "a")).isEmpty();
    }
  }

  // ---- names and mistakes

  @Test
  void unknownNameIsRefusedWithTheKnownOnes() {
    assertThatThrownBy(
            () ->
                InMemoryRuntime.start(
                    options -> options, builder -> builder.scalePolicy("magic", Map.of())))
        .hasMessageContaining("scale policy \"magic\"", "concurrency");
  }

  @Test
  void unknownKeyAndWindowsThatDoNotFitAreRefused() {
    assertThatThrownBy(
            () ->
                InMemoryRuntime.start(
                    options -> options,
                    builder -> builder.scalePolicy("concurrency", Map.of("panicWindow", "5m"))))
        .hasMessageContaining("panicWindow PT5M (expected: at most stableWindow, which is PT1M)");
    assertThatThrownBy(
            () ->
                InMemoryRuntime.start(
                    options -> options,
                    builder -> builder.poolPolicy("fixed", Map.of("size", "3"))))
        .hasMessageContaining("size");
  }

  @Test
  void policyOfAPlugInIsUsedAndHeldWithinTheLimits() {
    try (InMemoryRuntime runtime = scaledBy(load -> new ScalePolicy.Decision(1000, false, "all"))) {
      runtime.await(
          runtime
              .runtime()
              .jobHosts()
              .start(application("a").limits(AppLimits.defaults().withMaximumWorkers(3)).build()),
          MINUTE);
      assertThat(runtime.call("a", "hello").succeeded()).isTrue();
      runtime.advance(Duration.ofSeconds(5));

      assertThat(workersOf(runtime, "a", WorkerState.READY)).hasSize(3);
      assertThat(
              runtime.runtime().scaling().application(ApplicationId.of("a")).orElseThrow().reason())
          .isEqualTo("all");
    }
  }

  @Test
  void policyThatThrowsLeavesTheApplicationAsItIs() {
    try (InMemoryRuntime runtime =
        scaledBy(
            load -> {
              throw new IllegalStateException("planted");
            })) {
      runtime.deploy("a");
      runtime.advance(MINUTE);

      assertThat(runtime.call("a", "hello").succeeded()).isTrue();
      assertThat(workersOf(runtime, "a")).hasSize(1);
      assertThat(counter(runtime, "scaling.policy.failed")).isPositive();
    }
  }

  private static InMemoryRuntime scaledBy(
      Function<ScalePolicy.Load, ScalePolicy.Decision> decision) {
    InMemoryRuntime runtime =
        InMemoryRuntime.start(
            options -> options.placeholders(FAKE, 1),
            builder -> builder.plugin(new OwnPolicy(decision)).scalePolicy("own", Map.of()));
    runtime.script().function("hello", request -> Reply.succeed(Payload.text("hi")));
    runtime.advance(SECOND);
    return runtime;
  }

  private static long counter(InMemoryRuntime runtime, String name) {
    return runtime.runtime().metrics().counter(name);
  }

  private record OwnPolicy(Function<ScalePolicy.Load, ScalePolicy.Decision> decision)
      implements ManyhandsPlugin {
    @Override
    public int spiLevel() {
      return SpiLevel.CURRENT;
    }

    @Override
    public List<ScalePolicyFactory> scalePolicies() {
      return List.of(
          new ScalePolicyFactory() {
            @Override
            public String name() {
              return "own";
            }

            @Override
            public ScalePolicy create(PluginConfig config, PluginContext context) {
              config.finish();
              return () -> decision::apply;
            }
          });
    }
  }
}
