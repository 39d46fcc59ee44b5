/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package acme;

import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.QueueTrigger;

public class ConstructorFailure {
  public ConstructorFailure() {
    throw new UnsupportedOperationException("no instance today");
  }

  @FunctionName("constructor")
  public String fails(@QueueTrigger(name = "message", queueName = "q") String message) {
    return "never";
  }
}
