/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Functions on a schedule.
 *
 * <p>May import {@code io.manyhands.api}, {@code io.manyhands.spi}, cron-utils and slf4j.
 */
@org.jspecify.annotations.NullMarked
package io.manyhands.trigger.timer;
