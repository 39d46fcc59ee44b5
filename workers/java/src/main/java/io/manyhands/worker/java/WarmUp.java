/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
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
import io.manyhands.transport.grpc.protocol.InvocationRequest;
import io.manyhands.transport.grpc.protocol.ParameterBinding;
import io.manyhands.transport.grpc.protocol.RpcFunctionMetadata;
import io.manyhands.transport.grpc.protocol.RpcHttp;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.TypedData;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Has a placeholder do what a specialization and a first call will do, with an application that is
 * in the worker's own jar, so that the classes for it are there when it counts.
 */
final class WarmUp {
  private static final String OWN = "warm-up-";
  private static final Outgoing NOWHERE =
      new Outgoing() {
        @Override
        public void send(StreamingMessage message) {}

        @Override
        public void end(int code, String reason) {}
      };

  private WarmUp() {}

  /** Where something fails, the worker is merely less warm. */
  static void run() {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try {
      Path jar = Path.of(WarmUp.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      FunctionApp app = FunctionApp.open(new AppJars(List.of(jar), List.of()));
      for (RpcFunctionMetadata metadata : app.metadata()) {
        if (!metadata.getName().startsWith(OWN)) {
          // A class of the worker that merely names the annotation.
          continue;
        }
        JavaFunction function = app.find(metadata);
        function.prepare();
        new Invocation(throughTheWire(request(function)), function, NOWHERE).run();
      }
      app.close();
    } catch (Exception | LinkageError e) {
      System.err.println("manyhands-java worker: warm-up did not work: " + e);
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  private static InvocationRequest request(JavaFunction function) {
    RpcHttp http =
        RpcHttp.newBuilder()
            .setMethod("POST")
            .setUrl("http://localhost/")
            .putParams("name", "1")
            .setBody(TypedData.newBuilder().setBytes(ByteString.copyFromUtf8("{\"a\":1}")))
            .build();
    return InvocationRequest.newBuilder()
        .setInvocationId(OWN)
        .addInputData(
            ParameterBinding.newBuilder()
                .setName(function.signature().trigger())
                .setData(TypedData.newBuilder().setHttp(http)))
        .build();
  }

  private static InvocationRequest throughTheWire(InvocationRequest request)
      throws InvalidProtocolBufferException {
    StreamingMessage sent = StreamingMessage.newBuilder().setInvocationRequest(request).build();
    return StreamingMessage.parseFrom(sent.toByteString()).getInvocationRequest();
  }

  /** What it calls. */
  public static final class Functions {
    @FunctionName(OWN + "http")
    public HttpResponseMessage http(
        @HttpTrigger(
                name = "request",
                methods = HttpMethod.POST,
                authLevel = AuthorizationLevel.ANONYMOUS)
            HttpRequestMessage<Optional<String>> request,
        @BindingName("name") int name,
        ExecutionContext context) {
      context.getLogger().info("warm");
      return request.createResponseBuilder(HttpStatus.OK).header("a", "b").body(name).build();
    }

    @FunctionName(OWN + "timer")
    public Map<String, Object> timer(
        @TimerTrigger(name = "timer", schedule = "* * * * * *") Map<String, Object> timer) {
      return timer;
    }
  }
}
