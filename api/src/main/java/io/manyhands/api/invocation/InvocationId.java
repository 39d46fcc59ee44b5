/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.invocation;

import java.util.Objects;

/**
 * Identifies one invocation.
 *
 * @param value 32 hexadecimal digits in the form of a UUID
 */
public record InvocationId(String value) {
  public InvocationId {
    Objects.requireNonNull(value, "value");
  }

  @Override
  public String toString() {
    return value;
  }
}
