/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadRequest;
import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadResponse;
import io.manyhands.transport.grpc.protocol.FunctionLoadRequest;
import io.manyhands.transport.grpc.protocol.FunctionLoadResponse;
import io.manyhands.transport.grpc.protocol.InvocationRequest;
import io.manyhands.transport.grpc.protocol.RpcFunctionMetadata;
import io.manyhands.transport.grpc.protocol.StatusResult;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.WorkerInitRequest;
import io.manyhands.transport.grpc.protocol.WorkerInitResponse;
import io.manyhands.transport.grpc.protocol.WorkerMetadata;
import io.manyhands.transport.grpc.protocol.WorkerStatusResponse;
import io.manyhands.transport.grpc.protocol.WorkerTerminate;
import io.manyhands.transport.grpc.protocol.WorkerWarmupResponse;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Answers the host's messages: status and cancel at once on the stream's thread, everything that
 * runs an application's code on others: one for its life, one a call.
 */
final class MessageHandler {
  static final String LANGUAGE = "manyhands-java";

  /** How many calls run at once; the host puts the number into the application's environment. */
  static final String SLOTS = "MANYHANDS_SLOTS";

  private static final int DEFAULT_SLOTS = 100;
  private static final int WAITING_REQUESTS = 10_000;
  static final Map<String, String> CAPABILITIES =
      Map.of(
          "TypedDataCollection", "true",
          "WorkerStatus", "true",
          "RawHttpBodyBytes", "true",
          "RpcHttpBodyOnly", "true",
          "RpcHttpTriggerMetadataRemoved", "true",
          "HandlesWorkerTerminateMessage", "true",
          "HandlesWorkerWarmupMessage", "true",
          "HandlesInvocationCancelMessage", "true");

  private final Outgoing outgoing;
  private final AppHost app;
  private final Calls calls;
  private final ExecutorService control;
  private final AtomicBoolean terminating = new AtomicBoolean();
  private volatile boolean reloaded;

  MessageHandler(Outgoing outgoing, AppHost.Environment environment) {
    this.outgoing = outgoing;
    this.app = new AppHost(environment);
    this.calls = new Calls(outgoing, DEFAULT_SLOTS);
    this.control = control();
  }

  /** Never blocks. */
  void onMessage(StreamingMessage message) {
    String id = message.getRequestId();
    switch (message.getContentCase()) {
      case INVOCATION_REQUEST -> {
        InvocationRequest request = message.getInvocationRequest();
        calls.invoke(id, request, app.function(request.getFunctionId()));
      }
      case WORKER_STATUS_REQUEST ->
          answer(
              id,
              StreamingMessage.newBuilder()
                  .setWorkerStatusResponse(WorkerStatusResponse.getDefaultInstance()));
      case INVOCATION_CANCEL -> calls.cancel(message.getInvocationCancel().getInvocationId());
      case WORKER_TERMINATE -> terminate(message.getWorkerTerminate());
      case WORKER_INIT_REQUEST,
          WORKER_WARMUP_REQUEST,
          FUNCTION_ENVIRONMENT_RELOAD_REQUEST,
          FUNCTIONS_METADATA_REQUEST,
          FUNCTION_LOAD_REQUEST -> {
        reloaded |= message.hasFunctionEnvironmentReloadRequest();
        enqueue(message);
      }
      default -> {
        // A kind that this worker has no use for.
      }
    }
  }

  /** It was sent an application's settings. */
  boolean reloaded() {
    return reloaded;
  }

  /** Invocations without their answers. */
  Collection<String> running() {
    return calls.unanswered();
  }

  /** What was indexed or loaded. */
  Collection<RpcFunctionMetadata> functions() {
    return app.functions();
  }

  private void enqueue(StreamingMessage message) {
    try {
      control.execute(() -> handle(message));
    } catch (RejectedExecutionException e) {
      outgoing.end(
          1, "the host sent more than " + WAITING_REQUESTS + " requests without their answers");
    }
  }

  private void handle(StreamingMessage message) {
    StreamingMessage.Builder answer = StreamingMessage.newBuilder();
    switch (message.getContentCase()) {
      case WORKER_INIT_REQUEST ->
          answer.setWorkerInitResponse(init(message.getWorkerInitRequest()));
      case WORKER_WARMUP_REQUEST -> {
        WarmUp.run();
        answer.setWorkerWarmupResponse(
            WorkerWarmupResponse.newBuilder().setResult(Statuses.success()));
      }
      case FUNCTION_ENVIRONMENT_RELOAD_REQUEST ->
          answer.setFunctionEnvironmentReloadResponse(
              reload(message.getFunctionEnvironmentReloadRequest()));
      case FUNCTIONS_METADATA_REQUEST ->
          answer.setFunctionMetadataResponse(
              app.index(message.getFunctionsMetadataRequest().getFunctionAppDirectory()));
      case FUNCTION_LOAD_REQUEST -> {
        FunctionLoadRequest request = message.getFunctionLoadRequest();
        answer.setFunctionLoadResponse(
            FunctionLoadResponse.newBuilder()
                .setFunctionId(request.getFunctionId())
                .setResult(app.load(request)));
      }
      default -> throw new IllegalStateException("not queued: " + message.getContentCase());
    }
    answer(message.getRequestId(), answer);
  }

  private WorkerInitResponse init(WorkerInitRequest request) {
    slots(System.getenv());
    app.init(request);
    return WorkerInitResponse.newBuilder()
        .setWorkerVersion(version())
        .putAllCapabilities(CAPABILITIES)
        .setWorkerMetadata(metadata())
        .setResult(Statuses.success())
        .build();
  }

  private FunctionEnvironmentReloadResponse reload(FunctionEnvironmentReloadRequest request) {
    slots(request.getEnvironmentVariablesMap());
    StatusResult result = app.reload(request);
    return FunctionEnvironmentReloadResponse.newBuilder()
        .setCapabilitiesUpdateStrategy(
            FunctionEnvironmentReloadResponse.CapabilitiesUpdateStrategy.replace)
        .putAllCapabilities(CAPABILITIES)
        .setWorkerMetadata(metadata())
        .setResult(result)
        .build();
  }

  private void slots(Map<String, String> environment) {
    String text = environment.get(SLOTS);
    if (text != null && text.matches("[1-9]\\d{0,4}")) {
      calls.slots(Integer.parseInt(text));
    }
  }

  /** On a thread of its own, as the others may be held by an application's code. */
  private void terminate(WorkerTerminate request) {
    if (!terminating.compareAndSet(false, true)) {
      return;
    }
    calls.close();
    long grace =
        TimeUnit.SECONDS.toNanos(request.getGracePeriod().getSeconds())
            + request.getGracePeriod().getNanos();
    daemon(
            () -> {
              try {
                boolean done = calls.awaitAnswers(Math.max(0, grace));
                outgoing.end(0, done ? "terminated" : "terminated with calls running");
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "terminate")
        .start();
  }

  private void answer(String requestId, StreamingMessage.Builder message) {
    outgoing.send(message.setRequestId(requestId).build());
  }

  static WorkerMetadata metadata() {
    return WorkerMetadata.newBuilder()
        .setRuntimeName(LANGUAGE)
        .setRuntimeVersion(System.getProperty("java.version"))
        .setWorkerVersion(version())
        .setWorkerBitness(System.getProperty("os.arch"))
        .build();
  }

  private static String version() {
    String version = MessageHandler.class.getPackage().getImplementationVersion();
    return version == null ? "0" : version;
  }

  private static ExecutorService control() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING_REQUESTS),
            task -> daemon(task, "control"));
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
