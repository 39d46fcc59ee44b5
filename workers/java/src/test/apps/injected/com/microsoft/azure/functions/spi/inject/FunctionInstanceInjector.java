/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package com.microsoft.azure.functions.spi.inject;

/** As applications get it from the library of that name. */
public interface FunctionInstanceInjector {
  <T> T getInstance(Class<T> type) throws Exception;
}
