/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.platform;

import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import java.time.Duration;

/**
 * Options that every remote platform has.
 *
 * @param name of the provisioner, for messages
 * @param permits {@code permits}: calls in flight against the platform at once; default 8
 * @param capacity {@code capacity}: workers at once, those that wait to be started included;
 *     default 1000
 * @param resync {@code resync}: between two comparisons of what runs with what should; default 30
 *     s. It is how long a watch that died silently stays unnoticed
 * @param busyPause {@code busyPause}: how long a platform that is too busy is left alone where it
 *     does not say so itself; default 5 s
 * @param outputLines {@code outputLines}: last lines that are kept of a worker; default 50
 * @param follow {@code followOutput}: whether what workers write is read while they run
 */
public record PlatformOptions(
    String name,
    int permits,
    int capacity,
    Duration resync,
    Duration busyPause,
    int outputLines,
    boolean follow) {
  /** Reads them, with the platform's own default for {@code followOutput} and {@code resync}. */
  public static PlatformOptions read(
      PluginConfig config, String name, Duration resync, boolean follow) {
    return new PlatformOptions(
        name,
        (int) config.number("permits", 8, 1, 1_000),
        (int) config.number("capacity", 1_000, 1, 100_000),
        config.duration("resync", resync),
        config.duration("busyPause", Duration.ofSeconds(5)),
        (int) config.number("outputLines", 50, 0, 1_000),
        config.flag("followOutput", follow));
  }

  /**
   * {@code identity}: by which instances are known again, so one for each Runtime that lives at the
   * same time on a platform; default the Runtime's id.
   */
  public static String identity(PluginConfig config, PluginContext context) {
    String identity = config.text("identity", context.options().runtimeId());
    if (!identity.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
      throw config.invalid("identity", identity, "a DNS label");
    }
    return identity;
  }
}
