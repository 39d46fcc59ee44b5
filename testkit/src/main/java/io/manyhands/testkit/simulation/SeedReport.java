/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What became of one seed.
 *
 * @param violation the first invariant that did not hold; empty where all did
 * @param events how much happened
 * @param hash of every event and its time: the same for the same seed, always
 * @param calls how many were submitted
 * @param faults how many struck
 * @param workers the most that there were at one time
 * @param applications how many there were
 * @param healedNanos from the end of the faults until everything served again; empty where the seed
 *     closes under load
 * @param counts how often each kind of thing happened, by name
 * @param tail the last events
 */
public record SeedReport(
    long seed,
    Optional<Violation> violation,
    long events,
    long hash,
    int calls,
    long faults,
    int workers,
    int applications,
    Optional<Long> healedNanos,
    SortedMap<String, Long> counts,
    List<String> tail) {
  public SeedReport {
    tail = List.copyOf(tail);
  }
}
