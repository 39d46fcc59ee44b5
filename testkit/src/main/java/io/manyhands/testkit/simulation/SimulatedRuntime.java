/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.testkit.MemoryPlaceholderStore;
import io.manyhands.testkit.RuntimeLife;
import io.manyhands.transport.inprocess.InProcessNetwork;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The Runtime of a seed, one start of it after the other. On the simulation's thread. */
final class SimulatedRuntime {
  private final World world;
  private final RuntimeOptions options;
  private final Simulation.Seams seams;
  private final InProcessNetwork network;
  private final SimulatedPlatform platform;
  private final Invariants invariants;
  private final TokenLedger tokens = new TokenLedger();
  private @Nullable Start start;
  private SimulatedPlugins.Kept kept = kept("-key");

  private record Start(
      FunctionRuntime runtime, RuntimeLife life, TappedTransport wire, SimulatedTrigger trigger) {}

  SimulatedRuntime(
      World world,
      RuntimeOptions options,
      Simulation.Seams seams,
      InProcessNetwork network,
      SimulatedPlatform platform,
      Invariants invariants) {
    this.world = world;
    this.options = options;
    this.seams = seams;
    this.network = network;
    this.platform = platform;
    this.invariants = invariants;
  }

  /** Empty while there is none. */
  Optional<FunctionRuntime> running() {
    Start now = start;
    return now == null ? Optional.empty() : Optional.of(now.runtime);
  }

  /** The one that there is. */
  FunctionRuntime now() {
    return begun().runtime;
  }

  /** Its trigger. */
  SimulatedTrigger trigger() {
    return begun().trigger;
  }

  private Start begun() {
    Start now = start;
    if (now == null) {
      throw new IllegalStateException("there is no Runtime");
    }
    return now;
  }

  /**
   * A new one, which has not begun to start.
   *
   * @param declared before it listens
   */
  FunctionRuntime make(List<ApplicationDefinition> declared) {
    tokens.onStarting();
    RuntimeLife life = new RuntimeLife(world.time(), world.time().seams());
    TappedTransport wire = new TappedTransport(network, invariants, world, tokens);
    SimulatedTrigger trigger = new SimulatedTrigger();
    FunctionRuntime made =
        new SimulatedPlugins(
                seams.transport().apply(wire),
                new PlatformOfOneStart(platform, life::isOver),
                trigger)
            .runtime(options, seams.time().apply(life.seams()), life, kept, declared);
    start = new Start(made, life, wire, trigger);
    return made;
  }

  private static SimulatedPlugins.Kept kept(String key) {
    return new SimulatedPlugins.Kept(key, new MemoryPlaceholderStore());
  }

  /** What it keeps on its disk is lost. */
  void loseState(String anotherKey) {
    kept = kept(anotherKey);
  }

  /** As by kill -9. */
  void kill() {
    Start killed = begun();
    start = null;
    killed.wire.end();
    killed.life.end();
    platform.onRuntimeKilled();
    network.crash();
  }

  /** It has closed. */
  void forget() {
    start = null;
  }
}
