/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.core.ManyhandsRuntime;
import io.manyhands.samples.quickstart.chaos.Leftovers;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a Runtime's configuration, or with a worker's, and what is said of it. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class BadConfigurationTest {
  private static final String SOUND =
      """
      {"description": {"language": "python", "extensions": [".py"],
        "defaultExecutablePath": "/bin/sh", "defaultWorkerPath": "worker.sh"},
       "processOptions": {"processStartupTimeout": "00:00:01"}}""";

  @TempDir Path temporary;

  private Path workers;
  private Leftovers leftovers;

  @BeforeEach
  void layOut() throws Exception {
    workers = temporary.resolve("workers");
    worker(SOUND, "exit 3");
    leftovers = new Leftovers(temporary.resolve("state"));
  }

  static Stream<Arguments> options() {
    return Stream.of(
        Arguments.of("transport", Map.of("prot", "1"), List.of("grpc", "prot", "expected one of")),
        Arguments.of("transport", Map.of("port", "99999"), List.of("port", "99999", "expected")),
        Arguments.of("trigger", Map.of("port", "http"), List.of("port", "http", "expected")),
        Arguments.of(
            "trigger", Map.of("idleTimeout", "soon"), List.of("idleTimeout", "soon", "expected")),
        Arguments.of(
            "trigger",
            Map.of("trustedProxies", "10.0.0.0/40"),
            List.of("trustedProxies", "10.0.0.0/40", "expected")),
        Arguments.of(
            "provisioner",
            Map.of("workersDirectory", "w", "workDirectory", "x", "speed", "high"),
            List.of("local", "speed", "expected one of", "workersDirectory")));
  }

  @ParameterizedTest
  @MethodSource("options")
  void optionThatIsWrongIsNamed(String where, Map<String, String> options, List<String> words) {
    assertThatThrownBy(
            () ->
                build(
                    where.equals("transport") ? options : Map.of(),
                    where.equals("provisioner")
                        ? options
                        : Map.of("workersDirectory", workers.toString()),
                    where.equals("trigger") ? options : Map.of()))
        .isInstanceOfSatisfying(
            ManyhandsException.class,
            refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessageContainingAll(words.toArray(String[]::new));
    leftovers.assertNoneInThisProcess();
  }

  static Stream<Arguments> plugins() {
    return Stream.of(
        Arguments.of("transport", List.of("htpp", "grpc")),
        Arguments.of("provisioner", List.of("htpp", "local")),
        Arguments.of("trigger", List.of("htpp", "http", "timer")));
  }

  @ParameterizedTest
  @MethodSource("plugins")
  void pluginThatNobodyProvidesIsRefusedNamingTheKnown(String kind, List<String> words) {
    ManyhandsRuntime.Builder builder =
        ManyhandsRuntime.builder().options(RuntimeOptions.builder().runtimeId("bad").build());
    switch (kind) {
      case "transport" -> builder.transport("htpp", Map.of());
      case "provisioner" -> builder.transport("grpc", Map.of()).provisioner("htpp", Map.of());
      default -> builder.transport("grpc", Map.of()).trigger("htpp", Map.of());
    }

    assertThatThrownBy(builder::build).hasMessageContainingAll(words.toArray(String[]::new));
    leftovers.assertNoneInThisProcess();
  }

  @Test
  void workersDirectoryThatIsNotThereIsNamed() {
    assertThatThrownBy(
            () ->
                build(
                    Map.of(),
                    Map.of("workersDirectory", temporary.resolve("none").toString()),
                    Map.of()))
        .hasMessageContainingAll(
            "workersDirectory", temporary.resolve("none").toString(), "expected");
  }

  @ParameterizedTest
  @ValueSource(strings = {"transport", "trigger"})
  void portInUseFailsTheStartAndClosesWhatWasOpened(String where) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      FunctionRuntime runtime =
          build(
              where.equals("transport") ? Map.of("port", port) : Map.of(),
              Map.of("workersDirectory", workers.toString()),
              where.equals("trigger") ? Map.of("port", port) : Map.of());

      assertThatThrownBy(() -> runtime.startAndWait(Duration.ofSeconds(60)))
          .isInstanceOfSatisfying(
              ManyhandsException.class,
              refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.RESOURCE_UNAVAILABLE))
          .hasMessageContainingAll("port", port, "expected");
      runtime.close();
    }
    leftovers.assertNoneInThisProcess();
  }

  static Stream<Arguments> workers() {
    return Stream.of(
        Arguments.of(
            "{\"description\": {\"language\": ", "", List.of("worker.config.json", "line 1")),
        Arguments.of("[]", "", List.of("worker.config.json", "expected")),
        Arguments.of(
            "{\"description\": {\"extensions\": [\".py\"]}}",
            "",
            List.of("worker.config.json", "description.language", "expected")),
        Arguments.of(
            "{\"description\": {\"language\": \"python\", \"extensions\": [\".py\"],"
                + " \"defaultExecutablePath\": \"python\", \"arguments\": \"-c\"}}",
            "",
            List.of("worker.config.json", "description.arguments", "-c", "expected")),
        Arguments.of(
            SOUND.replace("00:00:01", "soon"),
            "",
            List.of("worker.config.json", "processStartupTimeout", "soon", "expected")),
        Arguments.of(
            SOUND.replace("/bin/sh", "/no/such/program"),
            "",
            List.of(
                "worker.config.json",
                "description.defaultExecutablePath",
                "/no/such/program",
                "expected")),
        Arguments.of(
            SOUND,
            "echo I never call; exec sleep 600",
            List.of("did not connect within PT1S", "I never call")),
        Arguments.of(SOUND, "echo I give up; exit 7", List.of("exit code 7", "I give up")));
  }

  @ParameterizedTest
  @MethodSource("workers")
  void workerThatCannotComeFailsItsApplicationSayingWhyAndLeavesNothing(
      String config, String script, List<String> words) throws Exception {
    worker(config, script);
    Path app = DoubleApps.write("python-v2", temporary.resolve("app"));
    try (FunctionRuntime runtime =
        build(Map.of(), Map.of("workersDirectory", workers.toString()), Map.of())) {
      runtime.startAndWait(Duration.ofSeconds(60));

      assertThatThrownBy(
              () ->
                  runtime
                      .jobHosts()
                      .start(DoubleApps.application("python-v2", "shop", app, "red"))
                      .get(120, TimeUnit.SECONDS))
          .hasMessageContainingAll(words.toArray(String[]::new));
    }
    await().atMost(Duration.ofSeconds(60)).until(() -> leftovers.processes().isEmpty());
    leftovers.assertNoneInThisProcess();
  }

  private void worker(String config, String script) throws Exception {
    Path folder = Files.createDirectories(workers.resolve("python"));
    Files.writeString(folder.resolve("worker.config.json"), config);
    Files.writeString(folder.resolve("worker.sh"), script);
  }

  private FunctionRuntime build(
      Map<String, String> grpc, Map<String, String> local, Map<String, String> http) {
    return ManyhandsRuntime.builder()
        .options(
            RuntimeOptions.builder()
                .runtimeId("bad")
                .stateDirectory(temporary.resolve("state"))
                .workerStartTimeout(Duration.ofSeconds(1))
                .build())
        .transport("grpc", grpc)
        .provisioner("local", local)
        .trigger("http", http)
        .build();
  }
}
