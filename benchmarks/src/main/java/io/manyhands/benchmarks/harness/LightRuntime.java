/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.harness;

import io.manyhands.api.Endpoint;
import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.AppLimits;
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
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.transport.grpc.GrpcTransportPlugin;
import io.manyhands.trigger.http.HttpTriggerPlugin;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A whole Runtime over gRPC, whose workers are light ones in another process. */
public final class LightRuntime implements AutoCloseable {
  /** The stack of its workers. */
  public static final WorkerStack LIGHT = WorkerStack.of("light");

  /** The function of its applications: answers with its input. */
  public static final String ECHO = "echo";

  private static final long WAIT_SECONDS = 60;

  private static final ProvisionedWorker KNOWN =
      new ProvisionedWorker(OptionalLong.empty(), "", Map.of("external", "true"), Map.of());

  private final ExternalProvisionerPlugin external = new ExternalProvisionerPlugin();
  private final FunctionRuntime runtime;
  private final @Nullable LightWorkers workers;

  public LightRuntime(UnaryOperator<RuntimeOptions.Builder> options, int workerHeapMegabytes)
      throws Exception {
    runtime = start(options);
    URI listens = endpoint("grpc");
    workers = LightWorkers.start(listens.getHost(), listens.getPort(), workerHeapMegabytes);
  }

  private LightRuntime(UnaryOperator<RuntimeOptions.Builder> options) {
    runtime = start(options);
    workers = null;
  }

  /** One whose workers are somebody else's affair. */
  public static LightRuntime withoutWorkers(UnaryOperator<RuntimeOptions.Builder> options) {
    return new LightRuntime(options);
  }

  private FunctionRuntime start(UnaryOperator<RuntimeOptions.Builder> options) {
    FunctionRuntime made =
        ManyhandsRuntime.builder()
            .options(options.apply(RuntimeOptions.builder().runtimeId("bench")).build())
            .discoverPlugins(false)
            .plugin(new GrpcTransportPlugin())
            .plugin(new HttpTriggerPlugin())
            .plugin(external)
            .transport("grpc", Map.of())
            .provisioner("external", Map.of("stacks", LIGHT.language()))
            .build();
    made.startAndWait(Duration.ofSeconds(WAIT_SECONDS));
    return made;
  }

  public FunctionRuntime runtime() {
    return runtime;
  }

  public URI endpoint(String kind) {
    return runtime.endpoints().stream()
        .filter(endpoint -> endpoint.name().equals(kind))
        .map(Endpoint::uri)
        .findFirst()
        .orElseThrow();
  }

  /** Makes further workers dial in; does not wait for them. */
  public void connect(int count) {
    LightWorkers process = workers;
    if (process == null) {
      throw new IllegalStateException("this Runtime has no process of light workers");
    }
    expect(count).forEach(process::connect);
  }

  /** The ids of further workers that may dial in. */
  public List<String> expect(int count) {
    return external.workers().expect(LIGHT, count, KNOWN).stream()
        .map(worker -> worker.id().value())
        .toList();
  }

  /** Calls an application and waits for its answer; fails where that is an error. */
  public void call(ApplicationId id) throws Exception {
    runtime
        .router()
        .invoke(Invocation.of(id, ECHO, Payload.empty()))
        .get(WAIT_SECONDS, TimeUnit.SECONDS)
        .orThrow();
  }

  /** Starts an application whose catalogue is known. */
  public void start(ApplicationId id, int slots) throws Exception {
    runtime.jobHosts().start(application(id, slots)).get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  /** An application with two functions and a known catalogue. */
  public static ApplicationDefinition application(ApplicationId id, int slots) {
    return ApplicationDefinition.builder(id)
        .limits(AppLimits.defaults().withSlotsPerWorker(slots))
        .tenant("bench")
        .stack(LIGHT)
        .content(new ApplicationContent.Inline(List.of(function(ECHO), function("other")), ""))
        .build();
  }

  private static FunctionDefinition function(String name) {
    Binding trigger =
        new Binding(
            "input",
            "httpTrigger",
            Binding.Direction.IN,
            Map.of("authLevel", "anonymous"),
            "{\"name\":\"input\",\"type\":\"httpTrigger\",\"direction\":\"in\",\"authLevel\":\"anonymous\"}");
    return new FunctionDefinition(name, "", "", "", LIGHT.language(), List.of(trigger), Map.of());
  }

  /** Starts applications, each with a worker of its own that has answered once. */
  public List<ApplicationId> serve(String prefix, int count, int slots) throws Exception {
    connect(count);
    List<ApplicationId> ids = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      ApplicationId id = ApplicationId.of(prefix + index);
      start(id, slots);
      ids.add(id);
    }
    for (ApplicationId id : ids) {
      call(id);
    }
    return ids;
  }

  @Override
  public void close() {
    runtime.close();
    LightWorkers process = workers;
    if (process != null) {
      process.close();
    }
  }
}
