/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.agent;

import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.Payload;
import io.manyhands.benchmarks.harness.LightRuntime;
import io.manyhands.benchmarks.harness.LightWorkers;
import io.manyhands.core.ManyhandsRuntime;
import io.manyhands.provisioner.external.ExternalProvisionerPlugin;
import io.manyhands.transport.grpc.GrpcTransportPlugin;
import io.manyhands.trigger.http.HttpTriggerPlugin;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Runtime with one light worker, which dials it directly or is behind an agent. */
final class Side implements AutoCloseable {
  private static final ApplicationId APP = ApplicationId.of("echo");
  private static final long WAIT_SECONDS = 60;

  private final FunctionRuntime runtime;
  private final Closeable worker;
  private final Invocation call;
  private long calls;

  /** Makes a worker dial in. */
  @FunctionalInterface
  interface Starter {
    Closeable start(URI runtime, String workerId) throws Exception;
  }

  Side(int bodyBytes, Starter starter) throws Exception {
    ExternalProvisionerPlugin external = new ExternalProvisionerPlugin();
    runtime =
        ManyhandsRuntime.builder()
            .options(RuntimeOptions.builder().runtimeId("bench").directCompletion(true).build())
            .discoverPlugins(false)
            .plugin(new GrpcTransportPlugin())
            .plugin(new HttpTriggerPlugin())
            .plugin(external)
            .transport("grpc", Map.of())
            .provisioner("external", Map.of("stacks", LightRuntime.LIGHT.language()))
            .build();
    runtime.startAndWait(Duration.ofSeconds(WAIT_SECONDS));
    URI listens = runtime.endpoints().get(0).uri();
    worker =
        starter.start(
            listens, external.workers().expect(LightRuntime.LIGHT, 1).get(0).id().value());
    runtime.jobHosts().start(LightRuntime.application(APP, 1)).get(WAIT_SECONDS, TimeUnit.SECONDS);
    call =
        Invocation.of(APP, LightRuntime.ECHO, new Payload.Binary(ByteBuffer.allocate(bodyBytes)));
  }

  static Side direct(int bodyBytes) throws Exception {
    return new Side(
        bodyBytes,
        (uri, id) -> {
          LightWorkers workers = LightWorkers.start(uri.getHost(), uri.getPort(), 64);
          workers.connect(id);
          return workers::close;
        });
  }

  long calls() {
    return calls;
  }

  /** The median of calls one after another, in microseconds. */
  double medianMicros(Duration round) throws Exception {
    long[] took = new long[1 << 17];
    int count = 0;
    long end = System.nanoTime() + round.toNanos();
    for (long begin = System.nanoTime(); begin < end && count < took.length; ) {
      runtime.router().invoke(call).get(WAIT_SECONDS, TimeUnit.SECONDS).orThrow();
      long now = System.nanoTime();
      took[count++] = now - begin;
      begin = now;
    }
    calls += count;
    Arrays.sort(took, 0, count);
    return took[count / 2] / 1000.0;
  }

  @Override
  public void close() throws IOException {
    runtime.close();
    worker.close();
  }
}
