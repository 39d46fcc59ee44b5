/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.worker;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import java.util.regex.Pattern;

/**
 * Identifies a worker for its one life. A stock worker has no other credential, so that the whole
 * value is secret towards code of tenants: {@link #toString} shows only its first part.
 *
 * @param value 1 to 128 letters, digits, dots, underscores and hyphens
 */
public record WorkerId(String value) implements Comparable<WorkerId> {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  public WorkerId {
    if (!FORM.matcher(value).matches()) {
      throw new ManyhandsException(
          ErrorCode.INVALID_ARGUMENT,
          "worker id (expected: 1 to 128 of letters, digits and . _ -)");
    }
  }

  /** Enough to tell workers apart, too little to pose as one. */
  public String display() {
    return value.length() <= 12 ? value : value.substring(0, 12);
  }

  @Override
  public int compareTo(WorkerId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return display();
  }
}
