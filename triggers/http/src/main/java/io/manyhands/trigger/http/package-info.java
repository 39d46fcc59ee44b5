/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Functions behind HTTP routes.
 *
 * <p>May import {@code io.manyhands.api}, {@code io.manyhands.spi}, Jetty, RE2/J and slf4j.
 */
@org.jspecify.annotations.NullMarked
package io.manyhands.trigger.http;
