/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Workers that somebody else starts and that dial in by themselves.
 *
 * <p>May import {@code io.manyhands.api} and {@code io.manyhands.spi}.
 */
@org.jspecify.annotations.NullMarked
package io.manyhands.provisioner.external;
