/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.api.app.AppRevision;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.TenantId;
import io.manyhands.core.identity.ResumeClaims;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a worker is to become. Environment values never appear in toString.
 *
 * @param application whose calls it will take
 * @param tenant whose code it will see
 * @param revision what it will serve
 * @param code where its code is
 * @param environment protocol variables and app settings, without the worker's own base
 * @param functions the catalogue, where it is known; empty asks the worker to index
 * @param slots calls that it will run at once
 */
public record SpecializationTarget(
    ApplicationId application,
    TenantId tenant,
    AppRevision revision,
    AppCode code,
    Map<String, String> environment,
    Optional<List<CatalogueFunction>> functions,
    int slots) {
  /** Its code as the worker sees it; may be empty. */
  public String directory() {
    return code.directory();
  }

  /** Whose worker it will be. */
  public ResumeClaims.Assignment assignment() {
    return new ResumeClaims.Assignment(tenant, application, revision);
  }

  /** The same with its catalogue. */
  public SpecializationTarget with(List<CatalogueFunction> catalogue) {
    return new SpecializationTarget(
        application, tenant, revision, code, environment, Optional.of(catalogue), slots);
  }

  @Override
  public String toString() {
    return "SpecializationTarget[" + application + "@" + revision + "]";
  }
}
