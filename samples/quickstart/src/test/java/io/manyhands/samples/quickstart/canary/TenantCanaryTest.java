/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.ApplicationContent;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.core.ManyhandsRuntime;
import io.manyhands.provisioner.local.LocalProvisionerPlugin;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.trigger.http.HttpTriggerPlugin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Secrets in the Runtime's environment and in each application's settings, payloads, logs,
 * temporary and home files are found nowhere else: on no wire to another worker, in no answer,
 * error, log, metric, dump or file. With a leak of each kind planted, each is found.
 *
 * <p>It shows what the Runtime hands out. It cannot show what code under one operating-system user
 * takes by itself: its neighbours' memory, environment and files are open to it; that is what
 * runAs, or a container, is for.
 */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
@EnabledOnOs(OS.LINUX)
class TenantCanaryTest {
  private static final Path DOUBLES =
      Path.of("")
          .toAbsolutePath()
          .getParent()
          .getParent()
          .resolve("workers/doubles/target/workers");
  private static final WorkerStack STACK = WorkerStack.of("node");

  /** Set by the build. */
  private static final String RUNTIME_VARIABLE = "MANYHANDS_TEST_CANARY";

  @TempDir Path temporary;
  private final CanaryHunt hunt = new CanaryHunt();
  private final Map<String, String> secrets = new HashMap<>();
  private final Queue<ILoggingEvent> logged = new ConcurrentLinkedQueue<>();
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void nothingOfATenantIsFoundAnywhereElse() throws Exception {
    play(false);

    assertThat(hunt.missed()).isEmpty();
    assertThat(hunt.leaks()).isEmpty();
  }

  @Test
  void leakOfEachKindIsFound() throws Exception {
    play(true);

    assertThat(hunt.leaks())
        .contains(
            "red-setting in wire of blue",
            "red-setting in environment of blue",
            "red-setting in answers of blue",
            "red-setting in errors",
            "red-setting in logs of the Runtime",
            "red-payload in logs of blue",
            "red-setting in metrics",
            "red-home in files of blue",
            "red-setting in files of the Runtime",
            "red-setting in package of blue",
            "red-setting in dumps",
            "runtime in wire of red",
            "runtime in process of red",
            "runtime in answers of blue");
  }

