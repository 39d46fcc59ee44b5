/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks;

import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.ApplicationContent;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.Binding;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.core.ManyhandsRuntime;
import io.manyhands.provisioner.external.ExternalProvisionerPlugin;
import io.manyhands.transport.grpc.GrpcTransportPlugin;
import io.manyhands.trigger.http.HttpTriggerPlugin;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The same calls through {@code api.Router} of a whole Runtime. */
final class ThroughRouter implements Subject {
  private static final ApplicationId APP = ApplicationId.of("echo");

  private final boolean direct;
  private final FunctionRuntime runtime;
  private final Process process;
  private final Payload body = new Payload.Binary(ByteBuffer.wrap(new byte[Routing.BODY_BYTES]));

  ThroughRouter(boolean direct) throws Exception {
    this.direct = direct;
    ExternalProvisionerPlugin external = new ExternalProvisionerPlugin();
    runtime =
        ManyhandsRuntime.builder()
            .options(RuntimeOptions.builder().runtimeId("bench").directCompletion(direct).build())
            .discoverPlugins(false)
            .plugin(new GrpcTransportPlugin())
            .plugin(new HttpTriggerPlugin())
            .plugin(external)
            .transport("grpc", Map.of())
            .provisioner("external", Map.of("stacks", "light"))
            .build();
    runtime.startAndWait(Duration.ofSeconds(60));
    URI endpoint = runtime.endpoints().get(0).uri();
    String id = external.workers().expect(WorkerStack.of("light"), 1).get(0).id().value();
    process = WorkerProcesses.start(endpoint.getHost(), endpoint.getPort(), id);
    Binding trigger =
        new Binding(
            "input",
            "httpTrigger",
            Binding.Direction.IN,
            Map.of("authLevel", "anonymous"),
            "{\"name\":\"input\",\"type\":\"httpTrigger\",\"direction\":\"in\"}");
    runtime
        .jobHosts()
        .start(
            ApplicationDefinition.builder(APP)
                .tenant("bench")
                .stack(WorkerStack.of("light"))
                .content(
                    new ApplicationContent.Inline(
                        List.of(
                            new FunctionDefinition(
                                "echo", "", "", "", "light", List.of(trigger), Map.of())),
                        ""))
                .build())
        .get(60, TimeUnit.SECONDS);
    runtime.router().invoke(Invocation.of(APP, "echo", body)).get(60, TimeUnit.SECONDS).orThrow();
  }

  @Override
  public String name() {
    return direct ? "Router, direct completion" : "Router, callback executor";
  }

  @Override
  public void call(Runnable answered) {
    runtime
        .router()
        .invoke(Invocation.of(APP, "echo", body))
        .whenComplete(
            (result, error) -> {
              if (error != null || !result.succeeded()) {
                throw new IllegalStateException(
                    "a call failed: " + (error == null ? result.error() : error));
              }
              answered.run();
            });
  }

  @Override
  public void close() {
    runtime.close();
    WorkerProcesses.end(process);
  }
}
