/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import io.manyhands.transport.grpc.protocol.FunctionLoadResponse;
import io.manyhands.transport.grpc.protocol.FunctionMetadataResponse;
import io.manyhands.transport.grpc.protocol.InvocationRequest;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.RpcFunctionMetadata;
import io.manyhands.transport.grpc.protocol.RpcHttp;
import io.manyhands.transport.grpc.protocol.StatusResult;
import io.manyhands.transport.grpc.protocol.TypedData;
import io.manyhands.worker.doubles.BareHost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The worker in this JVM, dialled into a bare host; its process's environment stays as it is. */
final class RunningWorker implements AutoCloseable {
  private final BareHost host;
  private final Map<String, String> environment = new ConcurrentHashMap<>();
  private final CompletableFuture<Integer> code = new CompletableFuture<>();
  private final Thread thread;

  private RunningWorker(BareHost host) {
    this.host = host;
    HostConnection connection =
        new HostConnection(
            WorkerArguments.parse(host.arguments()), environment::putAll, Duration.ofSeconds(10));
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

  static RunningWorker placeholder() throws Exception {
    RunningWorker worker = new RunningWorker(new BareHost());
    worker.host.init("", "");
    return worker;
  }

  /** With all functions that can be loaded. */
  static RunningWorker of(TestApp app) throws Exception {
    RunningWorker worker = new RunningWorker(new BareHost());
    worker.host.init("", app.directory().toString());
    worker.loadAll();
    return worker;
  }

  void loadAll() {
    for (RpcFunctionMetadata function : index().getFunctionMetadataResultsList()) {
      if (function.getStatus().getStatus() == StatusResult.Status.Success) {
        load(function);
      }
    }
  }

  BareHost host() {
    return host;
  }

  Map<String, String> environment() {
    return environment;
  }

  FunctionMetadataResponse index() {
    return host.index("");
  }

  RpcFunctionMetadata function(String name) {
    return index().getFunctionMetadataResultsList().stream()
        .filter(function -> function.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  FunctionLoadResponse load(RpcFunctionMetadata function) {
    return host.load(function);
  }

  InvocationResponse http(String function, RpcHttp.Builder request) {
    return host.call(BareHost.request(function, "request", request));
  }

  /** Triggered by a message. */
  InvocationResponse message(String function, String text) {
    return host.call(request(function, text));
  }

  static InvocationRequest.Builder request(String function, String text) {
    return BareHost.request(function, "message", TypedData.newBuilder().setString(text).build());
  }

  static RpcHttp.Builder post(String body) {
    return RpcHttp.newBuilder()
        .setMethod("POST")
        .setUrl("http://here/api")
        .setBody(TypedData.newBuilder().setString(body));
  }

  int exitCode() throws Exception {
    return code.get(60, TimeUnit.SECONDS);
  }

  static Path jar(TestApp app, String name) {
    return app.directory().resolve(name + ".jar");
  }

  @Override
  public void close() {
    host.close();
    thread.interrupt();
  }
}
