/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.doubles;

import io.manyhands.transport.grpc.protocol.FunctionMetadataResponse;
import io.manyhands.transport.grpc.protocol.RpcFunctionMetadata;
import java.util.List;
import java.util.function.Function;

/** Answers to FunctionsMetadataRequest. */
final class Indexing {
  private Indexing() {}

  /** "Read function.json yourself" (P-FUNC-1). */
  static FunctionMetadataResponse byHost() {
    return FunctionMetadataResponse.newBuilder()
        .setResult(Statuses.success())
        .setUseDefaultMetadataIndexing(true)
        .build();
  }

  static FunctionMetadataResponse failed(String why) {
    return FunctionMetadataResponse.newBuilder().setResult(Statuses.failure(why)).build();
  }

  /**
   * An HTTP function each.
   *
   * @param upperCase how the worker writes directions
   */
  static FunctionMetadataResponse of(
      AppScript script,
      String language,
      boolean upperCase,
      Function<AppScript.Function, String> ids) {
    FunctionMetadataResponse.Builder response =
        FunctionMetadataResponse.newBuilder().setResult(Statuses.success());
    for (AppScript.Function function : script.functions()) {
      response.addFunctionMetadataResults(
          RpcFunctionMetadata.newBuilder()
              .setName(function.name())
              .setFunctionId(ids.apply(function))
              .setLanguage(language)
              .setDirectory(script.directory().toString())
              .setScriptFile(AppScript.FILE)
              .addAllRawBindings(bindings(function, upperCase)));
    }
    return response.build();
  }

  private static List<String> bindings(AppScript.Function function, boolean upperCase) {
    String in = upperCase ? "IN" : "in";
    String out = upperCase ? "OUT" : "out";
    if (function.trigger().isPresent()) {
      return List.of(function.trigger().get().deepCopy().put("direction", in).toString());
    }
    return List.of(
        """
        {"name":"request","type":"httpTrigger","direction":"%s",\
        "authLevel":"anonymous","methods":["get","post"],"route":"%s"}"""
            .formatted(in, function.route()),
        """
        {"name":"$return","type":"http","direction":"%s"}"""
            .formatted(out));
  }
}
