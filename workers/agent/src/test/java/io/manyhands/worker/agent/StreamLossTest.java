/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.core.ManyhandsRuntime;
import io.manyhands.provisioner.external.ExternalProvisionerPlugin;
import io.manyhands.testkit.SocketProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Streams that break under load, and a Runtime that is started anew. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class StreamLossTest {
  private static final Logger LOG = LoggerFactory.getLogger(StreamLossTest.class);
  private static final ApplicationId APP = ApplicationId.of("orders");
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int CALLS = 1500;
  private static final int AT_ONCE = 32;
  private static final int CALLS_A_CUT = 150;

  private static final int WORKERS = 50;

  /** Of the 50; the others are agents of this JVM. */
  private static final int PROCESSES = Integer.getInteger("manyhands.agents", 1);

  @TempDir Path temporary;

  private final LightWorkers workers = new LightWorkers();

  @Test
  void everyCallThatRanIsAnsweredOnceThoughStreamsBreakUnderLoad() throws Exception {
    ExternalProvisionerPlugin external = new ExternalProvisionerPlugin();
    try (FunctionRuntime runtime = runtime(external, 0)) {
      SocketProxy proxy = new SocketProxy(address(port(runtime)));
      Agent agent = agent(external, 1, List.of(proxy.address().getPort()));
      try {
        runtime
            .jobHosts()
            .start(LightWorkers.application("orders", AT_ONCE))
            .get(60, TimeUnit.SECONDS);
        List<CompletableFuture<InvocationResult>> calls = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
          int oldest = calls.size() - AT_ONCE;
          if (oldest >= 0) {
            calls.get(oldest).get(90, TimeUnit.SECONDS);
          }
          if (i % CALLS_A_CUT == CALLS_A_CUT / 2) {
            proxy.cut();
          }
          calls.add(invoke(runtime, "call-" + i));
        }

        int lost = 0;
        for (int i = 0; i < CALLS; i++) {
          InvocationResult result = calls.get(i).get(90, TimeUnit.SECONDS);
          int runs = workers.runs.getOrDefault("call-" + i, new AtomicInteger()).get();
          if (result.succeeded()) {
            assertThat(result.returnValue()).isEqualTo(new Payload.Text("call-" + i));
            assertThat(runs).isEqualTo(1);
          } else {
            // Its request went down with the stream, and so it never ran.
            assertThat(result.error().orElseThrow().code()).isEqualTo(ErrorCode.WORKER_LOST);
            assertThat(runs).isZero();
            lost++;
          }
        }
        // At most those that were on their way at a cut.
        assertThat(lost).isLessThanOrEqualTo(AT_ONCE * CALLS / CALLS_A_CUT);
        assertThat(workers.specializations).hasValue(1);
        WorkerInfo worker = runtime.workers().workers().get(0);
        assertThat(worker.epoch()).isGreaterThan(CALLS / CALLS_A_CUT / 2);
      } finally {
        agent.close();
        proxy.close();
      }
    }
  }

  @Test
  void workersOutliveTheirRuntimeAndServeTheNextWithoutAnotherSpecialization() throws Exception {
    ExternalProvisionerPlugin before = new ExternalProvisionerPlugin();
    FunctionRuntime first = runtime(before, 0);
    SocketProxy proxy = new SocketProxy(address(port(first)));
    int next = freePort();
    Agent agent = agent(before, 1, List.of(proxy.address().getPort(), next));
    try {
      first.jobHosts().start(LightWorkers.application("orders", AT_ONCE)).get(60, TimeUnit.SECONDS);
      assertThat(invoke(first, "one").get(60, TimeUnit.SECONDS).succeeded()).isTrue();
      CompletableFuture<InvocationResult> orphan = invoke(first, LightWorkers.HELD);
      await().atMost(SOON).until(() -> workers.holding() == 1);
      WorkerInfo worker = first.workers().workers().get(0);

      Path crashed = dies(first, proxy);
      assertThat(orphan.get(60, TimeUnit.SECONDS).succeeded()).isFalse();

      try (FunctionRuntime second = runtime(new ExternalProvisionerPlugin(), next, crashed)) {
        await().atMost(SOON).until(() -> ready(second) == 1);
        workers.answerHeld();
        List<CompletableFuture<InvocationResult>> calls = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          calls.add(invoke(second, "again-" + i));
        }
        for (int i = 0; i < 100; i++) {
          assertThat(calls.get(i).get(60, TimeUnit.SECONDS).returnValue())
              .isEqualTo(new Payload.Text("again-" + i));
        }
        WorkerInfo again = second.workers().workers().get(0);
        assertThat(again.id()).isEqualTo(worker.id());
        assertThat(again.epoch()).isGreaterThan(worker.epoch());
        assertThat(workers.specializations).hasValue(1);
        assertThat(workers.started).hasValue(1);
      }
    } finally {
      agent.close();
      proxy.close();
      first.close();
    }
  }

  @Test
  void fiftyWorkersOfManyAgentsComeBackToTheNextRuntime() throws Exception {
    ExternalProvisionerPlugin before = new ExternalProvisionerPlugin();
    FunctionRuntime first = runtime(before, 0);
    SocketProxy proxy = new SocketProxy(address(port(first)));
    int next = freePort();
    List<Integer> ports = List.of(proxy.address().getPort(), next);
    List<Agent> agents = new ArrayList<>();
    List<AgentProcess> processes = new ArrayList<>();
    try {
      for (int i = 0; i < PROCESSES; i++) {
        processes.add(
            AgentProcess.start(
                StockWorker.GO,
                temporary.resolve("process-" + i),
                before.workers().expect(StockWorker.GO.stack(), 1).get(0).id().value(),
                ports));
      }
      for (int i = 0; i < WORKERS - PROCESSES; i++) {
        agents.add(agent(before, 1, ports));
      }
      await().atMost(Duration.ofMinutes(2)).until(() -> placeholders(first) == WORKERS);

      Path crashed = dies(first, proxy);
      try (FunctionRuntime second = runtime(new ExternalProvisionerPlugin(), next, crashed)) {
        long listens = System.nanoTime();
        await().atMost(SOON).pollDelay(Duration.ZERO).until(() -> placeholders(second) == WORKERS);
        LOG.info(
            "{} workers are back after {} ms", WORKERS, (System.nanoTime() - listens) / 1_000_000);
        assertThat(workers.started).hasValue(WORKERS - PROCESSES);
        assertThat(second.workers().workers()).allMatch(worker -> worker.epoch() > 1);
      }
    } finally {
      agents.forEach(Agent::close);
      processes.forEach(AgentProcess::close);
      proxy.close();
      first.close();
    }
  }

  /**
   * As a Runtime dies: nobody is told anything, and what it noted is left as it was.
   *
   * @return the directory that holds its state directory
   */
  private Path dies(FunctionRuntime runtime, SocketProxy proxy) throws IOException {
    Path left = Files.createTempDirectory(temporary, "crashed");
    Path state = temporary.resolve("state");
    try (Stream<Path> files = Files.walk(state)) {
      for (Path file : files.toList()) {
        Files.copy(
            file,
            left.resolve("state").resolve(state.relativize(file)),
            StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    proxy.close();
    runtime.close();
    return left;
  }

  private FunctionRuntime runtime(ExternalProvisionerPlugin external, int port) {
    return runtime(external, port, temporary);
  }

  private static FunctionRuntime runtime(
      ExternalProvisionerPlugin external, int port, Path directory) {
    ManyhandsRuntime.Builder builder =
        ManyhandsRuntime.builder()
            .options(Wiring.options(directory).build())
            .plugin(external)
            .transport("grpc", Map.of("port", Integer.toString(port)))
            .provisioner("external", Map.of("stacks", "light,go"))
            .trigger("http", Map.of());
    if (port != 0) {
      builder.application(LightWorkers.application("orders", AT_ONCE));
    }
    FunctionRuntime runtime = builder.build();
    runtime.startAndWait(SOON);
    return runtime;
  }

  private Agent agent(ExternalProvisionerPlugin external, int places, List<Integer> ports)
      throws IOException {
    List<AgentOptions.Worker> workersOfIt =
        external.workers().expect(LightWorkers.STACK, places).stream()
            .map(
                worker ->
                    new AgentOptions.Worker(
                        "light",
                        "",
                        Optional.empty(),
                        List.of(new Passport(worker.id().value(), "")),
                        Map.of()))
            .toList();
    return new Agent(
        Agents.options(
            ports,
            workersOfIt,
            LightWorkers.directory(temporary),
            Files.createDirectories(temporary.resolve("agents"))),
        (supervisor, directories, path) -> workers);
  }

  private static CompletableFuture<InvocationResult> invoke(FunctionRuntime runtime, String text) {
    return runtime
        .router()
        .invoke(Invocation.of(APP, "echo", new Payload.Text(text)).withTimeout(SOON));
  }

  private static long placeholders(FunctionRuntime runtime) {
    return runtime.workers().workers().stream()
        .filter(worker -> worker.state() == WorkerState.PLACEHOLDER)
        .count();
  }

  private static long ready(FunctionRuntime runtime) {
    return runtime.workers().workers().stream()
        .filter(worker -> worker.state() == WorkerState.READY)
        .count();
  }

  private static int port(FunctionRuntime runtime) {
    return Wiring.endpoint(runtime, "grpc").getPort();
  }

  private static InetSocketAddress address(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
