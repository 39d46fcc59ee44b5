/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.external;

import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.provision.WorkerProvisioner;
import io.manyhands.spi.provision.WorkerProvisionerFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the provisioner of workers that somebody else starts. */
final class ExternalProvisionerFactory implements WorkerProvisionerFactory {
  private final ExternalWorkers workers;

  ExternalProvisionerFactory(ExternalWorkers workers) {
    this.workers = workers;
  }

  @Override
  public String name() {
    return "external";
  }

  @Override
  public WorkerProvisioner create(PluginConfig config, PluginContext context) {
    List<WorkerStack> stacks = stacks(config, config.required("stacks"));
    Optional<URI> advertised = config.text("advertise").map(value -> address(config, value));
    int maximum = (int) config.number("maxExpected", 10_000, 1, 1_000_000);
    config.finish();
    ExternalProvisioner provisioner =
        new ExternalProvisioner(stacks, advertised, maximum, context.time().randomness());
    workers.serve(provisioner);
    return provisioner;
  }

  private static List<WorkerStack> stacks(PluginConfig config, String value) {
    List<WorkerStack> stacks = new ArrayList<>();
    for (String each : value.split(",", -1)) {
      String[] words = each.strip().split("\\s+", 3);
      try {
        if (words.length > 2) {
          throw config.invalid("stacks", each.strip(), "a language, or a language and a version");
        }
        stacks.add(
            words.length == 1 ? WorkerStack.of(words[0]) : WorkerStack.of(words[0], words[1]));
      } catch (ManyhandsException e) {
        throw config.invalid("stacks", value, "such as \"node, python 3.11\"");
      }
    }
    return List.copyOf(stacks);
  }

  private static URI address(PluginConfig config, String value) {
    try {
      URI uri = URI.create("http://" + value);
      if (uri.getHost() != null && uri.getPort() > 0 && uri.getPort() < 65_536) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw config.invalid("advertise", value, "host:port");
  }
}
