/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.doubles;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.manyhands.transport.grpc.protocol.NullableBool;
import io.manyhands.transport.grpc.protocol.NullableDouble;
import io.manyhands.transport.grpc.protocol.NullableString;
import io.manyhands.transport.grpc.protocol.RpcHttp;
import io.manyhands.transport.grpc.protocol.RpcHttpCookie;
import io.manyhands.transport.grpc.protocol.TypedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What functions of the doubles can do. */
final class Actions {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Actions() {}

  static TypedData perform(
      AppScript.Function function,
      RpcHttp request,
      Map<String, String> environment,
      Consumer<String> log)
      throws InterruptedException {
    RpcHttp.Builder answer = RpcHttp.newBuilder().setStatusCode("200");
    switch (function.does()) {
      case "text" -> answer.setBody(text(function.argument()));
      case "echo" -> echo(request, answer);
      case "describe" -> answer.setBody(text(describe(request)));
      case "env" -> answer.setBody(text(environment.getOrDefault(function.argument(), "")));
      case "environment" -> answer.setBody(text(new TreeMap<>(environment).toString()));
      case "leave" -> {
        leave(environment, function.argument());
        answer.setBody(text("left"));
      }
      case "sum" -> answer.setBody(text(sum(request)));
      case "throw" -> throw new WorkerFault(function.argument());
      case "log" -> {
        log.accept(function.argument());
        answer.setBody(text("logged"));
      }
      case "note" -> {
        note(Path.of(environment.getOrDefault(function.argument(), "")), request.getQueryMap());
        answer.setBody(text("noted " + request.getQueryMap().get("id")));
      }
      case "print" -> {
        // P-LOG-2: to standard output alone.
        System.out.println(function.argument());
        answer.setBody(text("printed"));
      }
      case "late-throw" -> answer.setBody(text("well"));
      case "sleep", "block" -> {
        sleep(Long.parseLong(function.argument()));
        answer.setBody(text("slept"));
      }
      case "exit" -> Runtime.getRuntime().halt(Integer.parseInt(function.argument()));
      case "cookies" -> cookies(answer);
      case "status" ->
          answer.setStatusCode(function.argument()).putHeaders("x-said", "by the function");
      default -> throw new WorkerFault("no action \"" + function.does() + "\"");
    }
    return TypedData.newBuilder().setHttp(answer).build();
  }

  private static TypedData text(String value) {
    return TypedData.newBuilder().setString(value).build();
  }

  private static void echo(RpcHttp request, RpcHttp.Builder answer) {
    answer.setBody(request.getBody());
    String type = request.getHeadersMap().get("content-type");
    if (type != null) {
      answer.putHeaders("content-type", type);
    }
  }

  /** What came, and in which form. */
  private static String describe(RpcHttp request) {
    ObjectNode said = JSON.createObjectNode();
    said.put("method", request.getMethod());
    said.put("url", request.getUrl());
    said.put("body", request.getBody().getDataCase().name());
    said.set("query", JSON.valueToTree(new TreeMap<>(request.getQueryMap())));
    said.set("params", JSON.valueToTree(new TreeMap<>(request.getParamsMap())));
    said.set("headers", JSON.valueToTree(new TreeMap<>(request.getHeadersMap())));
    return said.toString();
  }

  /** A line in a file named like the call says, then the time that it says. */
  private static void note(Path directory, Map<String, String> query) throws InterruptedException {
    try {
      Files.writeString(
          directory.resolve(query.getOrDefault("id", "none")),
          "ran\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new WorkerFault("cannot be noted: " + e);
    }
    sleep(Long.parseLong(query.getOrDefault("millis", "0")));
  }

  /** A file in each place that is the worker's own. */
  private static void leave(Map<String, String> environment, String text) {
    try {
      for (String place : new String[] {"HOME", "TMPDIR"}) {
        Files.writeString(
            Path.of(environment.getOrDefault(place, "")).resolve("left"), text + place);
      }
    } catch (IOException e) {
      throw new WorkerFault("cannot be left: " + e);
    }
  }

  private static String sum(RpcHttp request) {
    return Long.toString(request.getQueryMap().values().stream().mapToLong(Long::parseLong).sum());
  }

  private static void sleep(long millis) throws InterruptedException {
    if (new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)) {
      throw new AssertionError("nobody counts down");
    }
  }

  private static void cookies(RpcHttp.Builder answer) {
    answer
        .addCookies(RpcHttpCookie.newBuilder().setName("plain").setValue("1"))
        .addCookies(
            RpcHttpCookie.newBuilder()
                .setName("careful")
                .setValue("2")
                .setPath(NullableString.newBuilder().setValue("/api"))
                .setSecure(NullableBool.newBuilder().setValue(true))
                .setHttpOnly(NullableBool.newBuilder().setValue(true))
                .setMaxAge(NullableDouble.newBuilder().setValue(60))
                .setSameSite(RpcHttpCookie.SameSite.Strict));
  }
}
