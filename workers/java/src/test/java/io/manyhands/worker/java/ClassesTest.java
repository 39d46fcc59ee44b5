/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.transport.grpc.protocol.RpcFunctionMetadata;
import io.manyhands.transport.grpc.protocol.StatusResult.Status;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class ClassesTest {
  @TempDir Path directory;

  @Test
  void applicationSeesItsOwnVersionsAndNothingOfTheWorker() throws Exception {
    TestApp app = TestApp.in(directory).library("isolated-lib").jar("isolated");
    try (RunningWorker worker = RunningWorker.of(app)) {
      assertThat(text(worker, "own-version", "")).isEqualTo("the application's own");
      assertThat(text(worker, "worker-class", WorkerMain.class.getName())).isEqualTo("not seen");
      assertThat(text(worker, "worker-class", "com.google.protobuf.Message")).isEqualTo("not seen");
      assertThat(text(worker, "worker-class", "com.google.gson.JsonObject")).isEqualTo("not seen");
      assertThat(text(worker, "worker-class", "java.sql.Connection"))
          .isEqualTo("java.sql.Connection");
      assertThat(worker.message("context-loader", "").getReturnValue().getJson()).isEqualTo("true");
      assertThat(worker.message("resource", "acme/Isolated.class").getReturnValue().getJson())
          .isEqualTo("true");
      String own = WorkerMain.class.getName().replace('.', '/') + ".class";
      assertThat(worker.message("resource", own).getReturnValue().getJson()).isEqualTo("false");
    }
  }

  @Test
  void inheritedFunctionsAreOnceThereAndBridgesAreNone() throws Exception {
    try (RunningWorker worker = RunningWorker.of(TestApp.in(directory).jar("inherited"))) {
      assertThat(worker.index().getFunctionMetadataResultsList())
          .allMatch(function -> function.getStatus().getStatus() == Status.Success)
          .extracting(RpcFunctionMetadata::getName)
          .containsExactly("base", "derived", "static");
      assertThat(text(worker, "base", "")).isEqualTo("base of Base");
      assertThat(text(worker, "derived", "")).isEqualTo("derived");
      assertThat(text(worker, "static", "")).isEqualTo("static");
    }
  }

  @Test
  void applicationsOwnInjectorMakesTheInstances() throws Exception {
    try (RunningWorker worker = RunningWorker.of(TestApp.in(directory).jar("injected"))) {
      assertThat(text(worker, "greet", "you")).isEqualTo("injected you");
    }
  }

  @Test
  void functionThatAFunctionJsonNamesNeedsNoAnnotatedName() throws Exception {
    TestApp app = TestApp.in(directory).jar("inherited");
    try (RunningWorker worker = RunningWorker.of(app)) {
      RpcFunctionMetadata wanted =
          RpcFunctionMetadata.newBuilder()
              .setName("by-host")
              .setFunctionId("id-9")
              .setScriptFile(RunningWorker.jar(app, "inherited").toString())
              .setEntryPoint("acme.Inherited$Derived.withoutInstance")
              .build();
      assertThat(worker.load(wanted).getResult().getStatus()).isEqualTo(Status.Success);
      assertThat(text(worker, "id-9", "")).isEqualTo("static");
      RpcFunctionMetadata missing = wanted.toBuilder().setEntryPoint("acme.Inherited.gone").build();
      assertThat(worker.load(missing).getResult().getException().getMessage())
          .isEqualTo("entry point acme.Inherited.gone: 0 methods have that name (expected: one)");
      RpcFunctionMetadata noClass = wanted.toBuilder().setEntryPoint("acme.Gone.gone").build();
      assertThat(worker.load(noClass).getResult().getException().getMessage())
          .startsWith("entry point acme.Gone.gone: its class cannot be loaded: ");
    }
  }

  private static String text(RunningWorker worker, String function, String message) {
    return worker.message(function, message).getReturnValue().getString();
  }
}