  private void play(boolean leaky) throws Exception {
    hide();
    String thread = Thread.currentThread().getName();
    AppenderBase<ILoggingEvent> appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            logged.add(event);
          }
        };
    appender.start();
    Logger root = (Logger) LoggerFactory.getLogger("io.manyhands");
    Level before = root.getLevel();
    root.setLevel(Level.DEBUG);
    root.addAppender(appender);
    WatchedTransportPlugin transport =
        new WatchedTransportPlugin(
            message -> leaky ? mixedUp(message) : message,
            leaky ? secret("red-setting") : "canaries");
    try (FunctionRuntime runtime = start(transport, leaky)) {
      for (String tenant : List.of("red", "blue")) {
        runtime.jobHosts().start(application(tenant, leaky)).get(60, TimeUnit.SECONDS);
      }
      for (String tenant : List.of("red", "blue")) {
        use(runtime, tenant);
      }
      if (leaky) {
        plant(runtime);
      }
      look(runtime, transport);
    } finally {
      Thread.currentThread().setName(thread);
      root.detachAppender(appender);
      root.setLevel(before);
    }
    lookAtLogs();
  }

  private void hide() {
    assertThat(System.getenv(RUNTIME_VARIABLE)).isEqualTo(hunt.hide("runtime", "own environment"));
    hunt.look("own environment", System.getenv().toString());
    for (String tenant : List.of("red", "blue")) {
      hide(tenant + "-setting", "wire of " + tenant, "environment of " + tenant);
      hide(tenant + "-payload", "wire of " + tenant, "answers of " + tenant);
      hide(tenant + "-log", "logs of " + tenant, "package of " + tenant);
      hide(tenant + "-home", "files of " + tenant, "package of " + tenant);
    }
  }

  private void hide(String name, String... homes) {
    secrets.put(name, hunt.hide(name, homes));
  }

  private String secret(String name) {
    return secrets.getOrDefault(name, "");
  }

  private FunctionRuntime start(WatchedTransportPlugin transport, boolean leaky) {
    Map<String, String> local = new HashMap<>();
    local.put("workersDirectory", DOUBLES.resolve("node-v4").toString());
    if (leaky) {
      local.put("environment.INHERITED", System.getenv(RUNTIME_VARIABLE));
    }
    FunctionRuntime runtime =
        ManyhandsRuntime.builder()
            .options(
                RuntimeOptions.builder()
                    .runtimeId("canary")
                    .stateDirectory(temporary.resolve("state"))
                    .sharedLocalTrust(true)
                    .drainGrace(Duration.ofSeconds(2))
                    .terminateGrace(Duration.ofSeconds(1))
                    .placeholders(STACK, 1)
                    .build())
            .discoverPlugins(false)
            .plugin(transport)
            .plugin(new LocalProvisionerPlugin())
            .plugin(new HttpTriggerPlugin())
            .transport("grpc", Map.of())
            .provisioner("local", local)
            .trigger("http", Map.of())
            .build();
    runtime.startAndWait(Duration.ofSeconds(60));
    return runtime;
  }

  private ApplicationDefinition application(String tenant, boolean leaky) throws IOException {
    Path directory = Files.createDirectories(temporary.resolve("apps").resolve(tenant));
    String thrown = leaky ? secret("red-setting") : "no secret";
    Files.writeString(
        directory.resolve("doubles.json"),
        """
        {"functions": [{"name": "echo", "does": "echo"}, {"name": "environment", "does": "environment"},
          {"name": "fail", "does": "throw", "argument": "%s"},
          {"name": "logs", "does": "log", "argument": "%s"},
          {"name": "leave", "does": "leave", "argument": "%s"}]}
        """
            .formatted(thrown, secret(tenant + "-log"), secret(tenant + "-home")));
    return ApplicationDefinition.builder(tenant)
        .tenant(tenant)
        .stack(STACK)
        .content(ApplicationContent.directory(directory))
        .setting("SECRET", secret(tenant + "-setting"))
        .build();
  }

  private void use(FunctionRuntime runtime, String tenant) throws Exception {
    hunt.look("answers of " + tenant, call(runtime, tenant, "echo", secret(tenant + "-payload")));
    hunt.look("environment of " + tenant, call(runtime, tenant, "environment", ""));
    hunt.look("errors", call(runtime, tenant, "fail", secret(tenant + "-payload")));
    hunt.look(
        "errors",
        runtime
            .router()
            .invoke(
                Invocation.of(
                    ApplicationId.of(tenant),
                    "fail",
                    new Payload.Text(secret(tenant + "-payload"))))
            .get(60, TimeUnit.SECONDS)
            .error()
            .toString());
    hunt.look("answers of " + tenant, call(runtime, tenant, "logs", ""));
    hunt.look("answers of " + tenant, call(runtime, tenant, "leave", ""));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> logged.stream().anyMatch(event -> text(event).contains(secret(tenant + "-log"))));
  }

  /** What a mistake in the Runtime would do. */
  private void plant(FunctionRuntime runtime) throws Exception {
    LoggerFactory.getLogger("io.manyhands.core").info("settings: {}", secret("red-setting"));
    LoggerFactory.getLogger("io.manyhands.app.blue").info("call: {}", secret("red-payload"));
    Files.writeString(temporary.resolve("state/dump"), secret("red-setting"));
    Files.writeString(temporary.resolve("apps/blue/.env"), secret("red-setting"));
    Files.writeString(home(worker(runtime, "blue")).resolve("left-over"), secret("red-home"));
    hunt.look(
        "answers of blue",
        call(runtime, "blue", "echo", secret("red-setting") + System.getenv(RUNTIME_VARIABLE)));
    Thread.currentThread().setName(secret("red-setting"));
  }

  private HostMessage mixedUp(HostMessage message) {
    if (message instanceof HostMessage.EnvironmentReloadRequest reload
        && reload.environment().containsValue(secret("blue-setting"))) {
      Map<String, String> mixed = new HashMap<>(reload.environment());
      mixed.put("OTHER", secret("red-setting"));
      return new HostMessage.EnvironmentReloadRequest(mixed, reload.applicationDirectory());
    }
    return message;
  }

  private void look(FunctionRuntime runtime, WatchedTransportPlugin transport) throws Exception {
    for (String tenant : List.of("red", "blue")) {
      WorkerInfo worker = worker(runtime, tenant);
      hunt.look("wire of " + tenant, transport.saidTo(worker.id().value()));
      hunt.look(
          "process of " + tenant,
          Files.readString(
              Path.of("/proc", Long.toString(worker.processId().orElseThrow()), "environ"),
              StandardCharsets.ISO_8859_1));
      lookAtFiles("files of " + tenant, home(worker).getParent());
      lookAtFiles("package of " + tenant, temporary.resolve("apps").resolve(tenant));
      hunt.look(
          "dumps",
          worker
              + runtime.jobHosts().find(ApplicationId.of(tenant)).toString()
              + application(tenant, false));
    }
    // The pool's next worker has seen nobody.
    for (WorkerInfo worker : runtime.workers().workers()) {
      if (worker.application().isEmpty()) {
        hunt.look("wire of a placeholder", transport.saidTo(worker.id().value()));
      }
    }
    hunt.look("metrics", runtime.metrics().toString() + runtime.metrics().counters());
    hunt.look("dumps", runtime.health().toString() + Thread.getAllStackTraces().keySet());
    try (Stream<Path> own = Files.list(temporary.resolve("state"))) {
      for (Path path : own.filter(path -> !path.endsWith("local")).toList()) {
        lookAtFiles("files of the Runtime", path);
      }
    }
    try (Stream<Path> ledger = Files.list(temporary.resolve("state/local"))) {
      for (Path path : ledger.filter(Files::isRegularFile).toList()) {
        lookAtFiles("files of the Runtime", path);
      }
    }
  }

  private void lookAtLogs() {
    for (ILoggingEvent event : logged) {
      String logger = event.getLoggerName();
      String place =
          logger.startsWith("io.manyhands.app.")
              ? "logs of "
                  + logger.substring("io.manyhands.app.".length()).replaceFirst("\\..*", "")
              : "logs of the Runtime";
      hunt.look(place, text(event));
    }
  }

  private static String text(ILoggingEvent event) {
    return event.getFormattedMessage()
        + event.getMDCPropertyMap()
        + (event.getThrowableProxy() == null ? "" : event.getThrowableProxy().getMessage());
  }

  private void lookAtFiles(String place, Path where) throws IOException {
    try (Stream<Path> files = Files.walk(where)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        hunt.look(place, file + Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
  }

  private static Path home(WorkerInfo worker) throws IOException {
    String environment =
        Files.readString(
            Path.of("/proc", Long.toString(worker.processId().orElseThrow()), "environ"),
            StandardCharsets.ISO_8859_1);
    return Stream.of(environment.split("\0"))
        .filter(variable -> variable.startsWith("HOME="))
        .map(variable -> Path.of(variable.substring(5)))
        .findFirst()
        .orElseThrow();
  }

  private static WorkerInfo worker(FunctionRuntime runtime, String application) {
    return runtime.workers().workers().stream()
        .filter(worker -> worker.application().equals(Optional.of(ApplicationId.of(application))))
        .findFirst()
        .orElseThrow();
  }

  private String call(FunctionRuntime runtime, String application, String function, String body)
      throws Exception {
    URI http =
        runtime.endpoints().stream()
            .filter(endpoint -> endpoint.name().equals("http"))
            .findFirst()
            .orElseThrow()
            .uri();
    HttpResponse<String> answer =
        client
            .sendAsync(
                HttpRequest.newBuilder(http.resolve("/apps/" + application + "/api/" + function))
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .get(60, TimeUnit.SECONDS);
    assertThat(answer.statusCode()).isEqualTo(function.equals("fail") ? 500 : 200);
    return answer.headers().map() + answer.body();
  }
}
