/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.app;

import io.manyhands.api.worker.WorkerStack;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A JobHost at one moment.
 *
 * @param id its application
 * @param tenant whose it is
 * @param stack what runs it
 * @param state where in its life
 * @param revision what it serves
 * @param functions its functions, by name
 * @param failure why it failed, where it did
 * @param creation from the call that started it until it served or failed; zero while it starts
 */
public record JobHostInfo(
    ApplicationId id,
    TenantId tenant,
    WorkerStack stack,
    JobHostState state,
    AppRevision revision,
    List<FunctionInfo> functions,
    Optional<String> failure,
    Duration creation) {
  public JobHostInfo {
    Objects.requireNonNull(id, "id");
    functions = List.copyOf(functions);
    Objects.requireNonNull(failure, "failure");
  }
}
