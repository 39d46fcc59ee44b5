/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.provision;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * How a worker ended.
 *
 * @param reason the platform's own words
 * @param exitCode of its process, where there was one
 * @param lastOutput its last lines, oldest first; bounded by the provisioner
 */
public record Termination(String reason, OptionalInt exitCode, List<String> lastOutput) {
  public Termination {
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(exitCode, "exitCode");
    lastOutput = List.copyOf(lastOutput);
  }
}
