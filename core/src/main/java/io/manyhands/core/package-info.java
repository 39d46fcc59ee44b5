/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Assembles a Runtime of its rooms: the builder, the Guice module, start and shutdown. The only
 * package that sees all rooms, and the only one of core that others import.
 */
@NullMarked
package io.manyhands.core;

import org.jspecify.annotations.NullMarked;
