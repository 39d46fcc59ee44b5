/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.FunctionRuntime;
import io.manyhands.core.ManyhandsRuntime;
import io.manyhands.core.session.RaceWorker;
import io.manyhands.spi.ManyhandsPlugin;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.SpiLevel;
import io.manyhands.spi.policy.LoadBalancer;
import io.manyhands.spi.policy.LoadBalancerFactory;
import io.manyhands.testkit.VirtualTime;
import io.manyhands.transport.inprocess.InProcessNetwork;
import io.manyhands.transport.inprocess.InProcessTransportPlugin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Which balancer is taken, and what becomes of the mistakes of one. */
class LoadBalancerChoiceTest {
  private final VirtualTime time = new VirtualTime(1);
  private final List<String> made = new ArrayList<>();

  @Test
  void balancerIsChosenByNameAndConfigured() {
    build(builder -> builder.loadBalancer("first", Map.of("colour", "blue")));

    assertThat(made).containsExactly("blue");
  }

  @Test
  void ownBalancerHasANameToo() {
    build(builder -> builder.loadBalancer("least-outstanding", Map.of()));

    assertThat(made).isEmpty();
  }

  @Test
  void unknownBalancerAndUnknownOptionAreRefusedNamingTheKnown() {
    assertThatThrownBy(() -> build(builder -> builder.loadBalancer("best", Map.of())))
        .hasMessageContaining("load balancer \"best\"")
        .hasMessageContaining("known: first, least-outstanding");
    assertThatThrownBy(() -> build(builder -> builder.loadBalancer("first", Map.of("size", "1"))))
        .hasMessageContaining("load balancer first: unknown option \"size\"")
        .hasMessageContaining("expected one of: colour");
  }

  @Test
  void mistakesOfABalancerCostNoCall() {
    RaceWorker full = new RaceWorker("a", 0);
    RaceWorker free = new RaceWorker("b", 1);
    List<RaceWorker> workers = List.of(full, free);

    assertThat(new WorkerSet(workers, loads -> 2).pick()).isSameAs(free);
    assertThat(
            new WorkerSet(
                    workers,
                    loads -> {
                      throw new IllegalStateException("broken");
                    })
                .pick())
        .isSameAs(free);
    assertThat(new WorkerSet(List.of(full), loads -> 1).pick()).isNull();
  }

  private FunctionRuntime build(UnaryOperator<ManyhandsRuntime.Builder> change) {
    return change
        .apply(
            ManyhandsRuntime.builder()
                .discoverPlugins(false)
                .plugin(new InProcessTransportPlugin(new InProcessNetwork(time)))
                .plugin(new Balancers())
                .transport("inprocess", Map.of())
                .time(time.seams())
                .executor(time))
        .build();
  }

  private final class Balancers implements ManyhandsPlugin {
    @Override
    public int spiLevel() {
      return SpiLevel.CURRENT;
    }

    @Override
    public List<LoadBalancerFactory> loadBalancers() {
      return List.of(
          new LoadBalancerFactory() {
            @Override
            public String name() {
              return "first";
            }

            @Override
            public LoadBalancer create(PluginConfig config, PluginContext context) {
              made.add(config.text("colour").orElse("none"));
              config.finish();
              return randomness -> loads -> loads.size() > 0 && loads.free(0) > 0 ? 0 : -1;
            }
          });
    }
  }
}
