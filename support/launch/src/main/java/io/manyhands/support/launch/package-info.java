/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Reads {@code worker.config.json}, starts process trees and keeps their last output.
 *
 * <p>May import the JDK, Jackson and slf4j.
 */
@org.jspecify.annotations.NullMarked
package io.manyhands.support.launch;
