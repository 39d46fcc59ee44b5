/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.testkit.VirtualTime;

/** What every part of the simulated world works with. */
record World(VirtualTime time, EventTrace trace, Tally tally, Faults faults, Verdict verdict) {}
