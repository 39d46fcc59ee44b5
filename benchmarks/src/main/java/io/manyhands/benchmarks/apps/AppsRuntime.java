/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.apps;

import io.manyhands.api.Endpoint;
import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.core.ManyhandsRuntime;
import io.manyhands.provisioner.local.LocalProvisionerPlugin;
import io.manyhands.transport.grpc.GrpcTransportPlugin;
import io.manyhands.trigger.http.HttpTriggerPlugin;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A Runtime whose workers are its children. */
final class AppsRuntime {
  private static final Duration START = Duration.ofMinutes(1);

  private AppsRuntime() {}

  static FunctionRuntime start(Path workers, Stack stack, int placeholders) throws IOException {
    Path states = Files.createDirectories(workers.resolveSibling("states"));
    FunctionRuntime runtime =
        ManyhandsRuntime.builder()
            .options(
                RuntimeOptions.builder()
                    .runtimeId("bench")
                    .stateDirectory(Files.createTempDirectory(states, "runtime"))
                    .sharedLocalTrust(true)
                    .maximumWorkers(1_000)
                    .drainGrace(Duration.ofSeconds(1))
                    .placeholders(stack.workers(), placeholders)
                    .build())
            .discoverPlugins(false)
            .plugin(new GrpcTransportPlugin())
            .plugin(new HttpTriggerPlugin())
            .plugin(new LocalProvisionerPlugin())
            .transport("grpc", Map.of())
            .provisioner("local", Map.of("workersDirectory", workers.toString()))
            .build();
    runtime.startAndWait(START);
    return runtime;
  }

  static URI http(FunctionRuntime runtime) {
    return runtime.endpoints().stream()
        .filter(endpoint -> endpoint.name().equals("http"))
        .map(Endpoint::uri)
        .findFirst()
        .orElseThrow();
  }
}
