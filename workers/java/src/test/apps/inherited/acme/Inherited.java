/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package acme;

import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.QueueTrigger;

public class Inherited {
  interface Handler<T> {
    T handle(T message);
  }

  public static class Base {
    @FunctionName("base")
    public String base(@QueueTrigger(name = "message", queueName = "q") String message) {
      return "base of " + getClass().getSimpleName();
    }
  }

  /** Has a bridge method, with the annotations of the real one. */
  static class Derived extends Base implements Handler<String> {
    @Override
    @FunctionName("derived")
    public String handle(@QueueTrigger(name = "message", queueName = "q") String message) {
      return "derived";
    }

    @FunctionName("static")
    public static String withoutInstance(
        @QueueTrigger(name = "message", queueName = "q") String message) {
      return "static";
    }
  }
}
