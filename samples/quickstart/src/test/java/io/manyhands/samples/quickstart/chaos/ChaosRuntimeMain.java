/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart.chaos;

import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.core.ManyhandsRuntime;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * A Runtime in a process of its own, to be killed: {@code ROOT GRPC-PORT HTTP-PORT WORKERS}. Says
 * {@code ready}; answers {@code workers} with a line for each and {@code .}, {@code counter NAME}
 * with a number; closes at the end of its input.
 */
final class ChaosRuntimeMain {
  private ChaosRuntimeMain() {}

  public static void main(String[] words) throws Exception {
    Path root = Path.of(words[0]);
    ManyhandsRuntime.Builder builder =
        ManyhandsRuntime.builder()
            .options(
                RuntimeOptions.builder()
                    .runtimeId("chaos")
                    .stateDirectory(root.resolve("state"))
                    .sharedLocalTrust(true)
                    .drainGrace(Duration.ofSeconds(3))
                    .terminateGrace(Duration.ofSeconds(1))
                    .placeholders(ChaosApps.JAVA, 1)
                    .placeholders(ChaosApps.NODE, 1)
                    .placeholders(ChaosApps.PYTHON, 1)
                    .build())
            .transport("grpc", Map.of("port", words[1]))
            .provisioner("local", Map.of("workersDirectory", words[3]))
            .trigger("http", Map.of("port", words[2]));
    for (ApplicationDefinition application : ChaosApps.all(root)) {
      builder.application(application);
    }
    try (FunctionRuntime runtime = builder.build()) {
      runtime.startAndWait(Duration.ofSeconds(60));
      System.out.println("ready");
      serve(runtime, new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
    }
  }

  private static void serve(FunctionRuntime runtime, BufferedReader questions) throws Exception {
    for (String line = questions.readLine(); line != null; line = questions.readLine()) {
      if (line.equals("workers")) {
        runtime
            .workers()
            .workers()
            .forEach(
                worker ->
                    System.out.println(
                        worker.application().map(Object::toString).orElse("-")
                            + " "
                            + worker.processId().orElse(0)
                            + " "
                            + worker.state()));
        System.out.println(".");
      } else {
        System.out.println(runtime.metrics().counter(line.substring("counter ".length())));
      }
    }
  }
}
