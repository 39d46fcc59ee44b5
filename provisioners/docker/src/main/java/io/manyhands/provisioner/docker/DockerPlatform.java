/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.EventType;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.StackInfo;
import io.manyhands.support.platform.Ending;
import io.manyhands.support.platform.Instance;
import io.manyhands.support.platform.InstanceKey;
import io.manyhands.support.platform.Platform;
import io.manyhands.support.platform.PlatformException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Docker engine. Thread-safe. */
final class DockerPlatform implements Platform {
  private static final Logger LOG = LoggerFactory.getLogger(DockerPlatform.class);
  private static final Duration OUTPUT_PATIENCE = Duration.ofSeconds(10);

  private final DockerOptions options;
  private final DockerConnection connection;
  private final DockerImages images;
  private final DockerContainer containers;
  private volatile String host = "";

  DockerPlatform(DockerOptions options, DockerConnection connection) {
    this.options = options;
    this.connection = connection;
    this.images = new DockerImages(connection, options.pull());
    this.containers = new DockerContainer(options);
  }

  @Override
  public List<StackInfo> stacks() {
    return options.workers().stacks();
  }

  @Override
  public void open() throws PlatformException {
    host =
        connection.call(
            "info of the engine",
            () -> {
              String name = connection.calls().infoCmd().exec().getName();
              return name == null ? "" : name;
            });
    images.prepare(options.workers().images().values());
    LOG.info("docker engine {} at {} is used", host, options.engine().host());
  }

  @Override
  public Started start(ProvisionRequest request) throws PlatformException {
    String image = options.workers().image(request.stack());
    images.require(image);
    String name = containers.name(InstanceKey.of(request.id()));
    try {
      create(request, image);
      connection.call(
          "start of a container of " + image,
          () -> {
            try {
              return connection.calls().startContainerCmd(name).exec();
            } catch (NotModifiedException e) {
              return null; // by an earlier try
            }
          });
    } catch (PlatformException e) {
      throw withoutId(e, request);
    }
    Map<String, String> base = new TreeMap<>(images.environment(image));
    base.putAll(options.workers().base());
    return new Started("container " + name, worker(image, base));
  }

  private void create(ProvisionRequest request, String image) throws PlatformException {
    connection.call(
        "creation of a container of " + image,
        () -> {
          try {
            return containers.create(connection.calls(), request).exec();
          } catch (ConflictException e) {
            return requireEarlier(containers.name(InstanceKey.of(request.id())), e);
          } catch (NotFoundException e) {
            images.forget(image);
            throw e;
          }
        });
  }

  /** The name is this worker's alone: where it is there, an earlier try made it. */
  private InspectContainerResponse requireEarlier(String name, ConflictException conflict) {
    try {
      return connection.calls().inspectContainerCmd(name).exec();
    } catch (NotFoundException e) {
      throw conflict;
    }
  }

  /** What an engine says may repeat the command line. */
  private static PlatformException withoutId(PlatformException e, ProvisionRequest request) {
    String message = String.valueOf(e.getMessage());
    return message.contains(request.id().value())
        ? new PlatformException(
            e.kind(), message.replace(request.id().value(), "..."), e.retryAfter(), null)
        : e;
  }

  private ProvisionedWorker worker(String image, Map<String, String> base) {
    return new ProvisionedWorker(
        OptionalLong.empty(),
        base.getOrDefault("FUNCTIONS_WORKER_DIRECTORY", ""),
        Map.of("platform", "docker", "host", host, "image", image),
        base);
  }

  @Override
  public void end(String key, Duration grace) throws PlatformException {
    signal(key, "SIGTERM");
  }

  @Override
  public void kill(String key) throws PlatformException {
    signal(key, "SIGKILL");
  }

  private void signal(String key, String signal) throws PlatformException {
    String name = containers.name(key);
    connection.ensure(
        signal + " to container " + name,
        () -> connection.calls().killContainerCmd(name).withSignal(signal).exec());
  }

  @Override
  public void remove(String key) throws PlatformException {
    String name = containers.name(key);
    connection.ensure(
        "removal of container " + name,
        () ->
            connection
                .calls()
                .removeContainerCmd(name)
                .withForce(true)
                .withRemoveVolumes(true)
                .exec());
  }

