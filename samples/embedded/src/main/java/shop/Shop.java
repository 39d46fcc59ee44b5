/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package shop;

import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.ApplicationContent;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.core.ManyhandsRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A plain Java service that runs somebody's functions: deploys an app, calls it, prints, closes. */
public final class Shop {
  public static void main(String[] arguments) throws Exception {
    WorkerStack java = WorkerStack.of("manyhands-java");
    FunctionRuntime runtime =
        ManyhandsRuntime.builder()
            .options(
                RuntimeOptions.builder()
                    .runtimeId("shop")
                    .stateDirectory(Path.of("target/state"))
                    .placeholders(java, 1)
                    .build())
            .transport("grpc", Map.of("port", "0"))
            .provisioner("local", Map.of("workersDirectory", "target/workers"))
            .build();
    try (runtime) {
      runtime.startAndWait(Duration.ofSeconds(60));
      runtime
          .jobHosts()
          .start(
              ApplicationDefinition.builder("orders")
                  .tenant("acme")
                  .stack(java)
                  .content(ApplicationContent.directory(Path.of("target/app")))
                  .setting("GREETING", "Hello")
                  .build())
          .get(60, TimeUnit.SECONDS);
      Invocation call =
          Invocation.of(ApplicationId.of("orders"), "hello", Payload.text("world"));
      InvocationResult result = runtime.router().invoke(call).get(60, TimeUnit.SECONDS);
      System.out.println(result.orThrow().returnValue().asText());
      System.out.println(result.phases());
    }
  }
}
