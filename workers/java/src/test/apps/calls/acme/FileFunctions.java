/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package acme;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.QueueTrigger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

public class FileFunctions {
  /** Ends when the file is there, so that a test can let it end without a word to the worker. */
  @FunctionName("await-file")
  public String awaitFile(
      @QueueTrigger(name = "message", queueName = "q") String file, ExecutionContext context)
      throws Exception {
    context.getLogger().info("waiting");
    while (!Files.exists(Path.of(file))) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    context.getLogger().info("found");
    Files.writeString(Path.of(file + ".done"), "");
    return "found";
  }
}
