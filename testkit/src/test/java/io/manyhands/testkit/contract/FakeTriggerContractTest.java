/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.Binding;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.spi.trigger.Delivery;
import io.manyhands.spi.trigger.Trigger;
import io.manyhands.testkit.FakeTrigger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What stands in for triggers in tests keeps to what triggers must do. */
final class FakeTriggerContractTest extends TriggerContract {
  @Override
  protected TriggerHarness createHarness() {
    return new Events();
  }

  static FunctionDefinition function(String name, Map<String, Object> attributes) {
    return new FunctionDefinition(
        name,
        "",
        "",
        "",
        "",
        List.of(new Binding("input", "httpTrigger", Binding.Direction.IN, attributes, "{}")),
        Map.of());
  }

  private static final class Events implements TriggerHarness {
    private final List<FakeTrigger> made = new ArrayList<>();

    @Override
    public Set<TriggerBehaviour> behaviours() {
      return Set.of();
    }

    @Override
    public Trigger create() {
      FakeTrigger trigger =
          new FakeTrigger().refusing("broken", "function broken: planted (expected: another)");
      made.add(trigger);
      return trigger;
    }

    @Override
    public FunctionDefinition function(String name) {
      return FakeTriggerContractTest.function(name, Map.of());
    }

    @Override
    public FunctionDefinition unsound(String name) {
      return function(name);
    }

    @Override
    public void fire(ApplicationId application, String function) {
      for (FakeTrigger trigger : made) {
        if (trigger.isListening(application.value(), function)) {
          CompletableFuture<InvocationResult> unused =
              trigger.deliver(
                  Invocation.of(application, function, Payload.empty()), Delivery.once());
        }
      }
    }

    @Override
    public boolean settled() {
      return true;
    }

    @Override
    public void close() {}
  }
}
