/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.doubles;

import java.time.Duration;
import java.util.Optional;

/**
 * How a worker's process ends upon each event (P-END-4); empty where it never does.
 *
 * @param completed the host completed the stream
 * @param broken the stream failed
 * @param unreachable nobody listened at the start
 * @param terminated WorkerTerminate came
 * @param busy the least time that a completed stream takes while a call runs
 */
record Endings(
    Optional<Ending> completed,
    Optional<Ending> broken,
    Optional<Ending> unreachable,
    Optional<Ending> terminated,
    Duration busy) {
  /** An exit code and how long the process takes to get there. */
  record Ending(int code, Duration after) {}

  static Optional<Ending> exit(int code, long millis) {
    return Optional.of(new Ending(code, Duration.ofMillis(millis)));
  }
}
