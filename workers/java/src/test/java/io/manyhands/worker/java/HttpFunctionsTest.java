/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.RpcHttp;
import io.manyhands.transport.grpc.protocol.StatusResult.Status;
import io.manyhands.transport.grpc.protocol.TypedData;
import io.manyhands.worker.doubles.BareHost;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class HttpFunctionsTest {
  private static RunningWorker worker;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    worker = RunningWorker.of(TestApp.in(directory).jar("http"));
  }

  @AfterAll
  static void stop() {
    worker.close();
  }

  @Test
  void functionSeesTheRequestAndAnswersStatusHeadersAndBody() {
    RpcHttp answer =
        http(
            "echo",
            RunningWorker.post("in")
                .setUrl("http://here/api/echo/7?q=1")
                .putQuery("q", "1")
                .putHeaders("x-asked", "yes"));
    assertThat(answer.getStatusCode()).isEqualTo("201");
    assertThat(answer.getBody().getString()).isEqualTo("in");
    assertThat(answer.getHeadersMap())
        .containsEntry("X-Method", "POST")
        .containsEntry("X-Uri", "http://here/api/echo/7?q=1")
        .containsEntry("X-Query", "{q=1}")
        .containsEntry("X-Said", "yes");
  }

  @Test
  void headerSetTwiceInDifferentCaseGoesOutOnce() {
    RpcHttp answer = http("echo", RunningWorker.post("in"));
    assertThat(answer.getHeadersMap()).containsEntry("Content-Type", "text/x-mine");
    assertThat(answer.getHeadersMap()).doesNotContainKey("content-type");
  }

  @Test
  void optionalBodyIsEmptyWhereNoneCameOrOneWithoutAByte() {
    RpcHttp.Builder none = RpcHttp.newBuilder().setMethod("get").setUrl("http://here/api");
    assertThat(http("echo", none).getBody().getString()).isEqualTo("nothing");
    none.setBody(TypedData.newBuilder().setBytes(ByteString.EMPTY));
    assertThat(http("echo", none).getBody().getString()).isEqualTo("nothing");
  }

  @Test
  void urlThatIsNoUriIsEscapedForTheFunction() {
    RpcHttp answer =
        http("echo", RunningWorker.post("").setUrl("http://here/api/a|b {c}/\u00e4?x=%20"));
    assertThat(answer.getHeadersMap())
        .containsEntry("X-Uri", "http://here/api/a%7Cb%20%7Bc%7D/%C3%A4?x=%20");
  }

  @Test
  void bytesComeAndGoUnchangedAndStatusMayBeAnyNumber() {
    RpcHttp answer =
        http(
            "bytes",
            body(TypedData.newBuilder().setBytes(ByteString.copyFrom(new byte[] {1, 0, -1}))));
    assertThat(answer.getStatusCode()).isEqualTo("299");
    assertThat(answer.getBody().getBytes().toByteArray()).containsExactly(-1, 0, 1);
  }

  @Test
  void plainObjectsAreReadFromAndWrittenAsJsonByTheirFields() {
    String json = "{\"item\":\"t\u00e9a\",\"count\":2,\"notes\":[\"<a>\"],\"unknown\":{}}";
    RpcHttp answer = http("order", RunningWorker.post(json));
    assertThat(answer.getBody().getJson())
        .isEqualTo("{\"item\":\"t\u00e9a\",\"count\":3,\"notes\":[\"<a>\"]}");
    TypedData bytes = TypedData.newBuilder().setBytes(ByteString.copyFromUtf8(json)).build();
    assertThat(http("order", body(bytes.toBuilder())).getBody().getJson()).contains("t\u00e9a");
  }

  @Test
  void optionalObjectIsReadOrEmpty() {
    assertThat(text("maybe-order", "{\"item\":\"tea\"}")).isEqualTo("tea");
    assertThat(text("maybe-order", "")).isEqualTo("no order");
  }

  @Test
  void listOfObjectsComesAndGoes() {
    TypedData returned =
        worker
            .http("orders", RunningWorker.post("[{\"item\":\"a\"},{\"item\":\"b\"}]"))
            .getReturnValue();
    assertThat(returned.getJson()).isEqualTo("[{\"item\":\"a\",\"count\":0}]");
  }

  @Test
  void returnedTextAndNumbersKeepTheirKind() {
    assertThat(text("text", "a")).isEqualTo("a!");
    assertThat(worker.http("number", RunningWorker.post("four")).getReturnValue().getInt())
        .isEqualTo(4);
  }

  @Test
  void returnedNullIsNoValueAndSuccess() {
    InvocationResponse answer = worker.http("nothing", RunningWorker.post(""));
    assertThat(answer.getResult().getStatus()).isEqualTo(Status.Success);
    assertThat(answer.hasReturnValue()).isFalse();
  }

  @Test
  void responseWithoutBodyHasNone() {
    RpcHttp answer = http("no-content", RunningWorker.post(""));
    assertThat(answer.getStatusCode()).isEqualTo("204");
    assertThat(answer.hasBody()).isFalse();
  }

  @Test
  void responseOfTheApplicationsOwnMakingIsSent() {
    RpcHttp answer = http("own-response", RunningWorker.post(""));
    assertThat(answer.getStatusCode()).isEqualTo("202");
    assertThat(answer.getBody().getString()).isEqualTo("own");
  }

  @Test
  void responseMayBeSetInAnOutput() {
    InvocationResponse answer = worker.http("by-output", RunningWorker.post(""));
    assertThat(answer.getOutputDataList())
        .singleElement()
        .satisfies(
            output -> {
              assertThat(output.getName()).isEqualTo("response");
              assertThat(output.getData().getHttp().getStatusCode()).isEqualTo("410");
            });
    assertThat(answer.hasReturnValue()).isFalse();
  }

  @Test
  void bindingNamesFindRouteMetadataQueryHeaderAndPropertiesInThatOrder() {
    InvocationResponse answer =
        worker
            .host()
            .call(
                BareHost.request(
                        "named",
                        "request",
                        RunningWorker.post("{\"item\":\"tea\",\"q\":\"hidden\"}")
                            .putParams("id", "7")
                            .putQuery("id", "hidden")
                            .putQuery("q", "from query")
                            .putHeaders("X-Asked", "from header"))
                    .putTriggerMetadata("id", TypedData.newBuilder().setString("hidden").build())
                    .putTriggerMetadata(
                        "meta", TypedData.newBuilder().setString("from host").build()));
    assertThat(answer.getReturnValue().getString())
        .isEqualTo("7,from host,Optional[from query],from header,tea,null,Optional.empty");
  }

  @Test
  void valueThatDoesNotFitNamesFunctionParameterAndType() {
    InvocationResponse answer =
        worker.http("must-have", RunningWorker.post("").putParams("count", "many"));
    assertThat(answer.getResult().getStatus()).isEqualTo(Status.Failure);
    assertThat(answer.getResult().getException().getMessage())
        .startsWith(
            "acme.HttpFunctions.mustHave: parameter 2 (int count): a string of 4 characters cannot become int");
    assertThat(
            worker
                .http("must-have", RunningWorker.post(""))
                .getResult()
                .getException()
                .getMessage())
        .isEqualTo(
            "acme.HttpFunctions.mustHave: parameter 2 (int count): no value cannot become int");
  }

  @Test
  void bodyThatIsNotJsonFailsTheCallAlone() {
    InvocationResponse answer = worker.http("order", RunningWorker.post("not json"));
    assertThat(answer.getResult().getException().getMessage())
        .contains(
            "acme.HttpFunctions.order: parameter 1", "cannot become acme.HttpFunctions$Order");
    assertThat(text("text", "a")).isEqualTo("a!");
  }

  @Test
  void resultsThatCannotBeSentFailTheCall() {
    assertThat(
            worker
                .http("null-header", RunningWorker.post(""))
                .getResult()
                .getException()
                .getMessage())
        .isEqualTo("the value of header X-Null");
    assertThat(
            worker
                .http("endless-json", RunningWorker.post(""))
                .getResult()
                .getException()
                .getMessage())
        .startsWith("java.util.TreeMap cannot become JSON");
  }

  private static RpcHttp.Builder body(TypedData.Builder body) {
    return RpcHttp.newBuilder().setMethod("POST").setUrl("http://here/").setBody(body);
  }

  private static RpcHttp http(String function, RpcHttp.Builder request) {
    InvocationResponse answer = worker.http(function, request);
    assertThat(answer.getResult().getStatus()).as(answer.toString()).isEqualTo(Status.Success);
    return answer.getReturnValue().getHttp();
  }

  private static String text(String function, String body) {
    return worker.http(function, RunningWorker.post(body)).getReturnValue().getString();
  }
}
