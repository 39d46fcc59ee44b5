/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package acme;

import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import com.microsoft.azure.functions.annotation.QueueTrigger;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

public class ProcessFunctions {
  private static final String AT_INITIALIZATION = System.getenv("APP");

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(ProcessFunctions::farewell));
  }

  private static void farewell() {
    System.out.println("hook has run");
  }

  @FunctionName("environment")
  public Map<String, String> environment(
      @QueueTrigger(name = "message", queueName = "q") String message) {
    return new TreeMap<>(System.getenv());
  }

  @FunctionName("variable")
  public String variable(@QueueTrigger(name = "message", queueName = "q") String name) {
    return AT_INITIALIZATION + "," + System.getenv(name);
  }

  @FunctionName("child")
  public String child(@QueueTrigger(name = "message", queueName = "q") String name)
      throws Exception {
    Process child = new ProcessBuilder("/usr/bin/env").start();
    return new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @FunctionName("temporary")
  public String temporary(@QueueTrigger(name = "message", queueName = "q") String message)
      throws Exception {
    Path one = Files.createTempFile("a", "b");
    File other = File.createTempFile("a", "b");
    return one.getParent() + "," + other.getParent() + "," + System.getProperty("user.home");
  }

  @FunctionName("print")
  public String print(@QueueTrigger(name = "message", queueName = "q") String message) {
    System.out.println("out " + message);
    System.err.println("err " + message);
    return "printed";
  }

  @FunctionName("hello")
  public String hello(@HttpTrigger(name = "request") String body) {
    return "hello";
  }

  @FunctionName("thread")
  public String thread(@QueueTrigger(name = "message", queueName = "q") String message) {
    new Thread(
            () -> {
              while (true) {
                LockSupport.park();
              }
            })
        .start();
    return "left one";
  }
}
