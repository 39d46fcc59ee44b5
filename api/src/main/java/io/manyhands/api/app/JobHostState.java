/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.app;

/**
 * The life of a JobHost: STARTING, INDEXING, RUNNING, DRAINING, STOPPED; FAILED from STARTING or
 * INDEXING.
 */
public enum JobHostState {
  STARTING,
  INDEXING,
  RUNNING,
  DRAINING,
  STOPPED,
  FAILED
}
