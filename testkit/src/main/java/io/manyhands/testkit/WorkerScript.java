/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit;

import io.manyhands.api.app.Binding;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.app.RetryPolicy;
import io.manyhands.api.invocation.Payload;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.StatusInfo;
import io.manyhands.spi.transport.WorkerMessage;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * How fake workers behave; shared by those that a {@link FakeProvisioner} delivers, and changed by
 * a test as it goes. On the test's thread.
 */
public final class WorkerScript {
  private final Map<String, Function<HostMessage.InvocationRequest, Reply>> functions =
      new LinkedHashMap<>();
  private final Set<String> tasks = new HashSet<>();
  private final Map<String, RetryPolicy> policies = new HashMap<>();
  private Map<String, String> capabilities =
      Map.of("WorkerStatus", "true", "RawHttpBodyBytes", "true");
  private StatusInfo reload = StatusInfo.success();
  private StatusInfo load = StatusInfo.success();
  private boolean answersStatus = true;
  private boolean answersLoads = true;
  private volatile String hostJson = "";
  private volatile String packageProblem = "";
  private boolean answersTwice;

  /** What becomes of an invocation. */
  public record Reply(Kind kind, Payload value, String text, Duration delay) {
    /** The kinds of reply. */
    public enum Kind {
      SUCCEED,
      FAIL,
      TWICE,
      LATER,
      NEVER,
      DIE
    }

    public static Reply succeed(Payload value) {
      return new Reply(Kind.SUCCEED, value, "", Duration.ZERO);
    }

    public static Reply fail(String message) {
      return new Reply(Kind.FAIL, Payload.empty(), message, Duration.ZERO);
    }

    /** The same answer two times over. */
    public static Reply twice(Payload value) {
      return new Reply(Kind.TWICE, value, "", Duration.ZERO);
    }

    public static Reply later(Duration delay, Payload value) {
      return new Reply(Kind.LATER, value, "", delay);
    }

    public static Reply failLater(Duration delay, String message) {
      return new Reply(Kind.LATER, Payload.empty(), message, delay);
    }

    public static Reply never() {
      return new Reply(Kind.NEVER, Payload.empty(), "", Duration.ZERO);
    }

    /** The worker dies of it. */
    public static Reply die() {
      return new Reply(Kind.DIE, Payload.empty(), "", Duration.ZERO);
    }
  }

  /** A function that the worker's index names, with an HTTP trigger. */
  public WorkerScript function(
      String name, Function<HostMessage.InvocationRequest, Reply> behaviour) {
    functions.put(name, behaviour);
    return this;
  }

  /** A function that the worker's index names, with a {@link FakeTrigger#TYPE} trigger. */
  public WorkerScript task(String name, Function<HostMessage.InvocationRequest, Reply> behaviour) {
    tasks.add(name);
    return function(name, behaviour);
  }

  /** The worker's index gives the function that policy. */
  public WorkerScript retry(String name, RetryPolicy policy) {
    policies.put(name, policy);
    return this;
  }

  public WorkerScript capabilities(Map<String, String> value) {
    capabilities = Map.copyOf(value);
    return this;
  }

  /** How reloads are answered from now on. */
  public WorkerScript reload(StatusInfo status) {
    reload = status;
    return this;
  }

  /** How loads are answered from now on. */
  public WorkerScript load(StatusInfo status) {
    load = status;
    return this;
  }

  /** The agent beside the worker has every package, with this host.json. Default: an empty one. */
  public WorkerScript hostJson(String text) {
    hostJson = text;
    return this;
  }

  /** The agent beside the worker cannot have a package; empty that it can. */
  public WorkerScript packageProblem(String problem) {
    packageProblem = problem;
    return this;
  }

  WorkerMessage.LinkPackageState packageState(String sha256) {
    return packageProblem.isEmpty()
        ? new WorkerMessage.LinkPackageState(sha256, WorkerMessage.PackageStage.READY, hostJson, "")
        : new WorkerMessage.LinkPackageState(
            sha256, WorkerMessage.PackageStage.FAILED, "", packageProblem);
  }

  /** Everything but calls is answered twice. */
  public WorkerScript answersTwice(boolean twice) {
    answersTwice = twice;
    return this;
  }

  public WorkerScript answersStatus(boolean answers) {
    answersStatus = answers;
    return this;
  }

  public WorkerScript answersLoads(boolean answers) {
    answersLoads = answers;
    return this;
  }

  Map<String, String> capabilities() {
    return capabilities;
  }

  StatusInfo reload() {
    return reload;
  }

  StatusInfo load() {
    return load;
  }

  boolean answersTwice() {
    return answersTwice;
  }

  boolean answersLoads() {
    return answersLoads;
  }

  boolean answersStatus() {
    return answersStatus;
  }

  Reply reply(HostMessage.InvocationRequest request) {
    Function<HostMessage.InvocationRequest, Reply> behaviour = functions.get(request.functionId());
    return behaviour == null
        ? Reply.fail("no function " + request.functionId())
        : behaviour.apply(request);
  }

  List<WorkerMessage.IndexedFunction> index() {
    return functions.keySet().stream().map(this::indexed).toList();
  }

  private WorkerMessage.IndexedFunction indexed(String name) {
    FunctionDefinition plain =
        new FunctionDefinition(name, "", "", "", "fake", List.<Binding>of(), Map.of());
    RetryPolicy policy = policies.get(name);
    String type = tasks.contains(name) ? FakeTrigger.TYPE : "httpTrigger";
    return new WorkerMessage.IndexedFunction(
        name,
        policy == null ? plain : plain.withRetry(policy),
        StatusInfo.success(),
        List.of(
            "{\"name\":\"request\",\"type\":\"" + type + "\",\"direction\":\"in\"}",
            "{\"name\":\"$return\",\"type\":\"http\",\"direction\":\"out\"}"));
  }
}
