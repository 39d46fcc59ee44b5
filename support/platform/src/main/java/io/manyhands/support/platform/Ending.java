/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.platform;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * How a platform says that an instance has ended.
 *
 * @param reason the platform's own words
 * @param exitCode of its process, where the platform knows it
 */
public record Ending(String reason, OptionalInt exitCode) {
  public Ending {
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(exitCode, "exitCode");
  }

  public static Ending of(String reason) {
    return new Ending(reason, OptionalInt.empty());
  }
}
