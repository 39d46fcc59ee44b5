/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.scaling;

import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.policy.PoolPolicy;
import java.time.Duration;
import java.util.ArrayDeque;

/**
 * As many placeholders as the busiest moment of a window has taken, and more where some found none;
 * at least those configured.
 */
final class AdaptivePoolPolicy implements PoolPolicy {
  /**
   * What can be set.
   *
   * @param maximum placeholders of a stack
   * @param window for which a busy moment is remembered
   */
  record Settings(int maximum, Duration window) {
    static Settings from(PluginConfig config) {
      Settings settings =
          new Settings(
              (int) config.number("maximum", 10, 1, 100_000),
              config.duration("window", Duration.ofMinutes(15)));
      config.finish();
      return settings;
    }
  }

  private final Settings settings;

  AdaptivePoolPolicy(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Sizer sizer() {
    return new OneStack(settings);
  }

  private static final class OneStack implements Sizer {
    private final Settings settings;
    private final ArrayDeque<Moment> moments = new ArrayDeque<>();
    private int size;

    private record Moment(long nanos, long needed) {}

    OneStack(Settings settings) {
      this.settings = settings;
    }

    @Override
    public Size decide(Demand demand) {
      // Who found none is given one later, and then counts as a claim too.
      long lacking = demand.misses() > 0 ? size + demand.misses() : 0;
      long needed = Math.max(demand.claims(), lacking);
      if (needed > 0) {
        moments.addLast(new Moment(demand.nanos(), needed));
      }
      while (!moments.isEmpty()
          && demand.nanos() - moments.getFirst().nanos() >= settings.window().toNanos()) {
        moments.removeFirst();
      }
      long most = moments.stream().mapToLong(Moment::needed).max().orElse(0);
      long bounded = Math.min(most, settings.maximum());
      size = (int) Math.max(demand.configured(), bounded);
      return new Size(
          size,
          "the busiest moment within "
              + settings.window()
              + " needed "
              + most
              + ", "
              + demand.configured()
              + " are configured, "
              + settings.maximum()
              + " are the most");
    }
  }
}
