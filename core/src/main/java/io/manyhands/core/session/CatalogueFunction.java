/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.app.RetryPolicy;
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
  private static final String HTTP_TRIGGER = "httpTrigger";

  public CatalogueFunction withProblem(String why) {
    return new CatalogueFunction(id, definition, indexedByWorker, Optional.of(why));
  }

  /**
   * The policy by which the Runtime runs failed calls of a function again. With an HTTP trigger
   * there is none, whatever the function declares: its caller waits, and decides.
   */
  public static Optional<RetryPolicy> retry(FunctionDefinition definition) {
    return definition
        .retry()
        .filter(
            policy ->
                definition
                    .trigger()
                    .filter(trigger -> trigger.type().equalsIgnoreCase(HTTP_TRIGGER))
                    .isEmpty());
  }

  public String key() {
    return Call.key(definition.name());
  }
}
