/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Secrets of one tenant, looked for everywhere else. */
package io.manyhands.samples.quickstart.canary;
