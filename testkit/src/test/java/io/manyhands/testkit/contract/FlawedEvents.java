/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import io.manyhands.api.Endpoint;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.spi.trigger.Trigger;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A source of events in memory, and {@link FlawedTrigger}s of one flaw for it. */
final class FlawedEvents implements TriggerHarness {
  /** Which of a function's attributes says what is wrong with it, if anything. */
  static final String PLANTED = "planted";

  /** Of functions that exclude one another. */
  static final String SLOT = "slot";

  private final TriggerFlaw flaw;
  private final Set<Integer> taken = new HashSet<>();
  private final List<FlawedTrigger> made = new ArrayList<>();

  FlawedEvents(TriggerFlaw flaw) {
    this.flaw = flaw;
  }

  /** False where somebody has that port. */
  boolean take(int port) {
    return taken.add(port);
  }

  void free(int port) {
    taken.remove(port);
  }

  @Override
  public Set<TriggerBehaviour> behaviours() {
    return EnumSet.complementOf(EnumSet.of(TriggerBehaviour.SOURCE_RETRIES));
  }

  @Override
  public Trigger create() {
    return createAt(
        List.of(new Endpoint("flawed", URI.create("http://127.0.0.1:" + (made.size() + 7000)))));
  }

  @Override
  public Trigger createAt(List<Endpoint> endpoints) {
    FlawedTrigger trigger = new FlawedTrigger(this, flaw, endpoints.get(0));
    made.add(trigger);
    return trigger;
  }

  @Override
  public FunctionDefinition function(String name) {
    return FakeTriggerContractTest.function(name, Map.of());
  }

  @Override
  public FunctionDefinition unsound(String name) {
    return FakeTriggerContractTest.function(name, Map.of(PLANTED, "a mistake"));
  }

  @Override
  public List<FunctionDefinition> conflicting() {
    return List.of(
        FakeTriggerContractTest.function("one", Map.of(SLOT, "same")),
        FakeTriggerContractTest.function("two", Map.of(SLOT, "same")));
  }

  @Override
  public void fire(ApplicationId application, String function) {
    made.forEach(trigger -> trigger.event(application, function));
  }

  @Override
  public boolean settled() {
    return true;
  }

  @Override
  public void close() {}
}
