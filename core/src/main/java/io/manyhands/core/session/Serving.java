/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.api.invocation.ColdStart;
import io.manyhands.spi.transport.WorkerConnection;
import java.util.Map;

/**
 * What a call needs of a worker that takes calls; one immutable object, so that a dispatch reads it
 * once.
 *
 * @param functions by key of their names
 * @param rawHttpBodies true where it takes every HTTP body as bytes
 * @param readyNanos when it became ready, on the ticker
 * @param specializedNanos how long that took
 * @param coldStart what a call that waited for it is told
 */
record Serving(
    SpecializationTarget target,
    Map<String, LoadedFunction> functions,
    WorkerConnection connection,
    boolean rawHttpBodies,
    long readyNanos,
    long specializedNanos,
    ColdStart coldStart) {
  /** The same worker on another stream. */
  Serving on(WorkerConnection stream) {
    return new Serving(
        target, functions, stream, rawHttpBodies, readyNanos, specializedNanos, coldStart);
  }
}
