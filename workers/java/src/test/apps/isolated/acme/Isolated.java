/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package acme;

import com.google.gson.Gson;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.QueueTrigger;

public class Isolated {
  @FunctionName("own-version")
  public String ownVersion(@QueueTrigger(name = "message", queueName = "q") String message) {
    return Gson.VERSION;
  }

  @FunctionName("worker-class")
  public String workerClass(@QueueTrigger(name = "message", queueName = "q") String name) {
    try {
      return Class.forName(name).getName();
    } catch (ClassNotFoundException e) {
      return "not seen";
    }
  }

  @FunctionName("context-loader")
  public boolean contextLoader(@QueueTrigger(name = "message", queueName = "q") String message) {
    return Thread.currentThread().getContextClassLoader() == Isolated.class.getClassLoader();
  }

  @FunctionName("resource")
  public boolean resource(@QueueTrigger(name = "message", queueName = "q") String name) {
    return Isolated.class.getClassLoader().getResource(name) != null;
  }
}
