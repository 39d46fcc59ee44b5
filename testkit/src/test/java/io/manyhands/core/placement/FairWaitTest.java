/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import static io.manyhands.core.placement.Observed.greeting;
import static io.manyhands.testkit.InMemoryRuntime.application;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.TenantId;
import io.manyhands.testkit.InMemoryRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Whose applications get workers first, where many wait for few. */
class FairWaitTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofMinutes(30);

  @Test
  void tenantWithOneApplicationIsNotKeptWaitingByOneWithMany() {
    List<String> order = served(Map.of(), Map.of("greedy", 12, "modest", 1));

    assertThat(order.subList(0, 5)).contains("modest");
  }

  @Test
  void tenantsAreServedAsTheirWeightsSay() {
    List<String> order =
        served(Map.of("heavy", 3), new TreeMap<>(Map.of("heavy", 12, "light", 12)));

    Map<String, Long> shares =
        order.subList(3, 15).stream()
            .collect(Collectors.groupingBy(tenant -> tenant, Collectors.counting()));
    assertThat(shares.get("heavy")).isBetween(8L, 10L);
    assertThat(shares.get("light")).isBetween(2L, 4L);
  }

  /**
   * Tenants of the applications in the order in which these got a worker, of a Runtime that has
   * three: each that is served stops, and makes room.
   */
  private static List<String> served(Map<String, Integer> weights, Map<String, Integer> tenants) {
    List<String> order = new ArrayList<>();
    try (InMemoryRuntime world =
        InMemoryRuntime.start(
            options -> {
              weights.forEach(
                  (tenant, weight) -> options.tenantWeight(new TenantId(tenant), weight));
              return options.maximumWorkers(3).workerStartTimeout(Duration.ofMinutes(10));
            })) {
      greeting(world);
      Map<String, CompletableFuture<?>> starting = new TreeMap<>();
      new TreeMap<>(tenants)
          .forEach(
              (tenant, count) -> {
                for (int index = 10; index < 10 + count; index++) {
                  String id = tenant + "-" + index;
                  starting.put(
                      id, world.runtime().jobHosts().start(application(id).tenant(tenant).build()));
                }
              });
      for (Duration passed = Duration.ZERO;
          !starting.isEmpty() && passed.compareTo(LONG) < 0;
          passed = passed.plus(SECOND)) {
        world.advance(SECOND);
        List<String> done =
            starting.keySet().stream().filter(id -> starting.get(id).isDone()).toList();
        for (String id : done) {
          starting.remove(id).join();
          order.add(id.substring(0, id.indexOf('-')));
          world.runtime().jobHosts().stop(ApplicationId.of(id), SECOND);
        }
      }
    }
    assertThat(order).hasSize(tenants.values().stream().mapToInt(Integer::intValue).sum());
    return order;
  }
}
