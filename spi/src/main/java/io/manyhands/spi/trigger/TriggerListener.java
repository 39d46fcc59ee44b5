/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.trigger;

import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.app.JobHostState;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** One application's part of a trigger. Calls come one at a time. */
public interface TriggerListener {
  /**
   * Checks the functions that have one of this trigger's types and keeps them; listens for none
   * yet. What is wrong with one function is returned by its name and fails that function alone;
   * what is wrong with the application (two functions on one route) is thrown as INVALID_ARGUMENT
   * naming both.
   */
  Map<String, String> prepare(List<FunctionDefinition> functions);

  /**
   * The JobHost reached another state: RUNNING begins to listen, DRAINING, STOPPED and FAILED end
   * it. INDEXING and STARTING let callers wait.
   */
  void onState(JobHostState state);

  /**
   * Keys, host names or what host.json says have changed; host.json is read after {@link
   * Trigger#listen}, so that this comes once before {@link #prepare}.
   */
  void onApplicationChanged(TriggerApplication application);

  /** Takes no new work; completes when what it has handed to the sink is answered. */
  CompletionStage<Void> stop();
}
