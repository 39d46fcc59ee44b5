/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.invocation.Payload;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.StatusInfo;
import io.manyhands.spi.transport.WorkerMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one worker answers, right or wrong, and what it was told so far; looks at everything that it
 * is told for marks of others. On the simulation's thread.
 */
final class WorkerAnswers {
  static final List<String> BINDINGS =
      List.of(
          "{\"name\":\"request\",\"type\":\"httpTrigger\",\"direction\":\"in\"}",
          "{\"name\":\"$return\",\"type\":\"http\",\"direction\":\"out\"}");

  private final SimulatedWorker worker;
  private final SimulatedWorker.Surroundings surroundings;
  private final World world;
  private final Faults faults;
  private final Dice dice;
  private final WorkerHabits habits;
  private final Map<String, String> functions = new TreeMap<>();
  private String mark = "";
  private int revision;

  WorkerAnswers(
      SimulatedWorker worker, SimulatedWorker.Surroundings surroundings, WorkerHabits habits) {
    this.worker = worker;
    this.surroundings = surroundings;
    this.world = surroundings.world();
    this.faults = world.faults();
    this.dice = surroundings.dice();
    this.habits = habits;
  }

  String mark() {
    return mark;
  }

  int revision() {
    return revision;
  }

  /** Takes note of what it is told, before anything else can happen. */
  void onReceived(HostMessage message) {
    if (message instanceof HostMessage.EnvironmentReloadRequest reload) {
      String becomes = reload.environment().getOrDefault(AppModel.APPLICATION, "");
      world
          .verdict()
          .expect(
              mark.isEmpty(),
              mark.equals(becomes) ? Invariant.SPECIALIZED_ONCE : Invariant.TENANTS_APART,
              worker + " was of " + mark + " and is to become of " + becomes);
      mark = becomes;
      revision = Integer.parseInt(reload.environment().getOrDefault(AppModel.REVISION, "0"));
    }
    TenantMarks.foreign(message, mark)
        .ifPresent(
            foreign ->
                world
                    .verdict()
                    .broken(
                        Invariant.TENANTS_APART,
                        worker
                            + " of "
                            + (mark.isEmpty() ? "nobody" : mark)
                            + " was sent "
                            + message.getClass().getSimpleName()
                            + " with "
                            + foreign));
    if (message instanceof HostMessage.FunctionLoadRequest load) {
      functions.put(load.functionId(), load.function().name());
    } else if (message instanceof HostMessage.InvocationRequest request) {
      surroundings
          .calls()
          .onDelivered(worker, request, functions.getOrDefault(request.functionId(), ""));
    }
  }

  /** An index without functions fails whichever application it is of by now. */
  void onSays(WorkerMessage message) {
    if (message instanceof WorkerMessage.FunctionsMetadataResponse index
        && index.functions().isEmpty()) {
      app().ifPresent(AppModel::onFailed);
    }
  }

  /** What it will say to that; empty where nothing. */
  List<WorkerMessage> to(HostMessage message, Step step) {
    List<WorkerMessage> said = new ArrayList<>();
    if (faults.strikes(FaultKind.ANSWER_UNASKED, worker + " " + step)) {
      said.add(unasked());
    }
    if (step != Step.CANCEL
        && step != Step.TERMINATE
        && faults.strikes(FaultKind.ANSWER_NEVER, worker + " " + step)) {
      return said;
    }
    Optional<WorkerMessage> answer =
        message instanceof HostMessage.InvocationCancel cancel
            ? cancelled(cancel)
            : message instanceof HostMessage.InvocationRequest request
                ? invoked(request, said)
                : controlled(message, step);
    answer.ifPresent(
        whole -> {
          said.add(whole);
          if (faults.strikes(FaultKind.ANSWER_TWICE, worker + " " + step)) {
            said.add(whole);
          }
        });
    return said;
  }

  /** An answer to somebody else's call by somebody who is no worker at all. */
  static WorkerMessage forged(String invocation) {
    return new WorkerMessage.InvocationResponse(
        invocation, StatusInfo.success(), Map.of(), Payload.text("forged"));
  }

  private Optional<WorkerMessage> controlled(HostMessage message, Step step) {
    return switch (step) {
      case INIT -> Optional.of(initialized());
      case WARM_UP -> Optional.of(new WorkerMessage.WarmupResponse(status(step)));
      case RELOAD ->
          Optional.of(
              new WorkerMessage.EnvironmentReloadResponse(
                  status(step), habits.capabilities(), dice.chance(0.5), Optional.empty()));
      case INDEX -> Optional.of(indexed());
      case LOAD -> Optional.of(loaded((HostMessage.FunctionLoadRequest) message));
      case STATUS ->
          worker.isMute()
              ? Optional.empty()
              : Optional.of(new WorkerMessage.WorkerStatusResponse());
      default -> Optional.empty();
    };
  }

