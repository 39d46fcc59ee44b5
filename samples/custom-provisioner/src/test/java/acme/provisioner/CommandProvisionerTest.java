/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package acme.provisioner;

import io.manyhands.api.Endpoint;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.ManyhandsPlugin;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.WorkerProvisioner;
import io.manyhands.spi.provision.WorkerProvisionerFactory;
import io.manyhands.spi.time.TimeSeams;
import io.manyhands.testkit.contract.ProvisionerBehaviour;
import io.manyhands.testkit.contract.ProvisionerHarness;
import io.manyhands.testkit.contract.WorkerProvisionerContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** The testkit's contract, on the plug-in as the ServiceLoader finds it. */
final class CommandProvisionerTest extends WorkerProvisionerContract {
  @TempDir Path directory;

  @Override
  protected ProvisionerHarness createHarness() {
    return new Harness(directory);
  }

  private static final class Harness implements ProvisionerHarness {
    private final ExecutorService blocking = Executors.newFixedThreadPool(8);
    private final Path idle;
    private final Path dying;

    Harness(Path directory) {
      idle = script(directory.resolve("idle.sh"), "while :; do sleep 1; done");
      dying =
          script(
              directory.resolve("dying.sh"), "echo " + LAST_WORDS + "; exit " + DYING_EXIT_CODE);
    }

    private static Path script(Path file, String content) {
      try {
        return Files.writeString(file, content + "\n");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Set<ProvisionerBehaviour> behaviours() {
      return EnumSet.of(
          ProvisionerBehaviour.STARTS_ON_REQUEST,
          ProvisionerBehaviour.NOTICES_DEATH,
          ProvisionerBehaviour.REPORTS_LAST_WORDS);
    }

    @Override
    public WorkerProvisioner create() {
      WorkerProvisionerFactory factory =
          ServiceLoader.load(ManyhandsPlugin.class).stream()
              .flatMap(plugin -> plugin.get().provisioners().stream())
              .filter(found -> found.name().equals("command"))
              .findFirst()
              .orElseThrow();
      Map<String, String> options =
          Map.of("command.idle", "/bin/sh " + idle, "command.dying", "/bin/sh " + dying);
      return factory.create(new PluginConfig("provisioner command", options), new Context());
    }

    @Override
    public WorkerStack healthyStack() {
      return WorkerStack.of("idle");
    }

    @Override
    public WorkerStack dyingStack() {
      return WorkerStack.of("dying");
    }

    @Override
    public Endpoint endpoint() {
      return new Endpoint("grpc", URI.create("http://127.0.0.1:7071"));
    }

    @Override
    public void kill(WorkerId worker, ProvisionedWorker known) {
      ProcessHandle process = ProcessHandle.of(known.processId().orElseThrow()).orElseThrow();
      Stream.concat(process.descendants(), Stream.of(process))
          .toList()
          .forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public int running() {
      return (int)
          ProcessHandle.current()
              .children()
              .filter(ProcessHandle::isAlive)
              .filter(
                  child ->
                      child.info().arguments().stream()
                          .flatMap(Stream::of)
                          .anyMatch(idle.toString()::equals))
              .count();
    }

    @Override
    public void close() {
      blocking.shutdownNow();
    }

    private final class Context implements PluginContext {
      @Override
      public RuntimeOptions options() {
        return RuntimeOptions.defaults();
      }

      @Override
      public Path stateDirectory() {
        return idle.getParent();
      }

      @Override
      public TimeSeams time() {
        throw new AssertionError("not needed");
      }

      @Override
      public Executor blockingExecutor() {
        return blocking;
      }
    }
  }
}
