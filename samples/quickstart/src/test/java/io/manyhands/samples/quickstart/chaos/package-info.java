/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Real processes under load, some of which are killed, stopped or cut off. */
package io.manyhands.samples.quickstart.chaos;
