/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadRequest;
import io.manyhands.transport.grpc.protocol.FunctionLoadRequest;
import io.manyhands.transport.grpc.protocol.FunctionsMetadataRequest;
import io.manyhands.transport.grpc.protocol.InvocationRequest;
import io.manyhands.transport.grpc.protocol.RpcFunctionMetadata;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.StreamingMessage.ContentCase;
import io.manyhands.transport.grpc.protocol.WorkerInitRequest;
import io.manyhands.transport.grpc.protocol.link.Credential;
import io.manyhands.transport.grpc.protocol.link.RuntimeFrame;
import io.manyhands.worker.doubles.BareHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The worker in this JVM, as our own service knows it. */
final class LinkedWorker {
  private final CompletableFuture<Integer> code = new CompletableFuture<>();
  private final Thread thread;

  private LinkedWorker(List<String> words, Map<String, String> environment, Duration firstAnswer) {
    HostConnection connection =
        new HostConnection(WorkerArguments.parse(words, environment), ignored -> {}, firstAnswer);
    thread =
        new Thread(
            () -> {
              try {
                code.complete(connection.run());
              } catch (InterruptedException | RuntimeException e) {
                code.completeExceptionally(e);
              }
            },
            "worker");
    thread.setDaemon(true);
    thread.start();
  }

  static LinkedWorker dial(int port, String... more) {
    return dial(port, Duration.ofSeconds(10), more);
  }

  static LinkedWorker dial(int port, Duration firstAnswer, String... more) {
    List<String> words = new ArrayList<>(BareHost.arguments(port, true, true));
    words.addAll(List.of(more));
    return new LinkedWorker(words, Map.of(), firstAnswer);
  }

  /** With these words alone, in that environment. */
  static LinkedWorker dial(List<String> words, Map<String, String> environment) {
    return new LinkedWorker(words, environment, Duration.ofSeconds(10));
  }

  /** Makes the worker the application's, with all its functions, on that stream. */
  static void specialize(LinkHost.Stream stream, TestApp app, String token) {
    load(stream, app);
    stream.frame(
        RuntimeFrame.newBuilder()
            .setCredential(
                Credential.newBuilder()
                    .setResumeToken(token)
                    .setTenant("acme")
                    .setApplication("orders")
                    .setRevision("r1")));
  }

  /** All of a specialization but its credential. */
  static void load(LinkHost.Stream stream, TestApp app) {
    stream.send(message().setWorkerInitRequest(WorkerInitRequest.getDefaultInstance()));
    stream.message(ContentCase.WORKER_INIT_RESPONSE);
    stream.send(
        message()
            .setFunctionEnvironmentReloadRequest(
                FunctionEnvironmentReloadRequest.newBuilder()
                    .setFunctionAppDirectory(app.directory().toString())));
    stream.message(ContentCase.FUNCTION_ENVIRONMENT_RELOAD_RESPONSE);
    stream.send(
        message().setFunctionsMetadataRequest(FunctionsMetadataRequest.getDefaultInstance()));
    for (RpcFunctionMetadata function :
        stream
            .message(ContentCase.FUNCTION_METADATA_RESPONSE)
            .getFunctionMetadataResponse()
            .getFunctionMetadataResultsList()) {
      stream.send(
          message()
              .setFunctionLoadRequest(
                  FunctionLoadRequest.newBuilder()
                      .setFunctionId(function.getFunctionId())
                      .setMetadata(function)));
      stream.message(ContentCase.FUNCTION_LOAD_RESPONSE);
    }
  }

  static void invoke(LinkHost.Stream stream, String function, String text, String id) {
    InvocationRequest.Builder request = RunningWorker.request(function, text).setInvocationId(id);
    stream.send(message().setInvocationRequest(request));
  }

  private static StreamingMessage.Builder message() {
    return StreamingMessage.newBuilder();
  }

  int exitCode() throws Exception {
    return code.get(60, TimeUnit.SECONDS);
  }

  void stop() {
    thread.interrupt();
  }
}
