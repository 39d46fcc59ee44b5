/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.api.app.AppLimits;
import io.manyhands.api.app.AppRevision;
import io.manyhands.api.app.ApplicationContent;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.Binding;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.worker.WorkerStack;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One application as its operator knows it: what it is made of, and which of its revisions have
 * served. On the simulation's thread.
 */
final class AppModel {
  /** The setting by which a worker knows the revision that it was made for. */
  static final String REVISION = "SIMULATED_REVISION";

  /** The setting by which a worker knows the application. */
  static final String APPLICATION = "SIMULATED_APPLICATION";

  private final ApplicationId id;
  private final String tenant;
  private final WorkerStack stack;
  private final List<String> functions;
  private final boolean described;
  private final AppLimits limits;
  private final List<Integer> served = new ArrayList<>();
  private int lastRevision;
  private boolean wanted;
  private AppRevision current = new AppRevision("");
  private long stopAskedNanos = -1;
  private boolean failed;
  private final Set<String> notLoaded = new HashSet<>();

  private AppModel(
      ApplicationId id,
      String tenant,
      WorkerStack stack,
      List<String> functions,
      boolean described,
      AppLimits limits) {
    this.id = id;
    this.tenant = tenant;
    this.stack = stack;
    this.functions = functions;
    this.described = described;
    this.limits = limits;
  }

  static List<AppModel> draw(Dice dice, Scenario scenario) {
    int tenants = dice.between(1, scenario.apps());
    List<AppModel> apps = new ArrayList<>();
    for (int number = 1; number <= scenario.apps(); number++) {
      WorkerStack delivered = dice.pick(Scenario.STACKS);
      List<String> functions = new ArrayList<>();
      for (int function = dice.between(1, 4); function > 0; function--) {
        functions.add("Fn" + function);
      }
      AppLimits limits = AppLimits.defaults().withMaximumWorkers(dice.between(1, 4));
      if (dice.chance(0.7)) {
        limits = limits.withSlotsPerWorker(dice.pick(List.of(1, 1, 2, 4, 16)));
      }
      if (dice.chance(0.2)) {
        limits = limits.withQueueCalls(dice.between(1, 10));
      }
      apps.add(
          new AppModel(
              ApplicationId.of("app" + number),
              "tenant" + dice.between(1, tenants),
              dice.chance(0.5) ? WorkerStack.of(delivered.language()) : delivered,
              List.copyOf(functions),
              dice.chance(0.4),
              limits));
    }
    return apps;
  }

  ApplicationId id() {
    return id;
  }

  String tenant() {
    return tenant;
  }

  List<String> functions() {
    return functions;
  }

  AppLimits limits() {
    return limits;
  }

  /** What every setting and payload of it carries. */
  String mark() {
    return TenantMarks.mark(tenant, id.value());
  }

  /** The operator wants it to be there. */
  boolean isWanted() {
    return wanted;
  }

  void want(boolean value) {
    wanted = value;
  }

  /** A number that no definition of it had before. */
  int nextRevision() {
    return ++lastRevision;
  }

  /** The revision that serves now, else the last that did, else 0. */
  int lastServed() {
    return served.isEmpty() ? 0 : served.get(served.size() - 1);
  }

  /** How many times another revision began to serve: a point in its history. */
  int history() {
    return served.size();
  }

  /** It is started with that revision: calls wait for it from now on, and are for it. */
  void onStarting(int revision) {
    served.add(revision);
  }

  /** It has begun to serve that revision. */
  void onServes(int revision, AppRevision published) {
    if (lastServed() != revision) {
      served.add(revision);
    }
    current = published;
  }

  /** Nothing of it serves any more. */
  void onStopped() {
    current = new AppRevision("");
  }

  /** What its JobHost published when it began to serve; empty where it does not. */
  AppRevision current() {
    return current;
  }

  /**
   * True where that revision has served at some time since that point in its history, the one that
   * served then included.
   */
  boolean servedSince(int history, int revision) {
    return served.lastIndexOf(revision) >= Math.max(0, history - 1);
  }

  void onStopAsked(long nanos) {
    stopAskedNanos = nanos;
  }

  long stopAskedNanos() {
    return stopAskedNanos;
  }

  /** Its start has failed, or a worker has said that it cannot become one of it. */
  void onFailed() {
    failed = true;
  }

  boolean hasFailed() {
    return failed;
  }

  /** A worker could not load it. */
  void onNotLoaded(String function) {
    notLoaded.add(function);
  }

  /**
   * What a worker could not load the next start of the Runtime does not know of, where it has the
   * functions from a worker that came back.
   */
  boolean mayBeUnknown(String function) {
    return notLoaded.contains(function);
  }

  /**
   * @param hostName of no meaning for the revision; may be empty
   */
  ApplicationDefinition definition(int revision, String hostName) {
    ApplicationDefinition.Builder definition =
        ApplicationDefinition.builder(id)
            .tenant(tenant)
            .stack(stack)
            .content(
                new ApplicationContent.Inline(
                    described ? functions.stream().map(this::described).toList() : List.of(), ""))
            .setting(APPLICATION, mark())
            .setting(REVISION, Integer.toString(revision))
            .setting("PASSWORD", "secret of " + mark())
            .limits(limits);
    return (hostName.isEmpty() ? definition : definition.hostName(hostName)).build();
  }

  private FunctionDefinition described(String name) {
    return new FunctionDefinition(
        name,
        "",
        "",
        "",
        stack.language(),
        List.of(
            binding("request", SimulatedTrigger.TYPE, Binding.Direction.IN),
            binding("$return", SimulatedTrigger.OUTPUT, Binding.Direction.OUT)),
        Map.of("owner", mark()));
  }

  private static Binding binding(String name, String type, Binding.Direction direction) {
    return new Binding(
        name, type, direction, Map.of(), "{\"name\":\"" + name + "\",\"type\":\"" + type + "\"}");
  }

  @Override
  public String toString() {
    return id.value();
  }
}
