/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.docker;

import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.support.platform.PlatformOptions;
import io.manyhands.support.platform.WorkerSettings;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The options of the Docker provisioner; {@link PlatformOptions} and {@link WorkerSettings} have
 * more.
 *
 * @param platform what every platform has; {@code followOutput} is on by default
 * @param workers images and how they are started
 * @param identity {@code identity}: default the Runtime's id
 * @param engine where it is
 * @param limits of each container
 * @param sandbox of each container
 * @param pull how images are had
 */
record DockerOptions(
    PlatformOptions platform,
    WorkerSettings workers,
    String identity,
    Engine engine,
    Limits limits,
    Sandbox sandbox,
    Pull pull) {
  private static final long MIB = 1024L * 1024;

  /**
   * Where the engine is.
   *
   * @param host {@code host}: default {@code unix:///var/run/docker.sock}; or {@code tcp://}
   * @param certificates {@code certificates}: directory of ca.pem, cert.pem and key.pem; switches
   *     TLS on, and is needed with tcp off this machine
   * @param connectTimeout {@code connectTimeout}: default 10 s
   * @param answerTimeout {@code answerTimeout}: default 30 s
   */
  record Engine(
      String host, Optional<Path> certificates, Duration connectTimeout, Duration answerTimeout) {}

  /**
   * What a container may use.
   *
   * @param memoryBytes {@code memoryMiB}: default 512; swap is not added to it
   * @param nanoCpus {@code cpus}: default 1
   * @param processes {@code processes}: and threads; default 256
   * @param temporaryBytes {@code temporaryMiB}: of /tmp, which is memory; default 64
   */
  record Limits(long memoryBytes, long nanoCpus, long processes, long temporaryBytes) {}

  /**
   * What a container may do. It never gains privileges, and has no capability.
   *
   * @param user {@code user}: default 65534:65534; empty takes the image's
   * @param readOnly {@code readOnly}: its root file system, beside /tmp; default true
   * @param network {@code network}: default {@code bridge}
   * @param runtime {@code runtime}: such as runsc; default the engine's
   * @param init {@code init}: a small init process that reaps and passes signals on; default false
   * @param mounts {@code mount.<path in the container>}: a path of the engine's host, read-only
   */
  record Sandbox(
      String user,
      boolean readOnly,
      String network,
      Optional<String> runtime,
      boolean init,
      Map<String, String> mounts) {}

  /**
   * How images are had.
   *
   * @param policy {@code pull}: {@code missing} (default), {@code always} at each start of the
   *     Runtime, {@code never}
   * @param username {@code registryUsername}; default none
   * @param passwordFile {@code registryPasswordFile}: read at each pull
   */
  record Pull(Policy policy, Optional<String> username, Optional<Path> passwordFile) {
    enum Policy {
      MISSING,
      ALWAYS,
      NEVER
    }
  }

  static DockerOptions read(PluginConfig config, PluginContext context) {
    DockerOptions options =
        new DockerOptions(
            PlatformOptions.read(config, "docker", Duration.ofSeconds(30), true),
            WorkerSettings.read(config),
            PlatformOptions.identity(config, context),
            engine(config),
            limits(config),
            sandbox(config),
            pull(config));
    config.finish();
    return options;
  }

  private static Engine engine(PluginConfig config) {
    String host = config.text("host", "unix:///var/run/docker.sock");
    if (!host.matches("(unix:///.+|tcp://.+:[0-9]+|npipe:////.+)")) {
      throw config.invalid("host", host, "unix:///path, tcp://host:port or npipe:////path");
    }
    return new Engine(
        host,
        config.path("certificates"),
        config.duration("connectTimeout", Duration.ofSeconds(10)),
        config.duration("answerTimeout", Duration.ofSeconds(30)));
  }

  private static Limits limits(PluginConfig config) {
    return new Limits(
        config.number("memoryMiB", 512, 6, 1024 * 1024) * MIB,
        nanoCpus(config),
        config.number("processes", 256, 1, 1_000_000),
        config.number("temporaryMiB", 64, 1, 1024 * 1024) * MIB);
  }

  private static long nanoCpus(PluginConfig config) {
    String cpus = config.text("cpus", "1");
    try {
      BigDecimal number = new BigDecimal(cpus.strip());
      if (number.compareTo(new BigDecimal("0.01")) >= 0
          && number.compareTo(new BigDecimal(1024)) <= 0) {
        return number.movePointRight(9).longValue();
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw config.invalid("cpus", cpus, "a number from 0.01 to 1024");
  }

  private static Sandbox sandbox(PluginConfig config) {
    Map<String, String> mounts = config.withPrefix("mount.");
    mounts.forEach(
        (inside, outside) -> {
          if (!inside.startsWith("/") || !outside.startsWith("/")) {
            throw config.invalid("mount." + inside, outside, "mount./inside=/outside");
          }
        });
    return new Sandbox(
        config.text("user", "65534:65534"),
        config.flag("readOnly", true),
        config.text("network", "bridge"),
        config.text("runtime"),
        config.flag("init", false),
        Map.copyOf(mounts));
  }

  private static Pull pull(PluginConfig config) {
    String policy = config.text("pull", "missing");
    if (!policy.matches("missing|always|never")) {
      throw config.invalid("pull", policy, "missing, always or never");
    }
    Pull pull =
        new Pull(
            Pull.Policy.valueOf(policy.toUpperCase(java.util.Locale.ROOT)),
            config.text("registryUsername"),
            config.path("registryPasswordFile"));
    if (pull.username().isPresent() != pull.passwordFile().isPresent()) {
      throw config.invalid(
          "registryPasswordFile",
          pull.passwordFile().map(Path::toString).orElse(null),
          "together with registryUsername, or neither");
    }
    return pull;
  }
}
