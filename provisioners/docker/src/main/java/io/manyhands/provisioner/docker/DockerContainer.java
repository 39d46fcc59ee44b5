/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.HostConfig;
import io.manyhands.api.Endpoint;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.support.platform.InstanceKey;
import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A worker's request as a container, and back. */
final class DockerContainer {
  private static final String ID_ARGUMENT = "--functions-worker-id";

  private final DockerOptions options;

  DockerContainer(DockerOptions options) {
    this.options = options;
  }

  String name(String key) {
    return "manyhands-" + options.identity() + "-" + key;
  }

  CreateContainerCmd create(DockerClient client, ProvisionRequest request) {
    CreateContainerCmd create =
        client
            .createContainerCmd(options.workers().image(request.stack()))
            .withName(name(InstanceKey.of(request.id())))
            .withCmd(options.workers().arguments(request))
            .withEnv(variables(request))
            .withLabels(labels(request))
            .withHostConfig(hostConfig());
    return options.sandbox().user().isEmpty() ? create : create.withUser(options.sandbox().user());
  }

  private List<String> variables(ProvisionRequest request) {
    Map<String, String> variables = new TreeMap<>(options.workers().environment(request));
    if (!request.credential().isEmpty()) {
      variables.put(ProvisionRequest.CREDENTIAL_VARIABLE, request.credential());
    }
    return variables.entrySet().stream()
        .map(variable -> variable.getKey() + "=" + variable.getValue())
        .toList();
  }

  private Map<String, String> labels(ProvisionRequest request) {
    Endpoint endpoint = request.endpoint();
    Map<String, String> labels = new HashMap<>();
    labels.put(DockerLabels.IDENTITY, options.identity());
    labels.put(DockerLabels.KEY, InstanceKey.of(request.id()));
    labels.put(DockerLabels.STACK, request.stack().language());
    labels.put(DockerLabels.VERSION, request.stack().version());
    labels.put(DockerLabels.ENDPOINT_NAME, endpoint.name());
    labels.put(DockerLabels.ENDPOINT, endpoint.uri().toString());
    request
        .application()
        .ifPresent(
            target -> {
              labels.put(DockerLabels.APPLICATION, target.id().value());
              labels.put(DockerLabels.TENANT, target.tenant().value());
            });
    return labels;
  }

  private HostConfig hostConfig() {
    DockerOptions.Limits limits = options.limits();
    DockerOptions.Sandbox sandbox = options.sandbox();
    HostConfig config =
        HostConfig.newHostConfig()
            .withMemory(limits.memoryBytes())
            .withMemorySwap(limits.memoryBytes())
            .withNanoCPUs(limits.nanoCpus())
            .withPidsLimit(limits.processes())
            .withReadonlyRootfs(sandbox.readOnly())
            .withTmpFs(Map.of("/tmp", "rw,nosuid,nodev,mode=1777,size=" + limits.temporaryBytes()))
            .withSecurityOpts(List.of("no-new-privileges"))
            .withCapDrop(Capability.ALL)
            .withNetworkMode(sandbox.network())
            .withInit(sandbox.init())
            .withBinds(
                sandbox.mounts().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(mount -> Bind.parse(mount.getValue() + ":" + mount.getKey() + ":ro"))
                    .toArray(Bind[]::new));
    return sandbox.runtime().isPresent() ? config.withRuntime(sandbox.runtime().get()) : config;
  }

  /** The request that a container was made by, as far as it is told again. */
  Optional<ProvisionRequest> request(InspectContainerResponse container) {
    @Nullable ContainerConfig config = container.getConfig();
    if (config == null || config.getLabels() == null || config.getCmd() == null) {
      return Optional.empty();
    }
    Map<String, String> labels = config.getLabels();
    List<String> words = Arrays.asList(config.getCmd());
    int at = words.indexOf(ID_ARGUMENT);
    String language = labels.get(DockerLabels.STACK);
    String name = labels.get(DockerLabels.ENDPOINT_NAME);
    String endpoint = labels.get(DockerLabels.ENDPOINT);
    if (at < 0 || at + 1 >= words.size() || language == null || name == null || endpoint == null) {
      return Optional.empty();
    }
    return Optional.of(
        new ProvisionRequest(
            new WorkerId(words.get(at + 1)),
            new WorkerStack(language, labels.getOrDefault(DockerLabels.VERSION, "")),
            new Endpoint(name, URI.create(endpoint)),
            Optional.empty()));
  }
}
