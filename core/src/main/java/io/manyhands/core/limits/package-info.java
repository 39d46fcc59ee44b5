/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Where limits are enforced: bounded queues, and what a call has to pass. Imports {@code
 * concurrent} and {@code metrics}.
 */
@NullMarked
package io.manyhands.core.limits;

import org.jspecify.annotations.NullMarked;
