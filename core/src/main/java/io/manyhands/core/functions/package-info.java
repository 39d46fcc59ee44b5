/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * What an application is before any worker has seen it: its host.json, the function catalogue of
 * its revision, its environment. Imports {@code session} (for the catalogue's entries) and {@code
 * support.appfiles}.
 */
@NullMarked
package io.manyhands.core.functions;

import org.jspecify.annotations.NullMarked;
