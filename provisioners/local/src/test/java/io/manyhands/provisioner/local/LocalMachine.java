/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.local;

import io.manyhands.api.Endpoint;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.core.concurrent.SystemSeams;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.WorkerProvisioner;
import io.manyhands.spi.time.TimeSeams;
import io.manyhands.testkit.contract.ProvisionerHarness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * A directory with workers made of shell scripts and a state directory, and what a Runtime brings
 * to a provisioner.
 */
final class LocalMachine implements AutoCloseable {
  static final Endpoint ENDPOINT = new Endpoint("grpc", URI.create("http://127.0.0.1:7071"));

  private final Path root;
  private final ExecutorService blocking = Executors.newFixedThreadPool(8);
  private final SystemSeams seams = SystemSeams.create("test");

  LocalMachine(Path root) {
    this.root = root;
    worker("idle", "while :; do sleep 1; done");
    config("idle", description("idle", ", \"resumable\": true"));
    worker("passing", "while :; do sleep 1; done");
    worker(
        "polite",
        "trap 'exit %d' TERM; : > \"$HOME/ready\"; while :; do sleep 1; done"
            .formatted(ProvisionerHarness.POLITE_EXIT_CODE));
    worker(
        "dying",
        "echo starting; echo '%s' >&2; exit %d"
            .formatted(ProvisionerHarness.LAST_WORDS, ProvisionerHarness.DYING_EXIT_CODE));
  }

  Path workers() {
    return root.resolve("workers");
  }

  Path state() {
    return root.resolve("state");
  }

  /** Adds a worker that is a shell script. */
  void worker(String language, String script) {
    write(language + "/worker.sh", script);
    config(language, description(language, ""));
  }

  static String description(String language, String more) {
    return """
        {"description": {"language": "%s", "defaultExecutablePath": "/bin/sh", "defaultWorkerPath": "worker.sh"%s}}
        """
        .formatted(language, more);
  }

  void config(String language, String content) {
    write(language + "/worker.config.json", content);
  }

  private void write(String file, String content) {
    try {
      Path path = workers().resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, content);
      Files.createDirectories(state());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  WorkerProvisioner create(Map<String, String> more) {
    Map<String, String> options = new HashMap<>(Map.of("workersDirectory", workers().toString()));
    options.putAll(more);
    return new LocalProvisionerPlugin()
        .provisioners()
        .get(0)
        .create(new PluginConfig("provisioner local", options), new Context());
  }

  static ProvisionRequest request(String language) {
    return request(WorkerStack.of(language));
  }

  static ProvisionRequest request(WorkerStack stack) {
    return new ProvisionRequest(
        new WorkerId(UUID.randomUUID().toString()), stack, ENDPOINT, Optional.empty());
  }

  /** The launches of which any process runs, asked of the system: those whose HOME is in here. */
  Set<String> running() {
    Set<String> launches = new HashSet<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process :
          processes.filter(p -> p.getFileName().toString().matches("[0-9]+")).toList()) {
        environment(process).stream()
            .filter(variable -> variable.startsWith("HOME=" + root))
            .forEach(launches::add);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return launches;
  }

  static List<String> environment(Path process) {
    try {
      String all =
          new String(Files.readAllBytes(process.resolve("environ")), StandardCharsets.ISO_8859_1);
      return List.of(all.split("\0"));
    } catch (IOException e) {
      return List.of(); // gone, or not ours
    }
  }

  /** The private directories that are there. */
  List<Path> privateDirectories() {
    Path local = state().resolve("local");
    if (Files.notExists(local)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(local)) {
      return files.filter(Files::isDirectory).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    blocking.shutdownNow();
    seams.close();
    if (!running().isEmpty() || !privateDirectories().isEmpty()) {
      throw new AssertionError(
          "left behind: processes of " + running() + ", directories " + privateDirectories());
    }
  }

  private final class Context implements PluginContext {
    @Override
    public RuntimeOptions options() {
      return RuntimeOptions.builder().stateDirectory(state()).build();
    }

    @Override
    public Path stateDirectory() {
      return state();
    }

    @Override
    public TimeSeams time() {
      return seams.seams();
    }

    @Override
    public Executor blockingExecutor() {
      return blocking;
    }
  }
}
