/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * In-memory Runtime, fakes and virtual time, for tests of apps and plug-ins without a process or a
 * wait.
 *
 * <p>May import {@code io.manyhands.core}, the in-process transport, {@code io.manyhands.spi} and
 * {@code io.manyhands.api}.
 */
@org.jspecify.annotations.NullMarked
package io.manyhands.testkit;
