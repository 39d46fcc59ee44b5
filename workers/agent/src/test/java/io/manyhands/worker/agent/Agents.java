/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Options of agents in tests. */
final class Agents {
  private Agents() {}

  static AgentOptions options(
      List<Integer> ports, List<AgentOptions.Worker> workers, Path directory, Path work) {
    return options(ports, workers, directory, work, Duration.ofMinutes(10));
  }

  static AgentOptions options(
      List<Integer> ports,
      List<AgentOptions.Worker> workers,
      Path directory,
      Path work,
      Duration hungAfter) {
    return new AgentOptions(
        ports.stream().map(port -> new RuntimeAddress("127.0.0.1", port, false)).toList(),
        RuntimeChannels.Tls.none(),
        workers,
        List.of(directory),
        System.getenv("PATH"),
        work,
        Place.Restart.ALWAYS,
        new AgentContext.Policy(
            Map.of("zone", "test"),
            Duration.ofMinutes(10),
            Duration.ofMinutes(1),
            hungAfter,
            32L << 20),
        new AgentOptions.Limits(32 << 20, Duration.ofSeconds(10)));
  }

  /** Places that share the ids evenly. */
  static List<AgentOptions.Worker> places(StockWorker worker, List<Passport> ids, int count) {
    List<AgentOptions.Worker> places = new ArrayList<>();
    for (int place = 0; place < count; place++) {
      List<Passport> own = new ArrayList<>();
      for (int i = place; i < ids.size(); i += count) {
        own.add(ids.get(i));
      }
      places.add(new AgentOptions.Worker(worker.language(), "", Optional.empty(), own, Map.of()));
    }
    return places;
  }
}