  private StatusInfo status(Step step) {
    if (!faults.strikes(FaultKind.ANSWER_FAILURE, worker + " " + step)) {
      return StatusInfo.success();
    }
    app().ifPresent(AppModel::onFailed);
    return StatusInfo.failure("it cannot " + step);
  }

  private WorkerMessage initialized() {
    String version =
        faults.strikes(FaultKind.WRONG_STACK, worker.toString()) ? "99" : worker.stack().version();
    return new WorkerMessage.InitResponse(
        status(Step.INIT),
        "1",
        habits.capabilities(),
        dice.chance(0.1)
            ? Optional.empty()
            : Optional.of(
                new WorkerMessage.WorkerMetadata(
                    worker.stack().language(), version, "1", "x64", Map.of())));
  }

  private WorkerMessage loaded(HostMessage.FunctionLoadRequest load) {
    StatusInfo status = status(Step.LOAD);
    if (!status.isSuccess()) {
      app().ifPresent(own -> own.onNotLoaded(load.function().name()));
    }
    return new WorkerMessage.FunctionLoadResponse(load.functionId(), status);
  }

  private Optional<AppModel> app() {
    return Optional.ofNullable(surroundings.apps().get(mark));
  }

  private WorkerMessage indexed() {
    List<WorkerMessage.IndexedFunction> found = new ArrayList<>();
    app().ifPresent(own -> own.functions().forEach(name -> found.add(function(name))));
    boolean useDefault = false;
    if (faults.strikes(FaultKind.INDEX_MALFORMED, worker.toString())) {
      app().ifPresent(AppModel::onFailed);
      switch (dice.below(3)) {
        case 0 -> found.clear();
        case 1 -> found.addAll(List.copyOf(found));
        default -> useDefault = true;
      }
    }
    return new WorkerMessage.FunctionsMetadataResponse(status(Step.INDEX), found, useDefault);
  }

  private WorkerMessage.IndexedFunction function(String name) {
    String functionId =
        habits.ownFunctionIds() ? name + "-" + Long.toHexString(dice.nextLong()) : name;
    return new WorkerMessage.IndexedFunction(
        functionId,
        new FunctionDefinition(
            name, "", "", "", worker.stack().language(), List.of(), Map.of("owner", mark)),
        StatusInfo.success(),
        BINDINGS);
  }

  private Optional<WorkerMessage> cancelled(HostMessage.InvocationCancel cancel) {
    if (faults.strikes(FaultKind.CANCEL_IGNORED, worker.toString())) {
      return Optional.empty();
    }
    return Optional.of(
        new WorkerMessage.InvocationResponse(
            cancel.invocationId(), StatusInfo.failure("cancelled"), Map.of(), Payload.empty()));
  }

  private Optional<WorkerMessage> invoked(
      HostMessage.InvocationRequest request, List<WorkerMessage> said) {
    String invocation = request.invocationId();
    if (dice.chance(0.2)) {
      said.add(log(invocation));
    }
    if (faults.strikes(FaultKind.ANSWER_TO_ANOTHERS_CALL, worker.toString())) {
      surroundings.calls().anyRunning(dice).ifPresent(other -> said.add(response(other)));
    }
    return Optional.of(response(invocation));
  }

  private WorkerMessage response(String invocation) {
    StatusInfo status = status(Step.INVOKE);
    return new WorkerMessage.InvocationResponse(
        invocation,
        status,
        Map.of(),
        status.isSuccess()
            ? Payload.text(SimulatedWorker.reply(invocation) + mark + " from " + worker)
            : Payload.empty());
  }

  private WorkerMessage log(String invocation) {
    return new WorkerMessage.Log(
        new WorkerMessage.LogEntry(
            invocation, "Function", dice.between(0, 5), "works", false, Optional.empty()));
  }

  private WorkerMessage unasked() {
    return switch (dice.below(7)) {
      case 0 -> new WorkerMessage.Heartbeat();
      case 1 -> new WorkerMessage.Unknown("something new");
      case 2 -> initialized();
      case 3 -> new WorkerMessage.FunctionLoadResponse("nobody asked", StatusInfo.success());
      // Where it is about to be asked, that is its answer.
      case 4 -> new WorkerMessage.FunctionsMetadataResponse(StatusInfo.success(), List.of(), false);
      case 5 -> response("00000000-0000-4000-8000-000000000000");
      default ->
          new WorkerMessage.EnvironmentReloadResponse(
              StatusInfo.success(), Map.of(), true, Optional.empty());
    };
  }
}
