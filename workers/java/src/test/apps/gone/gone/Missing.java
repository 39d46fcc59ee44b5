/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package gone;

/** Compiled against, then left out. */
public class Missing {}