  @Override
  public List<Instance> list() throws PlatformException {
    List<Container> found =
        connection.call(
            "list of containers",
            () ->
                connection
                    .calls()
                    .listContainersCmd()
                    .withShowAll(true)
                    .withLabelFilter(Map.of(DockerLabels.IDENTITY, options.identity()))
                    .exec());
    List<Instance> instances = new ArrayList<>();
    for (Container container : found) {
      String key = container.getLabels().get(DockerLabels.KEY);
      if (key != null) {
        boolean ended = List.of("exited", "dead").contains(container.getState());
        instances.add(
            new Instance(
                key,
                "container " + containers.name(key),
                ended ? Optional.of(Ending.of("its container ended")) : Optional.empty()));
      }
    }
    return instances;
  }

  @Override
  public Ending explain(String key, Ending told) throws PlatformException {
    InspectContainerResponse container = inspect(key);
    if (container == null) {
      return told;
    }
    InspectContainerResponse.ContainerState state = container.getState();
    if (state == null || Boolean.TRUE.equals(state.getRunning())) {
      return told;
    }
    @Nullable Long code = state.getExitCodeLong();
    StringBuilder reason = new StringBuilder("its container ended");
    if (code != null) {
      reason.append(" with exit code ").append(code);
    }
    if (Boolean.TRUE.equals(state.getOOMKilled())) {
      reason
          .append(", killed because it wanted more memory than its limit of ")
          .append(options.limits().memoryBytes() / (1024 * 1024))
          .append(" MiB");
    }
    if (state.getError() != null && !state.getError().isBlank()) {
      reason.append(": ").append(state.getError());
    }
    return new Ending(
        reason.toString(), code == null ? OptionalInt.empty() : OptionalInt.of(code.intValue()));
  }

  private @Nullable InspectContainerResponse inspect(String key) throws PlatformException {
    String name = containers.name(key);
    return connection
        .call(
            "inspect of container " + name,
            () -> {
              try {
                return Optional.of(connection.calls().inspectContainerCmd(name).exec());
              } catch (NotFoundException e) {
                return Optional.<InspectContainerResponse>empty();
              }
            })
        .orElse(null);
  }

  @Override
  public Optional<Recovered> recover(Instance instance) throws PlatformException {
    InspectContainerResponse container = inspect(instance.key());
    if (container == null
        || container.getState() == null
        || !Boolean.TRUE.equals(container.getState().getRunning())) {
      return Optional.empty();
    }
    return containers
        .request(container)
        .filter(request -> options.workers().isResumable(request.stack()))
        .filter(
            request ->
                stacks().stream().anyMatch(info -> request.stack().acceptsWorkerOf(info.stack())))
        .map(
            request ->
                new Recovered(
                    request,
                    worker(options.workers().image(request.stack()), options.workers().base())));
  }

  @Override
  public Optional<AutoCloseable> watch(Watcher watcher) throws PlatformException {
    return Optional.of(
        connection.call(
            "events of the engine",
            () ->
                connection
                    .streams()
                    .eventsCmd()
                    .withEventTypeFilter(EventType.CONTAINER)
                    .withEventFilter("die", "destroy")
                    .withLabelFilter(Map.of(DockerLabels.IDENTITY, options.identity()))
                    .exec(new DockerEvents(watcher))));
  }

  @Override
  public List<String> lastOutput(String key, int lines) throws PlatformException {
    List<String> last = new ArrayList<>();
    DockerOutput output = new DockerOutput(line -> add(last, line), () -> {});
    read(key, lines, false, output);
    try {
      if (!output.awaitCompletion(OUTPUT_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("the output of {} did not end", key);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      throw connection.failed("output of container " + containers.name(key), e);
    } finally {
      output.closeQuietly();
    }
    synchronized (last) {
      return List.copyOf(last);
    }
  }

  private static void add(List<String> last, String line) {
    synchronized (last) {
      last.add(line);
    }
  }

  @Override
  public Optional<AutoCloseable> follow(String key, Consumer<String> line, Runnable finished)
      throws PlatformException {
    DockerOutput output = new DockerOutput(line, finished);
    read(key, Integer.MAX_VALUE, true, output);
    return Optional.of(output);
  }

  private void read(String key, int lines, boolean follow, DockerOutput output)
      throws PlatformException {
    String name = containers.name(key);
    connection.call(
        "output of container " + name,
        () ->
            connection
                .streams()
                .logContainerCmd(name)
                .withStdOut(true)
                .withStdErr(true)
                .withTail(lines)
                .withFollowStream(follow)
                .exec(output));
  }

  @Override
  public void close() {
    images.close();
    connection.close();
  }
}
