/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * A worker transport with no network, for workers in the same JVM.
 *
 * <p>May import {@code io.manyhands.api} and {@code io.manyhands.spi}. Its contract test lives in
 * the testkit, which depends on this module.
 */
@org.jspecify.annotations.NullMarked
package io.manyhands.transport.inprocess;
