/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package acme;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Leaves a line for each run, and writes to both outputs, which nobody may be reading any more. */
public class Booking {
  @FunctionName("note")
  public String note(
      @HttpTrigger(
              name = "request",
              methods = HttpMethod.POST,
              authLevel = AuthorizationLevel.ANONYMOUS)
          HttpRequestMessage<Optional<String>> request,
      ExecutionContext context)
      throws IOException, InterruptedException {
    String id = request.getQueryParameters().get("id");
    Files.writeString(
        Path.of(System.getenv("NOTES")).resolve(id),
        "ran\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    System.out.println("out: " + id);
    if (id.endsWith("00")) {
      System.err.println("err: " + id);
    }
    long millis = Long.parseLong(request.getQueryParameters().get("millis"));
    boolean unused = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    return "noted " + id;
  }
}
