/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package acme;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.QueueTrigger;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

public class CallFunctions {
  static final AtomicInteger INSTANCES = new AtomicInteger();
  private static final CyclicBarrier TOGETHER = new CyclicBarrier(20);

  private final int instance = INSTANCES.incrementAndGet();

  @FunctionName("instance")
  public int instance(@QueueTrigger(name = "message", queueName = "q") String message) {
    return instance;
  }

  @FunctionName("context")
  public String context(
      @QueueTrigger(name = "message", queueName = "q") String message, ExecutionContext context) {
    return String.join(
        "|",
        context.getFunctionName(),
        context.getInvocationId(),
        context.getTraceContext().getTraceparent(),
        context.getTraceContext().getTracestate(),
        String.valueOf(context.getTraceContext().getAttributes()),
        String.valueOf(context.getRetryContext().getRetrycount()),
        String.valueOf(context.getRetryContext().getMaxretrycount()),
        context.getRetryContext().getException().getMessage());
  }

  @FunctionName("logs")
  public void logs(
      @QueueTrigger(name = "message", queueName = "q") String message, ExecutionContext context) {
    Logger logger = context.getLogger();
    logger.severe("severe line");
    logger.warning("warning line");
    logger.log(Level.INFO, "info {0}", "line");
    logger.fine(() -> "fine line");
    logger.finest("finest line");
    logger.log(Level.SEVERE, "with cause", new IllegalStateException("the cause"));
    logger.info((String) null);
    System.out.println("printed line");
  }

  @FunctionName("wait")
  public String waitUntilInterrupted(
      @QueueTrigger(name = "message", queueName = "q") String message, ExecutionContext context)
      throws InterruptedException {
    context.getLogger().info("waiting");
    new CountDownLatch(1).await(5, TimeUnit.MINUTES);
    return "never";
  }

  @FunctionName("wait-wrapped")
  public String waitWrapped(
      @QueueTrigger(name = "message", queueName = "q") String message, ExecutionContext context) {
    try {
      return waitUntilInterrupted(message, context);
    } catch (InterruptedException e) {
      throw new IllegalStateException("wrapped", e);
    }
  }

  @FunctionName("finish-anyway")
  public String finishAnyway(
      @QueueTrigger(name = "message", queueName = "q") String message, ExecutionContext context) {
    try {
      return waitUntilInterrupted(message, context);
    } catch (InterruptedException e) {
      return "finished";
    }
  }

  @FunctionName("interrupted-by-itself")
  public String interruptedByItself(@QueueTrigger(name = "message", queueName = "q") String message)
      throws InterruptedException {
    Thread.currentThread().interrupt();
    new CountDownLatch(1).await();
    return "never";
  }

  /** Returns when twenty calls run at once. */
  @FunctionName("together")
  public String together(@QueueTrigger(name = "message", queueName = "q") String message)
      throws Exception {
    TOGETHER.await(1, TimeUnit.MINUTES);
    return Thread.currentThread().getName();
  }

  @FunctionName("flood")
  public String flood(
      @QueueTrigger(name = "message", queueName = "q") int lines, ExecutionContext context) {
    String padding = "x".repeat(1000);
    for (int line = 0; line < lines; line++) {
      context.getLogger().info("flood " + line + padding);
    }
    return "flooded";
  }

  @FunctionName("size")
  public byte[] size(@QueueTrigger(name = "message", queueName = "q") byte[] message) {
    return message;
  }
}
