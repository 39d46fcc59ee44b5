/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.functions;

import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.FunctionInfo;
import io.manyhands.core.session.CatalogueFunction;
import io.manyhands.core.session.SpecializationTarget;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An application after its files were read.
 *
 * @param definition what was asked for
 * @param target what a worker is to become; it has the revision, and the catalogue where that is
 *     known without a worker
 * @param functionTimeout from host.json or the Runtime; empty is unlimited
 * @param extensions of host.json
 * @param broken functions whose function.json cannot be used, with the reason
 */
public record PreparedApp(
    ApplicationDefinition definition,
    SpecializationTarget target,
    Optional<Duration> functionTimeout,
    Map<String, Object> extensions,
    List<FunctionInfo> broken) {
  public PreparedApp {
    extensions = Collections.unmodifiableMap(new LinkedHashMap<>(extensions));
    broken = List.copyOf(broken);
  }

  /** The catalogue, where no worker has to index. */
  public Optional<List<CatalogueFunction>> catalogue() {
    return target.functions();
  }
}
