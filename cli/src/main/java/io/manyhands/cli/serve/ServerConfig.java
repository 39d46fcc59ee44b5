/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.cli.serve;

import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.core.ManyhandsRuntime;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The configuration of a server.
 *
 * @param options of its Runtime
 * @param transports by name, with their options; workers that are started dial the first
 * @param provisioners by name, with their options; asked in this order
 * @param triggers by name, with their options
 * @param applications folder of one file for each application
 * @param management where health and metrics are served
 */
record ServerConfig(
    RuntimeOptions options,
    Map<String, Map<String, String>> transports,
    Map<String, Map<String, String>> provisioners,
    Map<String, Map<String, String>> triggers,
    Path applications,
    Management management) {
  /** Where health and metrics are served; port 0 takes any. */
  record Management(String host, int port) {}

  private static final int DEFAULT_PORT = 9090;

  static ServerConfig read(Path file) {
    JsonSection root = JsonSection.read(file);
    JsonSection management = root.section("management");
    ServerConfig config =
        new ServerConfig(
            options(root.section("runtime")),
            plugins(root.section("transports")),
            plugins(root.section("provisioners")),
            plugins(root.section("triggers")),
            path(root, "applications"),
            new Management(
                management.text("host").orElse("127.0.0.1"),
                management.number("port", 0, 65535).orElse((long) DEFAULT_PORT).intValue()));
    management.finish();
    root.finish();
    if (config.transports().isEmpty()) {
      throw root.wrong("transports", config.transports().keySet(), "at least one, such as grpc");
    }
    if (config.provisioners().isEmpty()) {
      throw root.wrong("provisioners", config.provisioners().keySet(), "at least one");
    }
    return config;
  }

  ManyhandsRuntime.Builder runtime() {
    ManyhandsRuntime.Builder builder = ManyhandsRuntime.builder().options(options);
    transports.forEach(builder::transport);
    provisioners.forEach(builder::provisioner);
    triggers.forEach(builder::trigger);
    return builder;
  }

  private static Map<String, Map<String, String>> plugins(JsonSection section) {
    Map<String, Map<String, String>> plugins = new java.util.LinkedHashMap<>();
    section.names().forEach(name -> plugins.put(name, section.options(name)));
    return plugins;
  }

  private static Path path(JsonSection section, String key) {
    String text = section.requiredText(key);
    try {
      return Path.of(text);
    } catch (InvalidPathException impossible) {
      throw section.wrong(key, text, "a path");
    }
  }

  private static RuntimeOptions options(JsonSection runtime) {
    RuntimeOptions.Builder options = RuntimeOptions.builder();
    runtime.take("id", runtime::text, options::runtimeId);
    options.stateDirectory(path(runtime, "stateDirectory"));
    JsonSection placeholders = runtime.section("placeholders");
    for (String stack : placeholders.names()) {
      placeholders.take(
          stack,
          key -> placeholders.number(key, 0, 10_000),
          count -> options.placeholders(stack(stack), count.intValue()));
    }
    counts(runtime, options);
    runtime.take("idleTimeout", runtime::duration, options::idleTimeout);
    runtime.take("functionTimeout", runtime::duration, options::functionTimeout);
    runtime.take("workerStartTimeout", runtime::duration, options::workerStartTimeout);
    runtime.take("workerInitTimeout", runtime::duration, options::workerInitTimeout);
    runtime.take("workerReloadTimeout", runtime::duration, options::workerReloadTimeout);
    runtime.take("packageFetchTimeout", runtime::duration, options::packageFetchTimeout);
    runtime.take("functionLoadTimeout", runtime::duration, options::functionLoadTimeout);
    runtime.take("drainGrace", runtime::duration, options::drainGrace);
    runtime.take("terminateGrace", runtime::duration, options::terminateGrace);
    runtime.take("statusInterval", runtime::duration, options::statusInterval);
    runtime.take("resumeGrace", runtime::duration, options::resumeGrace);
    runtime.take("declarationGrace", runtime::duration, options::declarationGrace);
    runtime.take("sharedLocalTrust", runtime::flag, options::sharedLocalTrust);
    runtime.finish();
    return options.build();
  }

  private static void counts(JsonSection runtime, RuntimeOptions.Builder options) {
    runtime.take(
        "maximumWorkers",
        key -> runtime.number(key, 1, Integer.MAX_VALUE),
        count -> options.maximumWorkers(count.intValue()));
    runtime.take(
        "maximumWorkersPerTenant",
        key -> runtime.number(key, 1, Integer.MAX_VALUE),
        count -> options.maximumWorkersPerTenant(count.intValue()));
    runtime.take(
        "maximumJobHosts",
        key -> runtime.number(key, 1, Integer.MAX_VALUE),
        count -> options.maximumJobHosts(count.intValue()));
    runtime.take(
        "queueCalls",
        key -> runtime.number(key, 1, Integer.MAX_VALUE),
        count -> options.queueCalls(count.intValue()));
    runtime.take("queueBytes", key -> runtime.number(key, 1, Long.MAX_VALUE), options::queueBytes);
  }

  /** {@code node}, or {@code python 3.11}. */
  static WorkerStack stack(String text) {
    String[] parts = text.strip().split(" +", 2);
    return WorkerStack.of(parts[0], parts.length == 1 ? "" : parts[1]);
  }
}
