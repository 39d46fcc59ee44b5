/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.app;

import java.util.Objects;
import java.util.Optional;

/**
 * A function of a JobHost with what became of it.
 *
 * @param definition what it is
 * @param problem why it cannot be called, where it cannot
 */
public record FunctionInfo(FunctionDefinition definition, Optional<String> problem) {
  public FunctionInfo {
    Objects.requireNonNull(definition, "definition");
    Objects.requireNonNull(problem, "problem");
  }
}
