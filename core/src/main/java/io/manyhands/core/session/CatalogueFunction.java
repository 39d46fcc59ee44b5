/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.api.app.FunctionDefinition;
import java.util.Optional;

/**
 * A function of a revision's catalogue.
 *
 * @param id by which invocations name it
 * @param definition what it is
 * @param indexedByWorker true where a worker's index found it, which other workers must then be
 *     told
 * @param problem why it cannot be called, where it cannot
 */
public record CatalogueFunction(
    String id, FunctionDefinition definition, boolean indexedByWorker, Optional<String> problem) {
  public CatalogueFunction withProblem(String why) {
    return new CatalogueFunction(id, definition, indexedByWorker, Optional.of(why));
  }

  public String key() {
    return Call.key(definition.name());
  }
}
