/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.core.ManyhandsRuntime;
import io.manyhands.provisioner.external.ExpectedWorker;
import io.manyhands.provisioner.external.ExternalProvisionerPlugin;
import io.manyhands.testkit.SocketProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Runtime and where its workers are: two wirings of the same parts. */
interface Wiring extends AutoCloseable {
  FunctionRuntime runtime();

  /** What stands between Runtime and workers and can be cut; empty where nothing does. */
  default Optional<SocketProxy> proxy() {
    return Optional.empty();
  }

  @Override
  void close() throws IOException;

  static RuntimeOptions.Builder options(Path temporary) {
    return RuntimeOptions.builder()
        .runtimeId("suite")
        .stateDirectory(temporary.resolve("state"))
        .workerStartTimeout(Duration.ofMinutes(2))
        .resumeGrace(Duration.ofSeconds(30))
        .drainGrace(Duration.ofSeconds(2))
        .terminateGrace(Duration.ofSeconds(1));
  }

  /** As today: workers are children of their Runtime. */
  static Wiring coupled(StockWorker worker, Path temporary) throws IOException {
    FunctionRuntime runtime =
        ManyhandsRuntime.builder()
            .options(options(temporary).placeholders(worker.stack(), 1).build())
            .transport("grpc", Map.of())
            .provisioner(
                "local", Map.of("workersDirectory", worker.directory(temporary).toString()))
            .trigger("http", Map.of())
            .trigger("timer", Map.of())
            .build();
    runtime.startAndWait(Duration.ofSeconds(60));
    return new Wiring() {
      @Override
      public FunctionRuntime runtime() {
        return runtime;
      }

      @Override
      public void close() {
        runtime.close();
      }
    };
  }

  /** Workers behind an agent, which dials in. */
  static Wiring separated(StockWorker worker, Path temporary, int places) throws IOException {
    ExternalProvisionerPlugin external = new ExternalProvisionerPlugin();
    FunctionRuntime runtime =
        ManyhandsRuntime.builder()
            .options(options(temporary).build())
            .plugin(external)
            .transport("grpc", Map.of())
            .provisioner("external", Map.of("stacks", worker.language()))
            .trigger("http", Map.of())
            .trigger("timer", Map.of())
            .build();
    runtime.startAndWait(Duration.ofSeconds(60));
    SocketProxy proxy =
        new SocketProxy(
            new InetSocketAddress(
                InetAddress.getLoopbackAddress(), endpoint(runtime, "grpc").getPort()));
    List<Passport> ids =
        external.workers().expect(worker.stack(), places * 3).stream()
            .map(ExpectedWorker::id)
            .map(id -> new Passport(id.value(), ""))
            .toList();
    Agent agent =
        Agent.start(
            Agents.options(
                List.of(proxy.address().getPort()),
                Agents.places(worker, ids, places),
                worker.directory(temporary),
                temporary.resolve("agent")));
    return new Wiring() {
      @Override
      public FunctionRuntime runtime() {
        return runtime;
      }

      @Override
      public Optional<SocketProxy> proxy() {
        return Optional.of(proxy);
      }

      @Override
      public void close() throws IOException {
        runtime.close();
        agent.close();
        proxy.close();
      }
    };
  }

  static URI endpoint(FunctionRuntime runtime, String name) {
    return runtime.endpoints().stream()
        .filter(endpoint -> endpoint.name().equals(name))
        .findFirst()
        .orElseThrow()
        .uri();
  }
}
