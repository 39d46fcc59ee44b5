/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * The engine: the builder of a Runtime and its Guice module, the only types of core that others may
 * import.
 *
 * <p>Alone in core, this package may import every room of core.
 */
@org.jspecify.annotations.NullMarked
package io.manyhands.core;
