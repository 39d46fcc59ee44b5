/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadRequest;
import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadResponse;
import io.manyhands.transport.grpc.protocol.FunctionLoadRequest;
import io.manyhands.transport.grpc.protocol.FunctionLoadResponse;
import io.manyhands.transport.grpc.protocol.FunctionMetadataResponse;
import io.manyhands.transport.grpc.protocol.InvocationRequest;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.StatusResult;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.WorkerInitRequest;
import io.manyhands.transport.grpc.protocol.WorkerInitResponse;
import io.manyhands.transport.grpc.protocol.WorkerMetadata;
import io.manyhands.transport.grpc.protocol.WorkerStatusResponse;
import io.manyhands.transport.grpc.protocol.WorkerWarmupResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Answers the host's messages: status at once on the stream's thread, everything of an application
 * on a pool.
 */
final class MessageHandler {
  private static final int THREADS = 100;
  private static final Map<String, String> CAPABILITIES =
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
  private final String requestId;
  private final ExecutorService control = pool(1, "control");
  private final ExecutorService functions = pool(THREADS, "function");
  private final Map<String, JavaFunction> loaded = new ConcurrentHashMap<>();
  private final Map<String, Invocation> running = new ConcurrentHashMap<>();
  private volatile @Nullable FunctionApp app;

  MessageHandler(Outgoing outgoing, String requestId) {
    this.outgoing = outgoing;
    this.requestId = requestId;
  }

  void onMessage(StreamingMessage message) {
    switch (message.getContentCase()) {
      case INVOCATION_REQUEST -> invoke(message.getInvocationRequest());
      case WORKER_STATUS_REQUEST ->
          outgoing.send(
              StreamingMessage.newBuilder()
                  .setRequestId(message.getRequestId())
                  .setWorkerStatusResponse(WorkerStatusResponse.getDefaultInstance())
                  .build());
      case INVOCATION_CANCEL -> cancel(message.getInvocationCancel().getInvocationId());
      case WORKER_INIT_REQUEST -> control.execute(() -> init(message.getWorkerInitRequest()));
      case WORKER_WARMUP_REQUEST -> control.execute(this::warmUp);
      case FUNCTION_ENVIRONMENT_RELOAD_REQUEST ->
          control.execute(() -> reload(message.getFunctionEnvironmentReloadRequest()));
      case FUNCTIONS_METADATA_REQUEST ->
          control.execute(
              () -> index(message.getFunctionsMetadataRequest().getFunctionAppDirectory()));
      case FUNCTION_LOAD_REQUEST -> control.execute(() -> load(message.getFunctionLoadRequest()));
      case WORKER_TERMINATE ->
          terminate(message.getWorkerTerminate().getGracePeriod().getSeconds());
      default -> {
        // A kind that this worker has no use for.
      }
    }
  }

  private void init(WorkerInitRequest request) {
    StatusResult result = open(request.getFunctionAppDirectory());
    answer(
        StreamingMessage.newBuilder()
            .setWorkerInitResponse(
                WorkerInitResponse.newBuilder()
                    .setWorkerVersion(version())
                    .putAllCapabilities(CAPABILITIES)
                    .setWorkerMetadata(metadata())
                    .setResult(result)));
  }

  /** Touches what a first call needs, so that a placeholder has it loaded. */
  private void warmUp() {
    Values.warmUp();
    answer(
        StreamingMessage.newBuilder()
            .setWorkerWarmupResponse(
                WorkerWarmupResponse.newBuilder().setResult(Statuses.success())));
  }

  private void reload(FunctionEnvironmentReloadRequest request) {
    StatusResult result;
    if (app != null) {
      result = Statuses.failure("this worker has an application already (expected: one for life)");
    } else {
      try {
        ProcessEnvironment.replace(request.getEnvironmentVariablesMap());
        result = open(request.getFunctionAppDirectory());
      } catch (ReflectiveOperationException | RuntimeException e) {
        result = Statuses.failure(e);
      }
    }
    answer(
        StreamingMessage.newBuilder()
            .setFunctionEnvironmentReloadResponse(
                FunctionEnvironmentReloadResponse.newBuilder()
                    .setCapabilitiesUpdateStrategy(
                        FunctionEnvironmentReloadResponse.CapabilitiesUpdateStrategy.replace)
                    .putAllCapabilities(CAPABILITIES)
                    .setWorkerMetadata(metadata())
                    .setResult(result)));
  }

  private void index(String directory) {
    FunctionMetadataResponse.Builder response = FunctionMetadataResponse.newBuilder();
    StatusResult result = app == null ? open(directory) : Statuses.success();
    FunctionApp opened = app;
    if (opened != null) {
      opened
          .functions()
          .values()
          .forEach(function -> response.addFunctionMetadataResults(function.metadata()));
    }
    answer(StreamingMessage.newBuilder().setFunctionMetadataResponse(response.setResult(result)));
  }

  private void load(FunctionLoadRequest request) {
    FunctionApp opened = app;
    JavaFunction function =
        opened == null ? null : opened.functions().get(request.getMetadata().getName());
    StatusResult result;
    if (function == null) {
      result =
          Statuses.failure(
              "function " + request.getMetadata().getName() + ": not in the application's jars");
    } else {
      try {
        function.prepare();
        loaded.put(request.getFunctionId(), function);
        result = Statuses.success();
      } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
        result = Statuses.failure(e);
      }
    }
    answer(
        StreamingMessage.newBuilder()
            .setFunctionLoadResponse(
                FunctionLoadResponse.newBuilder()
                    .setFunctionId(request.getFunctionId())
                    .setResult(result)));
  }

  private void invoke(InvocationRequest request) {
    String id = request.getInvocationId();
    Invocation invocation =
        new Invocation(request, loaded.get(request.getFunctionId()), outgoing, requestId);
    running.put(id, invocation);
    try {
      functions.execute(
          () -> {
            try {
              invocation.run();
            } finally {
              running.remove(id);
            }
          });
    } catch (RejectedExecutionException e) {
      running.remove(id);
      InvocationResponse.Builder refused =
          InvocationResponse.newBuilder()
              .setInvocationId(id)
              .setResult(Statuses.failure("this worker is terminating"));
      answer(StreamingMessage.newBuilder().setInvocationResponse(refused));
    }
  }

  private void cancel(String invocationId) {
    Invocation invocation = running.get(invocationId);
    if (invocation != null) {
      invocation.cancel();
    }
  }

  private void terminate(long graceSeconds) {
    functions.shutdown();
    control.execute(
        () -> {
          try {
            boolean done = functions.awaitTermination(Math.max(0, graceSeconds), TimeUnit.SECONDS);
            outgoing.end(0, done ? "terminated" : "terminated with calls running");
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private StatusResult open(String directory) {
    if (directory.isEmpty()) {
      return Statuses.success();
    }
    try {
      app = FunctionApp.open(Path.of(directory));
      return Statuses.success();
    } catch (Exception e) {
      return Statuses.failure(e);
    }
  }

  private void answer(StreamingMessage.Builder message) {
    outgoing.send(message.setRequestId(requestId).build());
  }

  private static WorkerMetadata metadata() {
    return WorkerMetadata.newBuilder()
        .setRuntimeName("manyhands-java")
        .setRuntimeVersion(System.getProperty("java.version"))
        .setWorkerVersion(version())
        .setWorkerBitness(System.getProperty("os.arch"))
        .build();
  }

  private static String version() {
    String version = MessageHandler.class.getPackage().getImplementationVersion();
    return version == null ? "0" : version;
  }

  private static ThreadPoolExecutor pool(int threads, String name) {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }
}
