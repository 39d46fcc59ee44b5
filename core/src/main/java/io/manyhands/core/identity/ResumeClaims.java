/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.identity;

import io.manyhands.api.app.AppRevision;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.TenantId;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import java.util.Optional;

/**
 * What a resume token proves of its bearer.
 *
 * @param incarnation of the Runtime that issued it; differs after each start
 * @param epoch of the acceptance that it was issued for
 * @param origin the provisioner that it came from
 * @param assignment empty for a placeholder
 */
public record ResumeClaims(
    WorkerId worker,
    String incarnation,
    long epoch,
    WorkerStack stack,
    String origin,
    Optional<Assignment> assignment) {
  /** What a worker was specialized for. */
  public record Assignment(TenantId tenant, ApplicationId application, AppRevision revision) {
    /** In the form in which a worker's words are compared with it. */
    public static String describe(String tenant, String application, String revision) {
      return tenant + "/" + application + "@" + revision;
    }

    @Override
    public String toString() {
      return describe(tenant.value(), application.value(), revision.value());
    }
  }
}
