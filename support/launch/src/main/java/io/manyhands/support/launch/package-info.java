/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Starting a language worker on this machine: reading {@code worker.config.json}, building the
 * command line that every official worker understands, running the process with exactly the given
 * environment, keeping its last output, and ending its whole process tree. Used by the local
 * provisioner and by the worker agent. May import the JDK, Jackson, SLF4J and JSpecify; nothing of
 * api, spi or core.
 */
@NullMarked
package io.manyhands.support.launch;

import org.jspecify.annotations.NullMarked;
