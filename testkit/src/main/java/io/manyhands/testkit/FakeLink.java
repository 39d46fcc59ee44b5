/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit;

import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a fake worker of our protocol extension keeps over its streams: its newest token, what it is
 * assigned to, what runs and which answers nobody has acknowledged.
 */
final class FakeLink {
  private final WorkerId id;
  private final WorkerStack stack;
  private final Set<String> running = new LinkedHashSet<>();
  private final Map<String, WorkerMessage> kept = new LinkedHashMap<>();
  private final Map<String, WorkerMessage.IndexedFunction> functions = new LinkedHashMap<>();
  private String token = "";
  private long epoch;
  private HostMessage.@Nullable LinkAssignment assignment;
  private WorkerMessage.@Nullable LinkPackageState unpacked;
  private long sent;

  FakeLink(WorkerId id, WorkerStack stack) {
    this.id = id;
    this.stack = stack;
  }

  String token() {
    return token;
  }

  long epoch() {
    return epoch;
  }

  /** The first message of a stream: new, or back. */
  WorkerMessage hello(String presented, Map<String, String> capabilities) {
    return new WorkerMessage.LinkHello(
        id.value(),
        "",
        true,
        Map.of(),
        new WorkerMessage.LinkStack("", ""),
        presented.isEmpty() ? Optional.empty() : Optional.of(resume(presented, capabilities)));
  }

  private WorkerMessage.LinkResume resume(String presented, Map<String, String> capabilities) {
    HostMessage.LinkAssignment to = assignment;
    return new WorkerMessage.LinkResume(
        presented,
        to == null ? "" : to.tenant(),
        to == null ? "" : to.application(),
        to == null ? "" : to.revision(),
        capabilities,
        Optional.of(
            new WorkerMessage.WorkerMetadata(
                stack.language(), stack.version(), "1", "x64", Map.of())),
        List.copyOf(functions.values()),
        List.copyOf(running),
        List.copyOf(kept.keySet()));
  }

  /** Takes the welcome; returns what is to be said on the stream at once. */
  List<WorkerMessage> welcome(HostMessage.LinkWelcome welcome) {
    token = welcome.resumeToken();
    epoch = welcome.epoch();
    welcome.assignment().ifPresent(this::assigned);
    sent = 0;
    List<WorkerMessage> answers = new ArrayList<>();
    answers.add(new WorkerMessage.LinkConfirmation(epoch));
    if (unpacked != null) {
      answers.add(unpacked);
    }
    kept.keySet().retainAll(welcome.wanted());
    sent = kept.size();
    answers.addAll(kept.values());
    return answers;
  }

  void credential(HostMessage.LinkCredential credential) {
    token = credential.resumeToken();
    assigned(credential.assignment());
  }

  private void assigned(HostMessage.LinkAssignment to) {
    assignment = to;
  }

  /** The oldest kept answers are known to have arrived. */
  void acknowledged(long answers) {
    long outstanding = Math.max(0, sent - answers);
    while (kept.size() > outstanding) {
      kept.remove(kept.keySet().iterator().next());
    }
  }

  void loaded(HostMessage.FunctionLoadRequest load, List<WorkerMessage.IndexedFunction> index) {
    index.stream()
        .filter(function -> function.functionId().equals(load.functionId()))
        .forEach(function -> functions.put(function.functionId(), function));
  }

  /** An agent says again after each welcome what package it has. */
  void unpacked(WorkerMessage.LinkPackageState state) {
    if (state.stage() == WorkerMessage.PackageStage.READY) {
      unpacked = state;
    }
  }

  void forget() {
    running.clear();
    kept.clear();
  }

  void began(String invocation) {
    running.add(invocation);
  }

  void answered(WorkerMessage.InvocationResponse answer, boolean onAStream) {
    running.remove(answer.invocationId());
    kept.put(answer.invocationId(), answer);
    if (onAStream) {
      sent++;
    }
  }
}
