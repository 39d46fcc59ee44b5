/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import org.jspecify.annotations.Nullable;

/** How one parameter of a function gets its value in a call. */
interface Argument {
  /**
   * The value.
   *
   * @throws ConversionException where what came cannot become the parameter's type
   */
  @Nullable Object of(CallData call);
}
