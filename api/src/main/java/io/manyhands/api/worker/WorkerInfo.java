/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.worker;

import io.manyhands.api.app.AppRevision;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.TenantId;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A worker at one moment.
 *
 * @param id its identity
 * @param epoch how often it has been accepted, from 1
 * @param stack language and version as it reported them
 * @param state where in its life
 * @param application whose calls it takes
 * @param tenant whose code it has seen
 * @param revision what it was specialized for
 * @param slots calls it runs at once
 * @param inFlight calls it runs now
 * @param processId on this machine, where known
 * @param labels of its provisioner: host, zone, package
 * @param since when it reached this state
 * @param reason why it was chosen, or why it is where it is
 */
public record WorkerInfo(
    WorkerId id,
    long epoch,
    WorkerStack stack,
    WorkerState state,
    Optional<ApplicationId> application,
    Optional<TenantId> tenant,
    Optional<AppRevision> revision,
    int slots,
    int inFlight,
    OptionalLong processId,
    Map<String, String> labels,
    Instant since,
    String reason) {
  public WorkerInfo {
    Objects.requireNonNull(id, "id");
    labels = java.util.Collections.unmodifiableMap(new TreeMap<>(labels));
  }
}
