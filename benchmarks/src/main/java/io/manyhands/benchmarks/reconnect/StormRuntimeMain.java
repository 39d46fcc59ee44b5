/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.reconnect;

import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.benchmarks.harness.LightRuntime;
import io.manyhands.core.ManyhandsRuntime;
import io.manyhands.provisioner.external.ExpectedWorker;
import io.manyhands.provisioner.external.ExternalProvisionerPlugin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A Runtime that is killed and started anew, {@code first|again STATE PORT WORKERS}: each worker is
 * another application's. The first start prints the ids that workers are to dial in with, then
 * {@code serving}; a further one calls every application as soon as it may, and prints when the
 * calls were answered, counted from the moment at which its port listened.
 */
final class StormRuntimeMain {
  private static final long PATIENCE_SECONDS = 120;

  private StormRuntimeMain() {}

  public static void main(String[] words) throws Exception {
    int count = Integer.parseInt(words[3]);
    ExternalProvisionerPlugin external = new ExternalProvisionerPlugin();
    TimedTransportPlugin transport = new TimedTransportPlugin();
    ManyhandsRuntime.Builder builder =
        ManyhandsRuntime.builder()
            .options(
                RuntimeOptions.builder()
                    .runtimeId("storm")
                    .stateDirectory(Path.of(words[1]))
                    .maximumWorkers(count + 100)
                    .maximumJobHosts(count + 100)
                    .functionTimeout(Duration.ofSeconds(PATIENCE_SECONDS))
                    .directCompletion(true)
                    .build())
            .discoverPlugins(false)
            .plugin(transport)
            .plugin(external)
            .plugin(new SilentTriggerPlugin())
            .trigger(SilentTriggerPlugin.NAME, Map.of())
            .transport("grpc", Map.of("port", words[2]))
            .provisioner(
                "external",
                Map.of("stacks", LightRuntime.LIGHT.language(), "maxExpected", words[3]));
    for (int index = 0; index < count; index++) {
      builder.application(LightRuntime.application(id(index), 100));
    }
    FunctionRuntime runtime = builder.build();
    runtime.startAndWait(Duration.ofSeconds(PATIENCE_SECONDS));
    long started = System.nanoTime();
    if (words[0].equals("first")) {
      for (ExpectedWorker worker : external.workers().expect(LightRuntime.LIGHT, count)) {
        System.out.println(worker.id().value());
      }
    }
    long[] answered = call(runtime, count);
    if (words[0].equals("first")) {
      System.out.println("serving");
    } else {
      print(answered, started, transport.listenedNanos(), runtime);
    }
    // Until it is killed.
    int unused = System.in.read();
    runtime.close();
  }

  private static ApplicationId id(int index) {
    return ApplicationId.of("app" + index);
  }

  /** When each application answered its first call, in order; fails where one did not. */
  private static long[] call(FunctionRuntime runtime, int count) throws Exception {
    List<CompletableFuture<InvocationResult>> calls = new ArrayList<>();
    long[] answered = new long[count];
    for (int index = 0; index < count; index++) {
      int number = index;
      calls.add(
          runtime
              .router()
              .invoke(Invocation.of(id(index), LightRuntime.ECHO, Payload.empty()))
              .whenComplete((result, error) -> answered[number] = System.nanoTime()));
    }
    for (CompletableFuture<InvocationResult> call : calls) {
      call.get(PATIENCE_SECONDS, TimeUnit.SECONDS).orThrow();
    }
    Arrays.sort(answered);
    return answered;
  }

  /**
   * Milliseconds since the port listened: p50, p99, the last, the start of the Runtime;
   * milliseconds of processor time since the process began; takeovers.
   */
  private static void print(long[] answered, long started, long listened, FunctionRuntime runtime) {
    int last = answered.length - 1;
    System.out.printf(
        Locale.ROOT,
        "%.1f %.1f %.1f %.1f %.1f %d%n",
        millis(answered[answered.length / 2] - listened),
        millis(answered[Math.min(last, answered.length * 99 / 100)] - listened),
        millis(answered[last] - listened),
        millis(started - listened),
        ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() * 1.0,
        runtime.metrics().counter("placement.taken-over"));
  }

  private static double millis(long nanos) {
    return nanos / 1e6;
  }
}
