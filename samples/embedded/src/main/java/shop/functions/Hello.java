/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package shop.functions;

import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;

/** What a tenant deploys: it knows nothing of the service. */
public class Hello {
  @FunctionName("hello")
  public String hello(@HttpTrigger(name = "request") String name) {
    return System.getenv("GREETING") + ", " + name;
  }
}
