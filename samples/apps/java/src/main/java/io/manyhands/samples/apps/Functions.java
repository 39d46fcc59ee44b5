/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.apps;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.BindingName;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import com.microsoft.azure.functions.annotation.TimerTrigger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Functions as an application team writes them, with the standard annotations and nothing of
 * Manyhands.
 */
public class Functions {
  @FunctionName("hello")
  public HttpResponseMessage hello(
      @HttpTrigger(
              name = "request",
              methods = {HttpMethod.GET, HttpMethod.POST},
              authLevel = AuthorizationLevel.ANONYMOUS,
              route = "hello/{name}")
          HttpRequestMessage<Optional<String>> request,
      @BindingName("name") String name,
      ExecutionContext context) {
    context.getLogger().fine(() -> "hello to " + name);
    String greeting = System.getenv().getOrDefault("GREETING", "Hello");
    return request
        .createResponseBuilder(HttpStatus.OK)
        .header("Content-Type", "text/plain")
        .body(greeting + ", " + name)
        .build();
  }

  /** Says by a file that it runs, takes its time, and says that it is done. */
  @FunctionName("slow")
  public String slow(
      @HttpTrigger(
              name = "request",
              methods = HttpMethod.POST,
              authLevel = AuthorizationLevel.ANONYMOUS,
              route = "slow/{seconds}")
          HttpRequestMessage<Optional<String>> request,
      @BindingName("seconds") int seconds,
      ExecutionContext context)
      throws IOException, InterruptedException {
    Path mark = marks().resolve("slow-" + context.getInvocationId());
    Files.writeString(mark, "running");
    boolean released = new CountDownLatch(1).await(seconds, TimeUnit.SECONDS);
    Files.writeString(mark, "done");
    return released ? "released" : "done";
  }

  @FunctionName("tick")
  public void tick(
      @TimerTrigger(name = "timer", schedule = "*/2 * * * * *") String timer,
      ExecutionContext context)
      throws IOException {
    context.getLogger().fine("tick");
    if (System.getenv("MARKS") == null) {
      context.getLogger().info("tick, and no setting MARKS says where to leave a mark");
      return;
    }
    Files.writeString(marks().resolve("tick-" + System.getenv("APP")), timer);
  }

  private static Path marks() {
    return Path.of(System.getenv("MARKS"));
  }
}
