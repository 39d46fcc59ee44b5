/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api;

/**
 * Is told of a Runtime's capacity, in the order of its revisions, on the callback executor. What it
 * throws is logged.
 */
@FunctionalInterface
public interface CapacityListener {
  /**
   * The capacity has changed. Changes that follow one another fast may be told as one. A Runtime
   * that shuts down tells {@link RuntimeCapacity#none} first, and waits up to a second for this to
   * return before it refuses anything.
   */
  void onCapacity(RuntimeCapacity capacity);
}
