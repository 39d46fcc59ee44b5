/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.api.app.RetryPolicy;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A function on one worker.
 *
 * @param name as it is declared
 * @param id by which this worker knows it
 * @param triggerName name of its trigger's binding
 * @param retry when a failed call of it is run again
 * @param problem why this worker cannot run it; null where it can
 */
record LoadedFunction(
    String name,
    String id,
    String triggerName,
    @Nullable String problem,
    Optional<RetryPolicy> retry) {}
