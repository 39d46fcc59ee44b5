/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.doubles;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.transport.grpc.protocol.BindingInfo;
import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadResponse;
import io.manyhands.transport.grpc.protocol.FunctionEnvironmentReloadResponse.CapabilitiesUpdateStrategy;
import io.manyhands.transport.grpc.protocol.FunctionLoadRequest;
import io.manyhands.transport.grpc.protocol.FunctionLoadRequestCollection;
import io.manyhands.transport.grpc.protocol.FunctionMetadataResponse;
import io.manyhands.transport.grpc.protocol.FunctionsMetadataRequest;
import io.manyhands.transport.grpc.protocol.InvocationCancel;
import io.manyhands.transport.grpc.protocol.InvocationRequest;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.RpcFunctionMetadata;
import io.manyhands.transport.grpc.protocol.RpcHttp;
import io.manyhands.transport.grpc.protocol.RpcLog;
import io.manyhands.transport.grpc.protocol.StatusResult.Status;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.StreamingMessage.ContentCase;
import io.manyhands.transport.grpc.protocol.TypedData;
import io.manyhands.transport.grpc.protocol.WorkerHeartbeat;
import io.manyhands.transport.grpc.protocol.WorkerInitRequest;
import io.manyhands.transport.grpc.protocol.WorkerStatusRequest;
import io.manyhands.transport.grpc.protocol.WorkerWarmupRequest;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
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
    try (DoubleProcess process =
        DoubleProcess.launch(mode, BareHost.arguments(1, plain, functions))) {
      assertThat(process.exit()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"node-v4,1", "java,255", "python-v2,1"})
  void endsWhereNobodyListens(String mode, int code) throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    try (DoubleProcess process = DoubleProcess.launch(mode, BareHost.arguments(free, true, true))) {
      assertThat(process.exit()).isEqualTo(code);
    }
  }

  @Test
  void javaDiesOfIdentityAndOthersDoNot() throws Exception {
    try (BareHost host = new BareHost(true);
        DoubleProcess java = DoubleProcess.launch("java", host)) {
      host.next(ContentCase.START_STREAM);
      host.send(message().setWorkerInitRequest(WorkerInitRequest.getDefaultInstance()));
      assertThat(java.exit()).isEqualTo(255);
    }
    try (BareHost host = new BareHost(true);
        DoubleProcess node = DoubleProcess.launch("node-v4", host)) {
      assertThat(host.init("", "").getResult().getStatus()).isEqualTo(Status.Success);
      node.kill();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cancel", "metadata", "loads", "heartbeat", "nothing"})
  void javaDiesOfMessagesWithoutHandler(String kind) throws Exception {
    try (BareHost host = new BareHost();
        DoubleProcess java = DoubleProcess.launch("java", host)) {
      host.init("", "");
      host.send(unhandled(kind));
      assertThat(java.exit()).isEqualTo(255);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"node-v4", "python-v2"})
  void othersLetPassWhatTheyDoNotKnow(String mode) throws Exception {
    try (BareHost host = new BareHost();
        DoubleProcess process = DoubleProcess.launch(mode, host)) {
      host.init("", "");
      for (String kind : new String[] {"cancel", "loads", "heartbeat", "nothing"}) {
        host.send(unhandled(kind));
      }
      host.send(message().setWorkerWarmupRequest(WorkerWarmupRequest.getDefaultInstance()));
      askStatus(host);
      host.next(ContentCase.WORKER_STATUS_RESPONSE);
      assertThat(host.waiting())
          .extracting(StreamingMessage::getContentCase)
          .containsOnly(ContentCase.START_STREAM);
      process.kill();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"node-v4", "java"})
  void endsWithTheStreamAndByTerminate(String mode) throws Exception {
    try (BareHost host = new BareHost();
        DoubleProcess process = DoubleProcess.launch(mode, host)) {
      host.init("", "");
      host.complete();
      assertThat(process.exit()).isZero();
    }
    try (BareHost host = new BareHost();
        DoubleProcess process = DoubleProcess.launch(mode, host)) {
      host.init("", "");
      host.terminate(Duration.ZERO);
      assertThat(process.exit()).isZero();
    }
  }

  @Test
  void pythonIgnoresTerminateAndTheStreamsEnd() throws Exception {
    try (BareHost host = new BareHost();
        DoubleProcess process = DoubleProcess.launch("python-v2", host)) {
      host.init("", "");
      host.terminate(Duration.ZERO);
      askStatus(host);
      // It lived on to answer, with the request's own id for once.
      assertThat(host.next(ContentCase.WORKER_STATUS_RESPONSE).getRequestId()).isEqualTo("asked");
      host.complete();
      assertThat(process.endsWithinASecond()).isFalse();
    }
  }

  @Test
  void pythonAnswersWithItsStartUpIdAndRefusesASecondIndex() throws Exception {
    script("text", "hi");
    try (BareHost host = new BareHost();
        DoubleProcess process = DoubleProcess.launch("python-v2", host)) {
      host.send(message().setWorkerInitRequest(WorkerInitRequest.getDefaultInstance()));
      assertThat(host.next(ContentCase.WORKER_INIT_RESPONSE).getRequestId()).isEqualTo("start-up");
      assertThat(reload(host, app).getCapabilitiesUpdateStrategy())
          .isEqualTo(CapabilitiesUpdateStrategy.merge);
      host.send(
          message().setFunctionsMetadataRequest(FunctionsMetadataRequest.getDefaultInstance()));
      StreamingMessage first = host.next(ContentCase.FUNCTION_METADATA_RESPONSE);
      assertThat(first.getRequestId()).isEqualTo("asked");
      RpcFunctionMetadata function =
          first.getFunctionMetadataResponse().getFunctionMetadataResults(0);
      assertThat(function.getFunctionId()).hasSize(36).isNotEqualTo(function.getName());
      assertThat(function.getRawBindings(0)).contains("\"IN\"");
      assertThat(host.index("").getResult().getException().getMessage())
          .contains("not a unique function name");
      // What it indexed itself it loads by the name alone.
      assertThat(load(host, metadata("hello"))).isEqualTo(Status.Success);
      process.kill();
    }
  }

  @Test
  void pythonLoadsWhatAnotherIndexedWhereItIsToldSo() throws Exception {
    script("text", "hi");
    try (BareHost host = new BareHost();
        DoubleProcess process = DoubleProcess.launch("python-v2", host)) {
      host.init("", "");
      reload(host, app);
      RpcFunctionMetadata.Builder function = metadata("hello").setDirectory(app.toString());
      assertThat(load(host, function)).isEqualTo(Status.Failure);
      assertThat(load(host, function.putProperties("worker_indexed", "True")))
          .isEqualTo(Status.Success);
      process.kill();
    }
  }

  @Test
  void pythonRunsAsManyCallsAsItHasThreads() throws Exception {
    script("sleep", "1000");
    try (BareHost host = new BareHost();
        DoubleProcess process = DoubleProcess.launch("python-v2", host)) {
      host.init("", "");
      host.reload(
          Map.of("AzureWebJobsScriptRoot", app.toString(), "PYTHON_THREADPOOL_THREAD_COUNT", "1"),
          app.toString());
      host.index("");
      load(host, metadata("hello"));
      long begun = System.nanoTime();
      String first = host.begin(request("http://here/"));
      String second = host.begin(request("http://here/"));
      host.answer(first);
      host.answer(second);
      assertThat(System.nanoTime() - begun).isGreaterThan(Duration.ofMillis(1900).toNanos());
      process.kill();
    }
  }

  @Test
  void nodeNeedsAnAbsoluteUrlAndAnExistingDirectoryAndNoLoad() throws Exception {
    script("text", "hi");
    try (BareHost host = new BareHost();
        DoubleProcess process = DoubleProcess.launch("node-v4", host)) {
      host.init("", "");
      assertThat(reload(host, app.resolve("nowhere")).getResult().getStatus())
          .isEqualTo(Status.Failure);
      FunctionEnvironmentReloadResponse reloaded = reload(host, app);
      assertThat(reloaded.getCapabilitiesUpdateStrategy())
          .isEqualTo(CapabilitiesUpdateStrategy.replace);
      assertThat(reloaded.getCapabilitiesMap()).containsKey("RawHttpBodyBytes");

      InvocationResponse refused = host.call(request("/api/hello"));
      assertThat(refused.getResult().getException().getMessage()).contains("Invalid URL");
      InvocationResponse called =
          host.call(
              BareHost.request(
                  "hello", "request", RpcHttp.newBuilder().setUrl("http://here/api/hello")));
      assertThat(called.getReturnValue().getHttp().getStatusCode()).isEqualTo("200");
      process.kill();
    }
  }

  @Test
  void aBlockedLoopAnswersNoStatus() throws Exception {
    script("block", "1000");
    try (BareHost host = new BareHost();
        DoubleProcess process = DoubleProcess.launch("node-v4", host)) {
      host.init("", app.toString());
      load(host, metadata("hello"));
      host.begin(request("http://here/"));
      askStatus(host);
      StreamingMessage first =
          host.next(
              "answer or status",
              message -> message.hasInvocationResponse() || message.hasWorkerStatusResponse());
      assertThat(first.hasInvocationResponse()).isTrue();
      host.next(ContentCase.WORKER_STATUS_RESPONSE);
      process.kill();
    }
  }

  @Test
  void nodeDiesOfWhatIsThrownAfterAGoodAnswer() throws Exception {
    script("late-throw", "");
    try (BareHost host = new BareHost();
        DoubleProcess process = DoubleProcess.launch("node-v4", host)) {
      host.init("", app.toString());
      load(host, metadata("hello"));
      assertThat(host.call(request("http://here/")).getResult().getStatus())
          .isEqualTo(Status.Success);
      assertThat(process.exit()).isEqualTo(1);
    }
  }

  @Test
  void nodePrintsToStandardOutputAlone() throws Exception {
    script("print", "said aloud");
    Path output = app.resolve("output");
    try (BareHost host = new BareHost();
        DoubleProcess process = DoubleProcess.launch("node-v4", host, output)) {
      host.init("", app.toString());
      load(host, metadata("hello"));
      host.call(request("http://here/"));
      assertThat(host.waiting()).noneMatch(message -> message.toString().contains("said aloud"));
      host.complete();
      assertThat(process.exit()).isZero();
      assertThat(output).content().contains("LanguageWorkerConsoleLog", "said aloud");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"java", "python-v1", "node-v3"})
  void missingBindingsLoseTheAnswerSilently(String mode) throws Exception {
    script("text", "hi");
    try (BareHost host = new BareHost();
        DoubleProcess process = DoubleProcess.launch(mode, host)) {
      host.init("/worker", "");
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
      InvocationResponse lost = host.call(request("http://here/"));
      assertThat(lost.getResult().getStatus()).isEqualTo(Status.Success);
      assertThat(answered(lost)).isFalse();

      String output = mode.equals("node-v3") ? "res" : "$return";
      whole.putBindings(
          output,
          BindingInfo.newBuilder().setType("http").setDirection(BindingInfo.Direction.out).build());
      assertThat(load(host, whole)).isEqualTo(Status.Success);
      assertThat(answered(host.call(request("http://here/")))).isTrue();
      process.kill();
    }
  }

  @Test
  void javaFailsACallThatComesBeforeTheLoadIsAnswered() throws Exception {
    script("text", "hi");
    try (BareHost host = new BareHost();
        DoubleProcess process = DoubleProcess.launch("java", host)) {
      host.init("/worker", "");
      host.send(
          message()
              .setFunctionLoadRequest(
                  FunctionLoadRequest.newBuilder()
                      .setFunctionId("f")
                      .setMetadata(
                          metadata("hello").setScriptFile(app.resolve("app.jar").toString()))));
      assertThat(host.call(request("http://here/")).getResult().getStatus())
          .isEqualTo(Status.Failure);
      process.kill();
    }
  }

  @Test
  void javaLogsEachCallWithoutCategoryAndKeepsItsFunctionsOverAReload() throws Exception {
    script("env", "APP");
    try (BareHost host = new BareHost();
        DoubleProcess process = DoubleProcess.launch("java", host)) {
      host.init("/worker", "");
      assertThat(reload(host, app).getCapabilitiesCount()).isZero();
      load(
          host,
          metadata("hello")
              .setEntryPoint("a.B.hello")
              .setScriptFile(app.resolve("app.jar").toString())
              .putBindings("$return", BindingInfo.getDefaultInstance()));
      host.reload(Map.of("APP", "second"), "/elsewhere");
      InvocationResponse called = host.call(request("http://here/"));
      assertThat(called.getReturnValue().getHttp().getBody().getString()).isEqualTo("second");
      RpcLog log = host.log("invoked by Java Worker");
      assertThat(log.getLogCategory()).isEqualTo(RpcLog.RpcLogCategory.User);
      process.kill();
    }
  }

  @Test
  void aFunctionMayHaveAnotherTriggerThanHttp() throws Exception {
    Files.writeString(
        app.resolve("doubles.json"),
        """
        {"functions": [{"name": "tick", "does": "log", "argument": "ticked",
          "trigger": {"name": "timer", "type": "timerTrigger", "schedule": "* * * * * *"}}]}""");
    try (BareHost host = new BareHost();
        DoubleProcess process = DoubleProcess.launch("node-v4", host)) {
      host.init("", app.toString());
      FunctionMetadataResponse indexed = host.index("");
      assertThat(indexed.getFunctionMetadataResults(0).getRawBindingsList())
          .singleElement()
          .asString()
          .contains("timerTrigger", "\"direction\":\"in\"");
      InvocationResponse called =
          host.call(
              BareHost.request("tick", "timer", TypedData.newBuilder().setJson("{}").build()));
      assertThat(answered(called)).isFalse();
      host.log("ticked");
      process.kill();
    }
  }

  private void script(String does, String argument) throws Exception {
    Files.writeString(
        app.resolve("doubles.json"),
        "{\"functions\": [{\"name\": \"hello\", \"does\": \"%s\", \"argument\": \"%s\"}]}"
            .formatted(does, argument));
    Files.createDirectories(app.resolve("hello"));
    Files.writeString(app.resolve("hello/script"), "");
    Files.writeString(app.resolve("app.jar"), "");
  }

  private static StreamingMessage.Builder unhandled(String kind) {
    return switch (kind) {
      case "cancel" -> message().setInvocationCancel(InvocationCancel.getDefaultInstance());
      case "metadata" ->
          message().setFunctionsMetadataRequest(FunctionsMetadataRequest.getDefaultInstance());
      case "loads" ->
          message()
              .setFunctionLoadRequestCollection(FunctionLoadRequestCollection.getDefaultInstance());
      case "heartbeat" -> message().setWorkerHeartbeat(WorkerHeartbeat.getDefaultInstance());
      default -> message();
    };
  }

  private static boolean answered(InvocationResponse response) {
    return response.hasReturnValue() || response.getOutputDataCount() > 0;
  }

  private static StreamingMessage.Builder message() {
    return StreamingMessage.newBuilder();
  }

  private static void askStatus(BareHost host) {
    host.send(message().setWorkerStatusRequest(WorkerStatusRequest.getDefaultInstance()));
  }

  private static FunctionEnvironmentReloadResponse reload(BareHost host, Path directory) {
    return host.reload(
        Map.of("AzureWebJobsScriptRoot", directory.toString()), directory.toString());
  }

  private static RpcFunctionMetadata.Builder metadata(String name) {
    return RpcFunctionMetadata.newBuilder().setName(name).setFunctionId("f");
  }

  private static Status load(BareHost host, RpcFunctionMetadata.Builder metadata) {
    return host.load(metadata.build()).getResult().getStatus();
  }

  private static InvocationRequest.Builder request(String url) {
    return BareHost.request("f", "request", RpcHttp.newBuilder().setUrl(url));
  }
}
