/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Workers' logs and output to slf4j: bounded, redacted, in order; and the tracing of messages.
 * Imports {@code concurrent} and {@code metrics}.
 */
@NullMarked
package io.manyhands.core.logs;

import org.jspecify.annotations.NullMarked;
