/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * A whole Runtime with its workers, its platform and its callers on one thread and virtual time,
 * everything that can go wrong drawn from a seed, and what must hold all the same checked as it
 * goes: {@link io.manyhands.testkit.simulation.Simulation} runs one seed, {@link
 * io.manyhands.testkit.simulation.SeedRange} many, {@link io.manyhands.testkit.simulation.Simulate}
 * is the command line.
 *
 * <p>What happens is drawn in {@code Scenario}; callers and operators are the workload; {@code
 * FaultKind} lists the faults, {@code Faults} decides when one strikes; {@code CallLedger}, {@code
 * WorkerLedger} and {@code TenantMarks} hold the invariants; {@code EventTrace} keeps the events.
 * May import what the testkit may, and slf4j.
 */
@org.jspecify.annotations.NullMarked
package io.manyhands.testkit.simulation;
