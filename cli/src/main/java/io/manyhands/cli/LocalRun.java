/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.cli;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.AccessKeys;
import io.manyhands.api.app.ApplicationContent;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.JobHostInfo;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.core.ManyhandsRuntime;
import io.manyhands.support.appfiles.AppFileException;
import io.manyhands.support.appfiles.LocalSettings;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A Runtime on this machine with one application. For one thread. */
final class LocalRun implements AutoCloseable {
  /**
   * How an application is run.
   *
   * @param stack language or language:version; null where the files tell
   * @param port of HTTP; 0 for any
   * @param stateDirectory of the Runtime
   */
  record Options(@Nullable String stack, int port, Path stateDirectory) {}

  private static final Duration START = Duration.ofMinutes(1);
  private static final long SERVE_MINUTES = 5;

  private final AppFolder application;
  private final WorkerFolders workers;
  private final Options options;
  private final PrintWriter out;
  private final AccessKeys keys = new AccessKeys(Map.of("local", newKey()), Map.of());
  private final WorkerStack stack;
  private final FunctionRuntime runtime;
  private boolean started;

  /**
   * @throws CommandException where no worker for the application is here
   */
  LocalRun(AppFolder application, WorkerFolders workers, Options options, PrintWriter out)
      throws IOException {
    this.application = application;
    this.workers = workers;
    this.options = options;
    this.out = out;
    this.stack = stack();
    this.runtime =
        ManyhandsRuntime.builder()
            .options(
                RuntimeOptions.builder()
                    .runtimeId("local")
                    .stateDirectory(options.stateDirectory())
                    // A restart takes a worker that waits already.
                    .placeholders(WorkerStack.of(stack.language()), 1)
                    .drainGrace(Duration.ofSeconds(5))
                    .build())
            .transport("grpc", Map.of())
            .provisioner("local", provisionerOptions())
            .trigger("http", Map.of("port", Integer.toString(options.port())))
            .build();
  }

  private static String newKey() {
    byte[] bytes = new byte[20];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private WorkerStack stack() throws IOException {
    return workers.resolve(
        application.stack(options.stack(), LocalSettings.read(application.path())));
  }

  private Map<String, String> provisionerOptions() {
    Map<String, String> config = new TreeMap<>();
    config.put("workersDirectory", workers.option());
    String own =
        application.programs().stream()
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    String path = System.getenv("PATH");
    if (!own.isEmpty() && path != null) {
      config.put("searchPath", own + File.pathSeparator + path);
    }
    return config;
  }

  /**
   * Blocks until the application serves or cannot.
   *
   * @return false where it cannot, which was printed
   */
  boolean start() {
    out.println(
        "Starting " + application.path() + " as application " + application.id() + " on " + stack);
    runtime.startAndWait(START);
    started = true;
    return show("started", () -> runtime.jobHosts().start(definition()));
  }

  /** Takes changed files over; the old ones serve on where the new ones cannot. */
  void update() {
    out.println("Files changed: restarting");
    show(
        "restarted",
        () ->
            runtime.jobHosts().find(application.id()).isPresent()
                ? runtime.jobHosts().update(definition())
                : runtime.jobHosts().start(definition()));
  }

  private ApplicationDefinition definition() {
    LocalSettings local = LocalSettings.read(application.path());
    ApplicationDefinition.Builder definition =
        ApplicationDefinition.builder(application.id())
            .tenant("local")
            .stack(stack)
            .content(ApplicationContent.directory(application.path()))
            .keys(keys)
            // So that paths are those of a function app that has its machine to itself.
            .hostName("localhost")
            .hostName("127.0.0.1");
    application.settings(local).forEach(definition::setting);
    return definition.build();
  }

  /** Something that leads to a JobHost. */
  private interface Change {
    CompletableFuture<JobHostInfo> make();
  }

  private boolean show(String done, Change change) {
    try {
      JobHostInfo info = change.make().get(SERVE_MINUTES, TimeUnit.MINUTES);
      out.println("Application " + application.id() + " " + done);
      new FunctionList(http(), keys.host().get("local"))
          .lines(info, application.path())
          .forEach(out::println);
      return true;
    } catch (ExecutionException failed) {
      return failed(failed.getCause());
    } catch (AppFileException | ManyhandsException wrong) {
      return failed(wrong);
    } catch (TimeoutException late) {
      return failed(
          new ManyhandsException(
              ErrorCode.RESOURCE_UNAVAILABLE,
              "not serving after " + SERVE_MINUTES + " minutes (expected: sooner)",
              late));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return failed(interrupted);
    }
  }

  private boolean failed(@Nullable Throwable why) {
    boolean known = why instanceof AppFileException || why instanceof ManyhandsException;
    out.println(
        "Application "
            + application.id()
            + " does not serve: "
            + (known && why != null ? why.getMessage() : why));
    return false;
  }

  private URI http() {
    return runtime.endpoints().stream()
        .filter(endpoint -> endpoint.name().equals("http"))
        .findFirst()
        .map(endpoint -> URI.create("http://localhost:" + endpoint.uri().getPort()))
        .orElseThrow(() -> new IllegalStateException("no HTTP endpoint"));
  }

  @Override
  public void close() {
    if (started) {
      out.println("Stopping");
    }
    runtime.close();
  }
}
