/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package acme;

import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.QueueTrigger;
import java.io.IOException;

public class FailingFunctions {
  /** Fails wherever it is asked. */
  static class Hostile extends RuntimeException {
    @Override
    public String getMessage() {
      throw new IllegalStateException("not even a message");
    }
  }

  @FunctionName("checked")
  public String checked(@QueueTrigger(name = "message", queueName = "q") String message)
      throws IOException {
    throw new IOException("the disk is full", new IllegalStateException("the reason"));
  }

  @FunctionName("error")
  public String error(@QueueTrigger(name = "message", queueName = "q") String message) {
    throw new AssertionError("an error");
  }

  @FunctionName("overflow")
  public String overflow(@QueueTrigger(name = "message", queueName = "q") String message) {
    return overflow(message + message.length());
  }

  @FunctionName("hostile")
  public String hostile(@QueueTrigger(name = "message", queueName = "q") String message) {
    throw new Hostile();
  }

  @FunctionName("fine")
  public String fine(@QueueTrigger(name = "message", queueName = "q") String message) {
    return "fine";
  }
}
