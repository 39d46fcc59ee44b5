/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * One JobHost an application: its life, its triggers, its revisions. Imports {@code functions},
 * {@code routing}, {@code placement}, {@code session}, {@code concurrent}, {@code metrics}.
 */
@NullMarked
package io.manyhands.core.jobhost;

import org.jspecify.annotations.NullMarked;
