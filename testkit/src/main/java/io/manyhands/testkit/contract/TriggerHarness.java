/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import io.manyhands.api.Endpoint;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.spi.trigger.Trigger;
import java.util.List;
import java.util.Set;

/**
 * What {@link TriggerContract} needs of a trigger's author: the source of its events. One is made
 * for each test, and used on that test's thread.
 */
public interface TriggerHarness extends AutoCloseable {
  /** What the trigger supports. */
  Set<TriggerBehaviour> behaviours();

  /** A new trigger, not started; it opens any address that is free. */
  Trigger create();

  /** One that opens these addresses. Asked for only under OPENS_AN_ADDRESS. */
  default Trigger createAt(List<Endpoint> endpoints) {
    throw new UnsupportedOperationException("triggers of this harness open no address");
  }

  /** A sound function of the trigger; two of different names do not exclude one another. */
  FunctionDefinition function(String name);

  /** One with a binding of the trigger's type that the trigger cannot take. */
  FunctionDefinition unsound(String name);

  /** Two that exclude one another. Asked for only under REFUSES_CONFLICTS. */
  default List<FunctionDefinition> conflicting() {
    throw new UnsupportedOperationException("functions of this harness exclude nobody");
  }

  /**
   * Lets one thing happen for which that function waits, and returns without waiting for what comes
   * of it. Other functions may wait for the same, as they do for a moment in time.
   */
  void fire(ApplicationId application, String function);

  /** Lets everything go on that can; does nothing where time is real. */
  default void progress() {}

  /** True where the sources of all events so far have been told what became of them, if at all. */
  boolean settled();

  /** Ends and removes everything. */
  @Override
  void close();
}
