/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.api.worker.WorkerStack;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.spi.provision.ProvisionedWorker;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * All of a session that other threads may read; replaced as a whole on its strand.
 *
 * @param since when it reached the state
 * @param reason why it is there
 * @param stack as asked for, then as the worker reported it
 * @param target what it was chosen for; null until then
 * @param epoch how often it was accepted
 */
record SessionSnapshot(
    WorkerState state,
    Instant since,
    String reason,
    WorkerStack stack,
    ProvisionedWorker provisioned,
    @Nullable SpecializationTarget target,
    long epoch) {
  SessionSnapshot in(WorkerState next, Instant now, String why) {
    return new SessionSnapshot(
        next, next == state ? since : now, why, stack, provisioned, target, epoch);
  }

  SessionSnapshot of(WorkerStack reported) {
    return new SessionSnapshot(state, since, reason, reported, provisioned, target, epoch);
  }

  SessionSnapshot from(ProvisionedWorker known) {
    return new SessionSnapshot(state, since, reason, stack, known, target, epoch);
  }

  SessionSnapshot chosenFor(SpecializationTarget chosen) {
    return new SessionSnapshot(state, since, reason, stack, provisioned, chosen, epoch);
  }

  SessionSnapshot accepted(long next) {
    return new SessionSnapshot(state, since, reason, stack, provisioned, target, next);
  }
}
