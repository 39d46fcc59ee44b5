/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package acme;

import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.QueueTrigger;

public class Twins {
  @FunctionName("Twin")
  public void first(@QueueTrigger(name = "message", queueName = "q") String message) {}

  @FunctionName("twin")
  public void second(@QueueTrigger(name = "message", queueName = "q") String message) {}
}
