/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Serial execution without threads of its own, the timer wheel, the default seams of time, the
 * executors of a Runtime. The only place of core that reads clocks or makes threads. Imports {@code
 * api} and {@code spi.time}.
 */
@NullMarked
package io.manyhands.core.concurrent;

import org.jspecify.annotations.NullMarked;
