/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import io.manyhands.transport.grpc.protocol.CollectionBytes;
import io.manyhands.transport.grpc.protocol.CollectionDouble;
import io.manyhands.transport.grpc.protocol.CollectionSInt64;
import io.manyhands.transport.grpc.protocol.CollectionString;
import io.manyhands.transport.grpc.protocol.InvocationRequest;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.ParameterBinding;
import io.manyhands.transport.grpc.protocol.RpcFunctionMetadata;
import io.manyhands.transport.grpc.protocol.RpcRetryOptions;
import io.manyhands.transport.grpc.protocol.RpcRetryOptions.RetryStrategy;
import io.manyhands.transport.grpc.protocol.StatusResult.Status;
import io.manyhands.transport.grpc.protocol.TypedData;
import io.manyhands.worker.doubles.BareHost;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class BindingFunctionsTest {
  private static TestApp app;
  private static RunningWorker worker;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    app = TestApp.in(directory).jar("bindings");
    worker = RunningWorker.of(app);
  }

  @AfterAll
  static void stop() {
    worker.close();
  }

  @Test
  void functionIsDescribedAsInFunctionJson() {
    RpcFunctionMetadata relay = worker.function("relay");
    assertThat(relay.getScriptFile()).isEqualTo(RunningWorker.jar(app, "bindings").toString());
    assertThat(relay.getEntryPoint()).isEqualTo("acme.BindingFunctions.relay");
    assertThat(relay.getLanguage()).isEqualTo("manyhands-java");
    assertThat(bindings(relay).keySet())
        .containsExactlyInAnyOrder(
            "message", "blob", "rows", "sql", "copies", "file", "hub", "unset", "$return");
    assertThat(bindings(relay).get("message"))
        .isEqualTo(
            json(
                "{'name':'message','type':'queueTrigger','direction':'in','connection':'STORE',"
                    + "'queueName':'asks'}"));
    assertThat(bindings(relay).get("blob"))
        .isEqualTo(
            json(
                "{'name':'blob','type':'blob','direction':'in','connection':'OTHER',"
                    + "'path':'in/{name}'}"));
    assertThat(bindings(relay).get("sql"))
        .isEqualTo(json("{'name':'sql','type':'sql','direction':'in','commandText':'select 1'}"));
    assertThat(bindings(relay).get("hub"))
        .isEqualTo(json("{'name':'hub','type':'signalR','direction':'out'}"));
  }

  @Test
  void annotationOnTheMethodSpeaksOfTheReturnValueWhateverItsName() {
    assertThat(bindings(worker.function("relay")).get("$return"))
        .isEqualTo(
            json(
                "{'name':'$return','type':'queue','direction':'out','connection':'STORE',"
                    + "'queueName':'replies'}"));
  }

  @Test
  void serviceBusBindingsHaveOneTypeForQueuesAndTopics() {
    Map<String, JsonObject> topic = bindings(worker.function("topic"));
    assertThat(topic.get("message").get("type").getAsString()).isEqualTo("serviceBusTrigger");
    assertThat(topic.get("$return").get("type").getAsString()).isEqualTo("serviceBus");
  }

  @Test
  void cardinalityIsSaidThoughItIsTheDefault() {
    assertThat(bindings(worker.function("texts")).get("events").get("cardinality").getAsString())
        .isEqualTo("many");
  }

  @Test
  void retryPoliciesAreTold() {
    RpcRetryOptions fixed = worker.function("tick").getRetryOptions();
    assertThat(fixed.getRetryStrategy()).isEqualTo(RetryStrategy.fixed_delay);
    assertThat(fixed.getMaxRetryCount()).isEqualTo(3);
    assertThat(fixed.getDelayInterval().getSeconds()).isEqualTo(65);
    RpcRetryOptions growing = worker.function("relay").getRetryOptions();
    assertThat(growing.getRetryStrategy()).isEqualTo(RetryStrategy.exponential_backoff);
    assertThat(growing.getMaxRetryCount()).isEqualTo(-1);
    assertThat(growing.getMaximumInterval().getSeconds()).isEqualTo(86_400);
    assertThat(worker.function("topic").hasRetryOptions()).isFalse();
  }

  @Test
  void inputsOfEveryKindComeAndOutputsThatWereSetGo() {
    InvocationResponse answer =
        worker
            .host()
            .call(
                RunningWorker.request("relay", "{\"name\":\"ann\",\"colour\":\"GREEN\"}")
                    .addInputData(
                        input(
                            "blob", TypedData.newBuilder().setBytes(ByteString.copyFromUtf8("b"))))
                    .addInputData(
                        input(
                            "rows",
                            TypedData.newBuilder().setJson("[{\"name\":\"x\"},{\"name\":\"y\"}]")))
                    .addInputData(input("sql", TypedData.newBuilder().setJson("[1]"))));
    assertThat(answer.getReturnValue().getString()).isEqualTo("[1]/ann/2/null");
    Map<String, TypedData> outputs = new TreeMap<>();
    answer.getOutputDataList().forEach(output -> outputs.put(output.getName(), output.getData()));
    assertThat(outputs.keySet()).containsExactly("copies", "file", "hub");
    assertThat(outputs.get("copies").getJson()).isEqualTo("[\"ann\",\"GREEN\"]");
    assertThat(outputs.get("file").getBytes().toStringUtf8()).isEqualTo("b");
    assertThat(outputs.get("hub").getJson()).isEqualTo("{\"name\":\"y\"}");
  }

  @Test
  void collectionsComeAsListsArraysSetsOrJson() {
    TypedData texts =
        TypedData.newBuilder()
            .setCollectionString(CollectionString.newBuilder().addString("a").addString("b"))
            .build();
    assertThat(events("texts", texts)).isEqualTo("a+b");
    assertThat(events("text-array", texts)).isEqualTo("a+b");
    assertThat(events("as-text", texts)).isEqualTo("[\"a\",\"b\"]");
    TypedData rows =
        TypedData.newBuilder()
            .setCollectionString(
                CollectionString.newBuilder()
                    .addString("{\"name\":\"a\",\"colour\":\"RED\"}")
                    .addString("{\"name\":\"b\"}"))
            .build();
    assertThat(events("rows", rows)).isEqualTo("aRED+bnull");
    TypedData bytes =
        TypedData.newBuilder()
            .setCollectionBytes(
                CollectionBytes.newBuilder()
                    .addBytes(ByteString.copyFrom(new byte[] {1, 2}))
                    .addBytes(ByteString.copyFrom(new byte[] {3})))
            .build();
    assertThat(events("byte-arrays", bytes)).isEqualTo("[[1, 2], [3]]");
    TypedData whole =
        TypedData.newBuilder()
            .setCollectionSint64(CollectionSInt64.newBuilder().addSint64(1).addSint64(-2))
            .build();
    assertThat(events("longs", whole)).isEqualTo("[1, -2]");
    TypedData real =
        TypedData.newBuilder()
            .setCollectionDouble(CollectionDouble.newBuilder().addDouble(2.5).addDouble(1))
            .build();
    assertThat(events("doubles", real)).isEqualTo("[1.0, 2.5]");
  }

  @Test
  void jsonArrayComesAsAListToo() {
    TypedData json = TypedData.newBuilder().setJson("[\"a\",\"b\"]").build();
    assertThat(events("texts", json)).isEqualTo("a+b");
  }

  @ParameterizedTest
  @CsvSource({
    "stream,abc,abc",
    "colour,GREEN,\"GREEN\"",
    "flag,true,false",
    "small,7,7",
    "half,5,2.5"
  })
  void textBecomesWhatTheParameterIs(String function, String text, String expected) {
    assertThat(shown(worker.message(function, text).getReturnValue())).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"colour,BLUE", "flag,perhaps", "small,300", "small,7.5", "half,x", "small,''"})
  void textThatDoesNotFitFailsTheCall(String function, String text) {
    InvocationResponse answer = worker.message(function, text);
    assertThat(answer.getResult().getStatus()).isEqualTo(Status.Failure);
    assertThat(answer.getResult().getException().getMessage())
        .startsWith("acme.BindingFunctions." + function + ": parameter 1")
        .contains("cannot become");
  }

  @Test
  void numbersOfTheWireBecomeNumbers() {
    TypedData seven = TypedData.newBuilder().setInt(7).build();
    assertThat(shown(call("half", seven).getReturnValue())).isEqualTo("3.5");
    assertThat(shown(call("small", seven).getReturnValue())).isEqualTo("7");
  }

  private static InvocationResponse call(String function, TypedData data) {
    return worker.host().call(BareHost.request(function, "message", data));
  }

  private static String events(String function, TypedData data) {
    InvocationRequest.Builder request = BareHost.request(function, "events", data);
    InvocationResponse answer = worker.host().call(request);
    assertThat(answer.getResult().getStatus()).as(answer.toString()).isEqualTo(Status.Success);
    return answer.getReturnValue().getString();
  }

  private static String shown(TypedData data) {
    return Values.text(data);
  }

  private static ParameterBinding.Builder input(String name, TypedData.Builder data) {
    return ParameterBinding.newBuilder().setName(name).setData(data);
  }

  private static Map<String, JsonObject> bindings(RpcFunctionMetadata function) {
    Map<String, JsonObject> bindings = new TreeMap<>();
    for (String text : function.getRawBindingsList()) {
      JsonObject binding = json(text);
      bindings.put(binding.get("name").getAsString(), binding);
    }
    return bindings;
  }

  private static JsonObject json(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }
}
