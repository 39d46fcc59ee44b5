/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.api.ManyhandsException;
import io.manyhands.core.session.CatalogueFunction;
import io.manyhands.core.session.WorkerSession;
import java.util.List;

/**
 * What an application's route hears of its workers. On the placement strand unless said otherwise;
 * must not block.
 */
public interface AppWorkers {
  /** The set of workers that may take calls has changed. */
  void onWorkers(List<WorkerSession> ready);

  /** A worker of the revision is ready; this is the catalogue as it loaded it. */
  void onCatalogue(List<CatalogueFunction> catalogue);

  /** No worker can be had for now; who waits is to be told. */
  void onUnavailable(ManyhandsException why);

  /** A slot is free again; on any thread. */
  void onSlotFree();

  /** Calls that wait for a worker now; on any thread. */
  int waitingCalls();
}
