/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package acme;

import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.QueueTrigger;

public class Linked {
  @FunctionName("linked")
  public void run(
      @QueueTrigger(name = "message", queueName = "q") String message) {}

  public gone.Missing needs() {
    return null;
  }
}
