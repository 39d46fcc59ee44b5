/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.doubles;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.transport.grpc.protocol.BindingInfo;
import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadRequest;
import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadResponse;
import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadResponse.CapabilitiesUpdateStrategy;
import io.manyhands.transport.grpc.protocol.FunctionLoadRequest;
import io.manyhands.transport.grpc.protocol.FunctionsMetadataRequest;
import io.manyhands.transport.grpc.protocol.InvocationCancel;
import io.manyhands.transport.grpc.protocol.InvocationRequest;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.ParameterBinding;
import io.manyhands.transport.grpc.protocol.RpcFunctionMetadata;
import io.manyhands.transport.grpc.protocol.RpcHttp;
import io.manyhands.transport.grpc.protocol.StatusResult.Status;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.StreamingMessage.ContentCase;
import io.manyhands.transport.grpc.protocol.TypedData;
import io.manyhands.transport.grpc.protocol.WorkerInitRequest;
import io.manyhands.transport.grpc.protocol.WorkerStatusRequest;
import io.manyhands.transport.grpc.protocol.WorkerTerminate;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults that the Runtime takes care never to provoke; ids are of docs/protocol.md. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class WorkerFaultsTest {
  @TempDir Path app;

  @ParameterizedTest
  @CsvSource({"node-v4,true,false", "go,true,false", "python-v2,false,true"})
  void lacksItsSetOfArguments(String mode, boolean plain, boolean functions) throws Exception {
    try (BareHost host = new BareHost(false)) {
      assertThat(BareHost.exitOf(host.start(mode, 1, plain, functions))).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"node-v4,1", "java,255", "python-v2,1"})
  void endsWhereNobodyListens(String mode, int code) throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    try (BareHost host = new BareHost(false)) {
      assertThat(BareHost.exitOf(host.start(mode, free, true, true))).isEqualTo(code);
    }
  }

  @Test
  void javaDiesOfIdentityAndOthersDoNot() throws Exception {
    try (BareHost host = new BareHost(true)) {
      Process java = host.launch("java");
      host.next(ContentCase.START_STREAM);
      init(host, "");
      assertThat(BareHost.exitOf(java)).isEqualTo(255);
    }
    try (BareHost host = new BareHost(true)) {
      host.launch("node-v4");
      init(host, "");
      host.next(ContentCase.WORKER_INIT_RESPONSE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cancel", "metadata"})
  void javaDiesOfMessagesWithoutHandler(String kind) throws Exception {
    try (BareHost host = new BareHost(false)) {
      Process java = host.launch("java");
      initialize(host, "");
      host.send(
          kind.equals("cancel")
              ? message().setInvocationCancel(InvocationCancel.getDefaultInstance())
              : message()
                  .setFunctionsMetadataRequest(FunctionsMetadataRequest.getDefaultInstance()));
      assertThat(BareHost.exitOf(java)).isEqualTo(255);
    }
  }

  @ParameterizedTest
  @CsvSource({"node-v4", "java"})
  void endsWithTheStreamAndByTerminate(String mode) throws Exception {
    try (BareHost host = new BareHost(false)) {
      Process process = host.launch(mode);
      initialize(host, "");
      host.complete();
      assertThat(BareHost.exitOf(process)).isZero();
    }
    try (BareHost host = new BareHost(false)) {
      Process process = host.launch(mode);
      initialize(host, "");
      host.send(message().setWorkerTerminate(WorkerTerminate.getDefaultInstance()));
      assertThat(BareHost.exitOf(process)).isZero();
    }
  }

  @Test
  void pythonIgnoresTerminateAndTheStreamsEnd() throws Exception {
    try (BareHost host = new BareHost(false)) {
      Process process = host.launch("python-v2");
      initialize(host, "");
      host.send(message().setWorkerTerminate(WorkerTerminate.getDefaultInstance()));
      host.send(message().setWorkerStatusRequest(WorkerStatusRequest.getDefaultInstance()));
      // It lived on to answer, with the request's own id for once.
      assertThat(host.next(ContentCase.WORKER_STATUS_RESPONSE).getRequestId()).isEqualTo("asked");
      host.complete();
      assertThat(process.waitFor(1, TimeUnit.SECONDS)).isFalse();
    }
  }

  @Test
  void pythonAnswersWithItsStartUpIdAndRefusesASecondIndex() throws Exception {
    script();
    try (BareHost host = new BareHost(false)) {
      host.launch("python-v2");
      init(host, "");
      assertThat(host.next(ContentCase.WORKER_INIT_RESPONSE).getRequestId()).isEqualTo("start-up");
      assertThat(reload(host, app).getCapabilitiesUpdateStrategy())
          .isEqualTo(CapabilitiesUpdateStrategy.merge);
      StreamingMessage first = index(host);
      assertThat(first.getRequestId()).isEqualTo("asked");
      RpcFunctionMetadata function =
          first.getFunctionMetadataResponse().getFunctionMetadataResults(0);
      assertThat(function.getFunctionId()).hasSize(36).isNotEqualTo(function.getName());
      assertThat(function.getRawBindings(0)).contains("\"IN\"");
      assertThat(index(host).getFunctionMetadataResponse().getResult().getException().getMessage())
          .contains("not a unique function name");
    }
  }

  @Test
  void nodeNeedsAnAbsoluteUrlAndAnExistingDirectory() throws Exception {
    script();
    try (BareHost host = new BareHost(false)) {
      host.launch("node-v4");
      initialize(host, "");
      assertThat(reload(host, app.resolve("nowhere")).getResult().getStatus())
          .isEqualTo(Status.Failure);
      FunctionEnvironmentReloadResponse reloaded = reload(host, app);
      assertThat(reloaded.getCapabilitiesUpdateStrategy())
          .isEqualTo(CapabilitiesUpdateStrategy.replace);
      assertThat(reloaded.getCapabilitiesMap()).containsKey("RawHttpBodyBytes");
      assertThat(load(host, metadata("hello"))).isEqualTo(Status.Success);

      assertThat(call(host, "/api/hello").getResult().getException().getMessage())
          .contains("Invalid URL");
      assertThat(call(host, "http://here/api/hello").getReturnValue().getHttp().getStatusCode())
          .isEqualTo("200");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"java", "python-v1", "node-v3"})
  void missingBindingsLoseTheAnswerSilently(String mode) throws Exception {
    script();
    try (BareHost host = new BareHost(false)) {
      host.launch(mode);
      initialize(host, "/worker");
      assertThat(reload(host, app).getResult().getStatus()).isEqualTo(Status.Success);
      RpcFunctionMetadata.Builder whole =
          metadata("hello")
              .setDirectory(app.resolve("hello").toString())
              .setEntryPoint("a.B.hello")
              .setScriptFile(
                  (mode.equals("java") ? app.resolve("app.jar") : app.resolve("hello/script"))
                      .toString());
      assertThat(load(host, metadata("hello"))).isEqualTo(Status.Failure);
      assertThat(load(host, whole)).isEqualTo(Status.Success);
      assertThat(call(host, "http://here/").getResult().getStatus()).isEqualTo(Status.Success);
      assertThat(answered(call(host, "http://here/"))).isFalse();

      String output = mode.equals("node-v3") ? "res" : "$return";
      whole.putBindings(
          output,
          BindingInfo.newBuilder().setType("http").setDirection(BindingInfo.Direction.out).build());
      assertThat(load(host, whole)).isEqualTo(Status.Success);
      assertThat(answered(call(host, "http://here/"))).isTrue();
    }
  }

  @Test
  void javaFailsACallThatComesBeforeTheLoadIsAnswered() throws Exception {
    script();
    try (BareHost host = new BareHost(false)) {
      host.launch("java");
      initialize(host, "/worker");
      host.send(load(metadata("hello").setScriptFile(app.resolve("app.jar").toString())));
      assertThat(call(host, "http://here/").getResult().getStatus()).isEqualTo(Status.Failure);
    }
  }

  private void script() throws Exception {
    Files.writeString(
        app.resolve("doubles.json"),
        "{\"functions\": [{\"name\": \"hello\", \"does\": \"text\", \"argument\": \"hi\"}]}");
    Files.createDirectories(app.resolve("hello"));
    Files.writeString(app.resolve("hello/script"), "");
    Files.writeString(app.resolve("app.jar"), "");
  }

  private static boolean answered(InvocationResponse response) {
    return response.hasReturnValue() || response.getOutputDataCount() > 0;
  }

  private static StreamingMessage.Builder message() {
    return StreamingMessage.newBuilder();
  }

  private static void init(BareHost host, String workerDirectory) throws Exception {
    host.send(
        message()
            .setWorkerInitRequest(
                WorkerInitRequest.newBuilder().setWorkerDirectory(workerDirectory)));
  }

  private static void initialize(BareHost host, String workerDirectory) throws Exception {
    init(host, workerDirectory);
    host.next(ContentCase.WORKER_INIT_RESPONSE);
  }

  private static FunctionEnvironmentReloadResponse reload(BareHost host, Path directory)
      throws Exception {
    host.send(
        message()
            .setFunctionEnvironmentReloadRequest(
                FunctionEnvironmentReloadRequest.newBuilder()
                    .putEnvironmentVariables("AzureWebJobsScriptRoot", directory.toString())
                    .setFunctionAppDirectory(directory.toString())));
    return host.next(ContentCase.FUNCTION_ENVIRONMENT_RELOAD_RESPONSE)
        .getFunctionEnvironmentReloadResponse();
  }

  private static StreamingMessage index(BareHost host) throws Exception {
    host.send(message().setFunctionsMetadataRequest(FunctionsMetadataRequest.getDefaultInstance()));
    return host.next(ContentCase.FUNCTION_METADATA_RESPONSE);
  }

  private static RpcFunctionMetadata.Builder metadata(String name) {
    return RpcFunctionMetadata.newBuilder().setName(name);
  }

  private static StreamingMessage.Builder load(RpcFunctionMetadata.Builder metadata) {
    return message()
        .setFunctionLoadRequest(
            FunctionLoadRequest.newBuilder().setFunctionId("f").setMetadata(metadata));
  }

  private static Status load(BareHost host, RpcFunctionMetadata.Builder metadata) throws Exception {
    host.send(load(metadata));
    return host.next(ContentCase.FUNCTION_LOAD_RESPONSE)
        .getFunctionLoadResponse()
        .getResult()
        .getStatus();
  }

  private static InvocationResponse call(BareHost host, String url) throws Exception {
    host.send(
        message()
            .setInvocationRequest(
                InvocationRequest.newBuilder()
                    .setInvocationId("i")
                    .setFunctionId("f")
                    .addInputData(
                        ParameterBinding.newBuilder()
                            .setName("request")
                            .setData(
                                TypedData.newBuilder()
                                    .setHttp(RpcHttp.newBuilder().setUrl(url))))));
    return host.next(ContentCase.INVOCATION_RESPONSE).getInvocationResponse();
  }
}
