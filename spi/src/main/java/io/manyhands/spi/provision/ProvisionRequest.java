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
 * @param credential that it presents beside its id where it speaks our extension: a secret, good
 *     for a short time and one stream, to be handed on by {@link #CREDENTIAL_VARIABLE} or a file
 *     that {@link #CREDENTIAL_FILE_VARIABLE} names, never on a command line; empty for none
 */
public record ProvisionRequest(
    WorkerId id,
    WorkerStack stack,
    Endpoint endpoint,
    Optional<Target> application,
    String credential) {
  /** The environment variable in which a worker or agent finds its credential. */
  public static final String CREDENTIAL_VARIABLE = "MANYHANDS_CREDENTIAL";

  /** The environment variable that names the private file with it, where there is one. */
  public static final String CREDENTIAL_FILE_VARIABLE = "MANYHANDS_CREDENTIAL_FILE";

  public ProvisionRequest {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(stack, "stack");
    Objects.requireNonNull(endpoint, "endpoint");
    Objects.requireNonNull(application, "application");
    Objects.requireNonNull(credential, "credential");
  }

  /** Without a credential, as for workers that present their id alone. */
  public ProvisionRequest(
      WorkerId id, WorkerStack stack, Endpoint endpoint, Optional<Target> application) {
    this(id, stack, endpoint, application, "");
  }

  /** Without the credential. */
  @Override
  public String toString() {
    return "ProvisionRequest[" + id + ", " + stack + ", " + endpoint + ", " + application + "]";
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
