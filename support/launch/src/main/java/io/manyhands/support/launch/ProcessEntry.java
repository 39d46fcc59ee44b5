/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

/**
 * A row of the machine's process table.
 *
 * @param pid its id
 * @param parent its parent's id
 * @param session its session's id; -1 where unknown
 * @param start when it started, in the unit of the table (clock ticks since boot on Linux); with
 *     the pid it identifies a process for good
 * @param zombie it has ended and only waits to be collected
 */
record ProcessEntry(long pid, long parent, long session, long start, boolean zombie) {}
