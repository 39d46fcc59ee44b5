/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package acme;

import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.OutputBinding;
import com.microsoft.azure.functions.annotation.BlobInput;
import com.microsoft.azure.functions.annotation.FixedDelayRetry;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import com.microsoft.azure.functions.annotation.QueueOutput;
import com.microsoft.azure.functions.annotation.QueueTrigger;

public class Broken {
  @FunctionName("unbound")
  public void unbound(
      @QueueTrigger(name = "message", queueName = "q") String message, java.util.List<String> what) {}

  @FunctionName("untriggered")
  public void untriggered(@BlobInput(name = "blob", path = "p") String blob) {}

  @FunctionName("two-triggers")
  public void twoTriggers(
      @QueueTrigger(name = "one", queueName = "q") String one,
      @HttpTrigger(name = "two") String two) {}

  @FunctionName("input-as-output")
  public void inputAsOutput(
      @QueueTrigger(name = "message", queueName = "q") String message,
      @BlobInput(name = "blob", path = "p") OutputBinding<String> blob) {}

  @FunctionName("output-as-input")
  public void outputAsInput(
      @QueueTrigger(name = "message", queueName = "q") String message,
      @QueueOutput(name = "out", queueName = "q") String out) {}

  @FunctionName("no-http")
  public void noHttp(
      @QueueTrigger(name = "message", queueName = "q") HttpRequestMessage<String> message) {}

  @FunctionName("one-name")
  public void oneName(
      @QueueTrigger(name = "same", queueName = "q") String message,
      @BlobInput(name = "same", path = "p") String blob) {}

  @FunctionName("retry")
  @FixedDelayRetry(maxRetryCount = 1, delayInterval = "soon")
  public void retry(@QueueTrigger(name = "message", queueName = "q") String message) {}

  @FunctionName("hidden")
  void hidden(@QueueTrigger(name = "message", queueName = "q") String message) {}

  @FunctionName("fine")
  public String fine(@QueueTrigger(name = "message", queueName = "q") String message) {
    return "fine";
  }

  public abstract static class Abstract {
    @FunctionName("abstract")
    public void run(@QueueTrigger(name = "message", queueName = "q") String message) {}
  }

  public class Inner {
    @FunctionName("inner")
    public void run(@QueueTrigger(name = "message", queueName = "q") String message) {}
  }
}
