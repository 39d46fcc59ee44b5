/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.transport.grpc.protocol.FunctionMetadataResponse;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.RpcException;
import io.manyhands.transport.grpc.protocol.RpcFunctionMetadata;
import io.manyhands.transport.grpc.protocol.StatusResult;
import io.manyhands.transport.grpc.protocol.StatusResult.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class BrokenAppsTest {
  @TempDir Path directory;

  @Test
  void everyWrongSignatureIsToldWithItsPlaceAndWhatWasExpected() throws Exception {
    TestApp app = TestApp.in(directory).library("gone").jar("broken").without("gone");
    try (RunningWorker worker = RunningWorker.of(app)) {
      FunctionMetadataResponse index = worker.index();
      assertThat(index.getResult().getStatus()).isEqualTo(Status.Success);
      Map<String, String> faults = new HashMap<>();
      index
          .getFunctionMetadataResultsList()
          .forEach(
              function ->
                  faults.put(function.getName(), function.getStatus().getException().getMessage()));
      Map<String, String> expected = new HashMap<>();
      expected.put("fine", "");
      expected.put(
          "unbound",
          "acme.Broken.unbound: parameter 2 (java.util.List<java.lang.String> what) has no binding"
              + " annotation (expected: a trigger, an input, an output, @BindingName, or the type"
              + " com.microsoft.azure.functions.ExecutionContext)");
      expected.put(
          "untriggered",
          "acme.Broken.untriggered has no trigger (expected: one parameter annotated @HttpTrigger,"
              + " @TimerTrigger or another trigger)");
      expected.put(
          "two-triggers",
          "acme.Broken.twoTriggers has the triggers [one, two] (expected: one parameter annotated"
              + " @HttpTrigger, @TimerTrigger or another trigger)");
      expected.put(
          "input-as-output",
          "acme.Broken.inputAsOutput: parameter 2"
              + " (com.microsoft.azure.functions.OutputBinding<java.lang.String> blob) is an"
              + " OutputBinding of an input (expected: an output annotation, or another type)");
      expected.put(
          "output-as-input",
          "acme.Broken.outputAsInput: parameter 2 (java.lang.String out) is annotated as an output"
              + " (expected: the type com.microsoft.azure.functions.OutputBinding<T>)");
      expected.put(
          "no-http",
          "acme.Broken.noHttp: parameter 1"
              + " (com.microsoft.azure.functions.HttpRequestMessage<java.lang.String> message) is an"
              + " HttpRequestMessage of a queueTrigger (expected: an @HttpTrigger)");
      expected.put(
          "one-name",
          "acme.Broken.oneName has two bindings named same (expected: a name of its own for each)");
      expected.put(
          "retry",
          "acme.Broken.retry: retry annotation: delayInterval is \"soon\" (expected:"
              + " hours:minutes:seconds, such as 00:00:10)");
      expected.put(
          "hidden", "acme.Broken.hidden is not a public method with a body (expected: one)");
      expected.put(
          "abstract",
          "acme.Broken$Abstract is abstract (expected: a class that can have instances)");
      expected.put(
          "inner",
          "acme.Broken$Inner has no constructor without parameters (expected: one, or a static"
              + " method)");
      expected.put(
          "Twin",
          "functions Twin and twin have one name: acme.Twins.first and acme.Twins.second (expected:"
              + " names that differ by more than case)");
      expected.put(
          "acme.Linked",
          "class acme.Linked of broken.jar cannot be loaded: java.lang.NoClassDefFoundError:"
              + " gone/Missing (is a jar missing in lib?)");
      assertThat(faults).containsExactlyInAnyOrderEntriesOf(expected);

      assertThat(worker.message("fine", "").getReturnValue().getString()).isEqualTo("fine");
      StatusResult load = worker.load(worker.function("hidden")).getResult();
      assertThat(load.getStatus()).isEqualTo(Status.Failure);
      assertThat(load.getException().getMessage()).isEqualTo(expected.get("hidden"));
    }
  }

  @Test
  void whatFunctionsThrowIsAnsweredWithMessageTypeAndStack() throws Exception {
    try (RunningWorker worker = RunningWorker.of(TestApp.in(directory).jar("failing"))) {
      RpcException checked = failure(worker.message("checked", ""));
      assertThat(checked.getMessage()).isEqualTo("the disk is full");
      assertThat(checked.getType()).isEqualTo("java.io.IOException");
      assertThat(checked.getStackTrace())
          .contains("acme.FailingFunctions.checked(FailingFunctions.java:")
          .contains("Caused by: java.lang.IllegalStateException: the reason");
      assertThat(checked.getIsUserException()).isTrue();
      assertThat(failure(worker.message("error", "")).getType())
          .isEqualTo("java.lang.AssertionError");
      assertThat(failure(worker.message("overflow", "x")).getType())
          .isEqualTo("java.lang.StackOverflowError");
      assertThat(failure(worker.message("hostile", "")).getMessage())
          .isEqualTo("acme.FailingFunctions$Hostile, whose message cannot be had");
      assertThat(failure(worker.message("constructor", "")).getMessage())
          .isEqualTo("no instance today");
      assertThat(worker.message("fine", "").getReturnValue().getString()).isEqualTo("fine");
    }
  }

  @Test
  void classThatCannotBeInitializedFailsTheLoadOfItsFunctionsAlone() throws Exception {
    try (RunningWorker worker = RunningWorker.of(TestApp.in(directory).jar("failing"))) {
      RpcFunctionMetadata function = worker.function("static");
      assertThat(function.getStatus().getStatus()).isEqualTo(Status.Success);
      // Loading all was the first attempt; it is told at a second one, too.
      RpcException again = worker.load(function).getResult().getException();
      assertThat(again.getMessage()).contains("Could not initialize class acme.StaticFailure");
      assertThat(failure(worker.message("static", "")).getMessage()).contains("is not loaded");
      assertThat(worker.message("fine", "").getReturnValue().getString()).isEqualTo("fine");
    }
    try (RunningWorker worker = RunningWorker.placeholder()) {
      worker.host().reload(Map.of(), directory.toString());
      RpcException first = worker.load(worker.function("static")).getResult().getException();
      assertThat(first.getMessage())
          .isEqualTo("a class could not be initialized: For input string: \"no number\"");
      assertThat(first.getStackTrace()).contains("StaticFailure.<clinit>");
    }
  }

  @Test
  void directoryThatIsNotThereOrHoldsNoJarOrABrokenOneIsTold() throws Exception {
    assertThat(reload(directory.resolve("nowhere")))
        .isEqualTo(
            "application directory "
                + directory.resolve("nowhere")
                + " is not there (expected: a directory with jars)");
    assertThat(reload(directory))
        .isEqualTo(
            "application directory " + directory + " holds no jar (expected: one with functions)");
    Files.writeString(directory.resolve("app.jar"), "no jar");
    assertThat(reload(directory))
        .startsWith("jar " + directory.resolve("app.jar") + " cannot be read: ");
  }

  @Test
  void workerStartedForABrokenApplicationTellsItWhereFunctionsAreAskedFor() throws Exception {
    try (RunningWorker worker = RunningWorker.of(TestApp.in(directory))) {
      assertThat(worker.index().getResult().getException().getMessage()).contains("holds no jar");
      RpcFunctionMetadata wanted = RpcFunctionMetadata.newBuilder().setName("any").build();
      assertThat(worker.load(wanted).getResult().getException().getMessage())
          .contains("holds no jar");
    }
  }

  @Test
  void functionThatIsUnknownIsToldWithTheKnown() throws Exception {
    try (RunningWorker worker = RunningWorker.of(TestApp.in(directory).jar("inherited"))) {
      RpcFunctionMetadata wanted = RpcFunctionMetadata.newBuilder().setName("other").build();
      assertThat(worker.load(wanted).getResult().getException().getMessage())
          .isEqualTo(
              "function other is not in the application's jars (known: [base, derived, static]), and"
                  + " entry point \"\" names no class and method");
    }
  }

  @Test
  void placeholderHasNoFunctionsAndSaysSo() throws Exception {
    try (RunningWorker worker = RunningWorker.placeholder()) {
      assertThat(worker.index().getResult().getStatus()).isEqualTo(Status.Success);
      assertThat(worker.index().getFunctionMetadataResultsList()).isEmpty();
      RpcFunctionMetadata wanted = RpcFunctionMetadata.newBuilder().setName("any").build();
      assertThat(worker.load(wanted).getResult().getException().getMessage())
          .isEqualTo("this worker has no application yet");
    }
  }

  @Test
  void workerServesOneApplicationInItsLife() throws Exception {
    TestApp app = TestApp.in(directory).jar("inherited");
    try (RunningWorker worker = RunningWorker.placeholder()) {
      worker.host().reload(Map.of("A", "1"), app.directory().toString());
      StatusResult second =
          worker.host().reload(Map.of("B", "2"), app.directory().toString()).getResult();
      assertThat(second.getException().getMessage())
          .isEqualTo(
              "this worker has been given an application before (expected: one in its life)");
      assertThat(worker.environment()).containsOnlyKeys("A");
    }
  }

  private String reload(Path application) throws Exception {
    try (RunningWorker worker = RunningWorker.placeholder()) {
      StatusResult result = worker.host().reload(Map.of(), application.toString()).getResult();
      assertThat(result.getStatus()).isEqualTo(Status.Failure);
      return result.getException().getMessage();
    }
  }

  private static RpcException failure(InvocationResponse answer) {
    assertThat(answer.getResult().getStatus()).isEqualTo(Status.Failure);
    return answer.getResult().getException();
  }
}
