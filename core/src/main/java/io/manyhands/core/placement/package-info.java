/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Which worker serves which application: the placeholder pool, assignment, requests to
 * provisioners, the reconcile loop and its cool-downs. Imports {@code registry}, {@code session},
 * {@code identity}, {@code concurrent}, {@code logs}, {@code metrics}.
 */
@NullMarked
package io.manyhands.core.placement;

import org.jspecify.annotations.NullMarked;
