/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package acme;

import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.QueueTrigger;
import com.microsoft.azure.functions.spi.inject.FunctionInstanceInjector;

public class Injected {
  private final String greeting;

  private Injected(String greeting) {
    this.greeting = greeting;
  }

  @FunctionName("greet")
  public String greet(@QueueTrigger(name = "message", queueName = "q") String name) {
    return greeting + " " + name;
  }

  public static class Injector implements FunctionInstanceInjector {
    @Override
    @SuppressWarnings("unchecked")
    public <T> T getInstance(Class<T> type) {
      return (T) new Injected("injected");
    }
  }
}
