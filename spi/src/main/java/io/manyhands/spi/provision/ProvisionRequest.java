/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.provision;

import io.manyhands.api.Endpoint;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Asks for one worker.
 *
 * @param id under which it must present itself; unguessable and used once
 * @param stack what it must be
 * @param endpoint where it is to dial
 * @param application what it is started for; empty starts a placeholder
 */
public record ProvisionRequest(
    WorkerId id, WorkerStack stack, Endpoint endpoint, Optional<Target> application) {
  public ProvisionRequest {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(stack, "stack");
    Objects.requireNonNull(endpoint, "endpoint");
    Objects.requireNonNull(application, "application");
  }

  /**
   * An application that a worker is started for.
   *
   * @param id its id
   * @param tenant whose it is
   * @param directory its code where the worker sees it; empty where there is none
   * @param environment of the process beside the provisioner's own base; values never appear in
   *     toString
   */
  public record Target(
      io.manyhands.api.app.ApplicationId id,
      io.manyhands.api.app.TenantId tenant,
      String directory,
      Map<String, String> environment) {
    public Target {
      environment = Map.copyOf(environment);
    }

    @Override
    public String toString() {
      return "Target["
          + id
          + ", "
          + tenant
          + ", "
          + directory
          + ", "
          + environment.size()
          + " variables]";
    }
  }
}
