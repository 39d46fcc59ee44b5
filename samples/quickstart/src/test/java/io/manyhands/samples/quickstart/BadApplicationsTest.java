/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.FunctionInfo;
import io.manyhands.api.app.JobHostInfo;
import io.manyhands.api.app.JobHostState;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.core.ManyhandsRuntime;
import io.manyhands.samples.quickstart.chaos.Leftovers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is wrong with applications, deployed one after another beside a sound one that must go on:
 * its worker reads no function.json, so that the Runtime does.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadApplicationsTest {
  private static final String MODE = "python-v1";
  private static final String HTTP =
      """
      {"bindings": [
        {"type": "httpTrigger", "name": "req", "direction": "in", "route": "%s"},
        {"type": "http", "name": "$return", "direction": "out"}]}""";

  @TempDir static Path temporary;

  private final HttpClient client = HttpClient.newHttpClient();
  private Leftovers leftovers;
  private FunctionRuntime runtime;
  private int deployed;

  @BeforeAll
  void start() throws Exception {
    leftovers = new Leftovers(temporary.resolve("state"));
    Path workers = Path.of("").toAbsolutePath().getParent().getParent();
    runtime =
        ManyhandsRuntime.builder()
            .options(
                RuntimeOptions.builder()
                    .runtimeId("bad")
                    .stateDirectory(temporary.resolve("state"))
                    .placeholders(WorkerStack.of("python"), 1)
                    .build())
            .transport("grpc", Map.of())
            .provisioner(
                "local",
                Map.of(
                    "workersDirectory",
                    workers.resolve("workers/doubles/target/workers/" + MODE).toString()))
            .build();
    runtime.startAndWait(Duration.ofSeconds(60));
    deploy("good", DoubleApps.write(MODE, temporary.resolve("good")));
    assertNeighbourServes();
  }

  @AfterAll
  void closeLeavesNothing() throws Exception {
    runtime.close();
    leftovers.assertNoneOnTheMachine();
    leftovers.assertNoneInThisProcess();
  }

  static Stream<Arguments> wholeApplications() {
    return Stream.of(
        Arguments.of("host.json", "{\"version\": ", List.of("host.json:1:13", "malformed JSON")),
        Arguments.of("host.json", "[]", List.of("host.json", "expected")),
        Arguments.of(
            "host.json",
            "{\"functionTimeout\": \"soon\"}",
            List.of("host.json", "functionTimeout", "soon", "expected")),
        Arguments.of(
            "host.json",
            "{\"extensions\": {\"http\": {\"routePrefix\": 7}}}",
            List.of("host.json", "extensions.http.routePrefix", "7", "expected")),
        Arguments.of(
            "host.json",
            "{\"extensions\": {\"http\": {\"maxOutstandingRequests\": \"many\"}}}",
            List.of("host.json", "extensions.http.maxOutstandingRequests", "many", "expected")),
        Arguments.of(
            "other/function.json",
            HTTP.formatted("SUM"),
            List.of("other", "sum", "route", "expected")));
  }

  @ParameterizedTest
  @MethodSource("wholeApplications")
  void fileThatTheApplicationCannotLiveWithFailsIt(String file, String text, List<String> words)
      throws Exception {
    String id = "bad-" + ++deployed;
    Path directory = DoubleApps.write(MODE, temporary.resolve(id));
    Files.createDirectories(directory.resolve(file).getParent());
    Files.writeString(directory.resolve(file), text);

    assertThatThrownBy(() -> deploy(id, directory))
        .hasMessageContainingAll(words.toArray(String[]::new));

    assertThat(info(id).state()).isEqualTo(JobHostState.FAILED);
    assertThat(info(id).failure().orElseThrow()).contains(words);
    assertThat(get("/apps/" + id + "/api/env").statusCode()).isEqualTo(503);
    assertNeighbourServes();
  }

  @Test
  void directoryThatIsNotThereOrNoneIsNamed() throws Exception {
    Path nowhere = temporary.resolve("nowhere");
    Path file = Files.writeString(temporary.resolve("file.txt"), "");

    assertThatThrownBy(() -> deploy("absent", nowhere))
        .hasMessageContainingAll(nowhere.toString(), "expected");
    assertThatThrownBy(() -> deploy("filed", file))
        .hasMessageContainingAll(file.toString(), "expected");
    assertNeighbourServes();
  }

  @Test
  void stackThatNobodyHasIsRefusedNamingTheKnown() throws Exception {
    Path directory = DoubleApps.write(MODE, temporary.resolve("stackless"));
    ApplicationDefinition definition =
        DoubleApps.application(MODE, "stackless", directory, "red").toBuilder()
            .stack(WorkerStack.of("cobol"))
            .build();

    assertThatThrownBy(() -> runtime.jobHosts().start(definition).get(60, TimeUnit.SECONDS))
        .hasMessageContainingAll("cobol", "python");
    assertNeighbourServes();
  }

  @Test
  void functionThatIsWrongFailsAloneSayingWhy() throws Exception {
    Map<String, List<String>> expected =
        Map.of(
            "torn", List.of("torn/function.json", "line"),
            "empty", List.of("empty/function.json", "bindings", "expected"),
            "queued", List.of("queued", "queueTrigger", "httpTrigger", "timerTrigger"),
            "unpaired", List.of("unpaired", "api/{id", "expected"),
            "often", List.of("often", "schedule", "every now and then", "expected"),
            "locked", List.of("locked", "authLevel", "everybody", "expected"));
    Path directory = DoubleApps.write(MODE, temporary.resolve("mixed"));
    function(directory, "torn", "{\"bindings\": [");
    function(directory, "empty", "{\"bindings\": []}");
    function(
        directory,
        "queued",
        "{\"bindings\": [{\"type\": \"queueTrigger\", \"name\": \"m\", \"direction\": \"in\"}]}");
    function(directory, "unpaired", HTTP.formatted("{id"));
    function(
        directory,
        "often",
        "{\"bindings\": [{\"type\": \"timerTrigger\", \"name\": \"t\", \"direction\": \"in\","
            + " \"schedule\": \"every now and then\"}]}");
    function(
        directory,
        "locked",
        "{\"bindings\": [{\"type\": \"httpTrigger\", \"name\": \"r\", \"direction\": \"in\","
            + " \"authLevel\": \"everybody\"}]}");

    deploy("mixed", directory);

    for (FunctionInfo function : info("mixed").functions()) {
      List<String> words = expected.get(function.definition().name());
      if (words == null) {
        assertThat(function.problem()).as(function.definition().name()).isEmpty();
      } else {
        assertThat(function.problem().orElse("")).as(function.definition().name()).contains(words);
      }
    }
    assertThat(info("mixed").functions())
        .extracting(function -> function.definition().name())
        .containsAll(expected.keySet());
    assertThat(get("/apps/mixed/api/env").body()).isEqualTo("red");
    assertNeighbourServes();
  }

  private static void function(Path directory, String name, String text) throws Exception {
    Path folder = Files.createDirectories(directory.resolve(name));
    Files.writeString(folder.resolve("__init__.py"), "");
    Files.writeString(folder.resolve("function.json"), text);
  }

  private void deploy(String id, Path directory) throws Exception {
    runtime
        .jobHosts()
        .start(DoubleApps.application(MODE, id, directory, "red"))
        .get(60, TimeUnit.SECONDS);
  }

  private JobHostInfo info(String id) {
    return runtime.jobHosts().find(ApplicationId.of(id)).orElseThrow();
  }

  private void assertNeighbourServes() throws Exception {
    assertThat(get("/apps/good/api/env").body()).isEqualTo("red");
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI base =
        runtime.endpoints().stream()
            .filter(endpoint -> endpoint.name().equals("http"))
            .findFirst()
            .orElseThrow()
            .uri();
    return client
        .sendAsync(
            HttpRequest.newBuilder(base.resolve(path)).build(),
            HttpResponse.BodyHandlers.ofString())
        .get(60, TimeUnit.SECONDS);
  }
}
