/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.core.ManyhandsRuntime;
import io.manyhands.provisioner.external.ExpectedWorker;
import io.manyhands.provisioner.external.ExternalProvisionerPlugin;
import io.manyhands.spi.policy.AssignmentPolicy;
import io.manyhands.spi.provision.ProvisionedWorker;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One Runtime with children of its own and workers behind an agent, as docs/migration.md wires it.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class BothModelsTest {
  private static final StockWorker WORKER = StockWorker.NODE_V3;
  private static final ApplicationId MOVED = ApplicationId.of("moved");
  private static final ProvisionedWorker BEHIND_AN_AGENT =
      new ProvisionedWorker(OptionalLong.empty(), "", Map.of("model", "separated"), Map.of());

  @TempDir Path temporary;

  @Test
  void applicationsMoveOneByOneWhileTheOthersStay() throws Exception {
    Path app = WORKER.app(temporary.resolve("app"));
    Path ticks = Files.createDirectories(temporary.resolve("ticks"));
    ExternalProvisionerPlugin external = new ExternalProvisionerPlugin();
    AssignmentPolicy policy =
        (need, placeholders) ->
            placeholders.stream()
                .filter(worker -> separated(worker) == need.application().equals(MOVED))
                .findFirst()
                .map(worker -> new AssignmentPolicy.Choice(worker, "where its application is"));
    FunctionRuntime runtime =
        ManyhandsRuntime.builder()
            .options(Wiring.options(temporary).placeholders(WORKER.stack(), 1).build())
            .plugin(external)
            .transport("grpc", Map.of())
            .provisioner(
                "local", Map.of("workersDirectory", WORKER.directory(temporary).toString()))
            .provisioner("external", Map.of("stacks", WORKER.language()))
            .trigger("http", Map.of())
            .trigger("timer", Map.of())
            .assignmentPolicy(policy)
            .build();
    runtime.startAndWait(Duration.ofSeconds(60));
    List<Passport> ids =
        external.workers().expect(WORKER.stack(), 1, BEHIND_AN_AGENT).stream()
            .map(ExpectedWorker::id)
            .map(id -> new Passport(id.value(), ""))
            .toList();
    Agent agent =
        Agent.start(
            Agents.options(
                List.of(Wiring.endpoint(runtime, "grpc").getPort()),
                Agents.places(WORKER, ids, 1),
                WORKER.directory(temporary),
                temporary.resolve("agent")));
    try {
      for (String id : List.of("moved", "stays")) {
        runtime
            .jobHosts()
            .start(WORKER.application(id, app, "colour-of-" + id, ticks))
            .get(90, TimeUnit.SECONDS);
        assertThat(environment(runtime, id)).isEqualTo("colour-of-" + id);
      }

      assertThat(worker(runtime, "moved")).matches(BothModelsTest::separated);
      assertThat(worker(runtime, "moved").processId()).isEmpty();
      assertThat(worker(runtime, "stays")).matches(worker -> !separated(worker));
      assertThat(worker(runtime, "stays").processId()).isPresent();
    } finally {
      runtime.close();
      agent.close();
    }
  }

  private static boolean separated(WorkerInfo worker) {
    return "separated".equals(worker.labels().get("model"));
  }

  private static WorkerInfo worker(FunctionRuntime runtime, String application) {
    return runtime.workers().workers().stream()
        .filter(info -> info.application().equals(Optional.of(ApplicationId.of(application))))
        .findFirst()
        .orElseThrow();
  }

  private static String environment(FunctionRuntime runtime, String application) throws Exception {
    return HttpClient.newHttpClient()
        .sendAsync(
            HttpRequest.newBuilder(
                    Wiring.endpoint(runtime, "http").resolve("/apps/" + application + "/api/env"))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .get(60, TimeUnit.SECONDS)
        .body();
  }
}
