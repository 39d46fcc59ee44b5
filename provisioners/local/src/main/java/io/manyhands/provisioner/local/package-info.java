/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Workers as child processes on this machine.
 *
 * <p>May import {@code io.manyhands.api}, {@code io.manyhands.spi}, {@code
 * io.manyhands.support.launch} and slf4j.
 */
@org.jspecify.annotations.NullMarked
package io.manyhands.provisioner.local;
