/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.core.identity.ResumeClaims;
import io.manyhands.spi.transport.WorkerMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A worker that an earlier start of the Runtime specialized, as it says that it is.
 *
 * @param assignment what its token proves
 * @param functions what it has loaded
 */
record Restoration(
    ResumeClaims.Assignment assignment, List<WorkerMessage.IndexedFunction> functions) {
  /** The catalogue: the revision's, where it is known, else as this worker once indexed it. */
  List<CatalogueFunction> catalogue(SpecializationTarget target) {
    return target
        .functions()
        .orElseGet(
            () -> {
              List<CatalogueFunction> found = new ArrayList<>();
              for (WorkerMessage.IndexedFunction function : functions) {
                found.add(
                    Specialization.catalogued(
                        Specialization.idOf(function), function, problem(function)));
              }
              return found;
            });
  }

  /** Each function of the catalogue by the id that this worker knows it by. */
  Map<String, LoadedFunction> loaded(List<CatalogueFunction> catalogue) {
    Map<String, WorkerMessage.IndexedFunction> here = new HashMap<>();
    functions.forEach(function -> here.put(Call.key(function.definition().name()), function));
    Map<String, LoadedFunction> loaded = new HashMap<>();
    for (CatalogueFunction function : catalogue) {
      WorkerMessage.IndexedFunction own = here.get(function.key());
      Optional<String> problem =
          function
              .problem()
              .or(
                  () ->
                      own == null ? Optional.of("the worker came back without it") : problem(own));
      loaded.put(
          function.key(),
          Specialization.entry(
              own == null ? function.id() : Specialization.idOf(own),
              function,
              problem.orElse(null)));
    }
    return Map.copyOf(loaded);
  }

  private static Optional<String> problem(WorkerMessage.IndexedFunction function) {
    return function.status().isSuccess()
        ? Optional.empty()
        : Optional.of("load failed: " + function.status().describe());
  }
}
