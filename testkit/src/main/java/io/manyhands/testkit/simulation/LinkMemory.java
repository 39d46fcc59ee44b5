/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

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
 * What a worker of our extension keeps over its streams: its tokens, what it is assigned to, what
 * it has loaded, what runs and which answers nobody has acknowledged. On the simulation's thread.
 */
final class LinkMemory {
  private final WorkerId id;
  private final WorkerStack stack;
  private final List<String> tokens = new ArrayList<>();
  private final Map<String, WorkerMessage.IndexedFunction> functions = new LinkedHashMap<>();
  private final Set<String> running = new LinkedHashSet<>();
  private final Map<String, WorkerMessage.InvocationResponse> kept = new LinkedHashMap<>();

  /** Ids of the answers that went out on this stream, oldest first. */
  private final List<String> sent = new ArrayList<>();

  private List<String> offered = List.of();
  private HostMessage.@Nullable LinkAssignment assignment;
  private long epoch;

  LinkMemory(WorkerId id, WorkerStack stack) {
    this.id = id;
    this.stack = stack;
  }

  /** Every token that it was given, oldest first. */
  List<String> tokens() {
    return tokens;
  }

  long epoch() {
    return epoch;
  }

  /** The first message of a stream: new where it was never welcomed, else back. */
  WorkerMessage.LinkHello hello(Map<String, String> capabilities) {
    offered = List.copyOf(kept.keySet());
    return hello(
        id,
        tokens.isEmpty()
            ? Optional.empty()
            : Optional.of(resume(tokens.get(tokens.size() - 1), capabilities, assignment)));
  }

  /** The same, with a token or an assignment that are not its newest. */
  WorkerMessage.LinkHello hello(
      String token,
      Map<String, String> capabilities,
      HostMessage.@Nullable LinkAssignment claimed) {
    return hello(id, Optional.of(resume(token, capabilities, claimed)));
  }

  static WorkerMessage.LinkHello hello(WorkerId id, Optional<WorkerMessage.LinkResume> resume) {
    return new WorkerMessage.LinkHello(
        id.value(), "", true, Map.of(), new WorkerMessage.LinkStack("", ""), resume);
  }

  private WorkerMessage.LinkResume resume(
      String token,
      Map<String, String> capabilities,
      HostMessage.@Nullable LinkAssignment claimed) {
    return new WorkerMessage.LinkResume(
        token,
        claimed == null ? "" : claimed.tenant(),
        claimed == null ? "" : claimed.application(),
        claimed == null ? "" : claimed.revision(),
        capabilities,
        Optional.of(
            new WorkerMessage.WorkerMetadata(
                stack.language(), stack.version(), "1", "x64", Map.of())),
        List.copyOf(functions.values()),
        List.copyOf(running),
        List.copyOf(kept.keySet()));
  }

  HostMessage.@Nullable LinkAssignment assignment() {
    return assignment;
  }

  /** Takes the welcome; returns the answers that are to be sent on the new stream. */
  List<WorkerMessage> welcomed(HostMessage.LinkWelcome welcome) {
    epoch = welcome.epoch();
    tokens.add(welcome.resumeToken());
    welcome.assignment().ifPresent(newest -> assignment = newest);
    offered.stream().filter(answer -> !welcome.wanted().contains(answer)).forEach(kept::remove);
    sent.clear();
    sent.addAll(kept.keySet());
    return List.copyOf(kept.values());
  }

  void became(HostMessage.LinkCredential credential) {
    tokens.add(credential.resumeToken());
    assignment = credential.assignment();
  }

  /** The Runtime has read so many answers from this stream. */
  void acknowledged(long answers) {
    List<String> read = sent.subList(0, (int) Math.min(answers, sent.size()));
    List<String> unread = sent.subList(read.size(), sent.size());
    read.stream().filter(answer -> !unread.contains(answer)).forEach(kept::remove);
  }

  void loaded(HostMessage.FunctionLoadRequest load, WorkerMessage.FunctionLoadResponse answer) {
    functions.put(
        load.functionId(),
        new WorkerMessage.IndexedFunction(
            load.functionId(), load.function(), answer.status(), WorkerAnswers.BINDINGS));
  }

  void began(String invocation) {
    running.add(invocation);
  }

  /**
   * @param onItsWay it goes out on this stream now
   */
  void answered(WorkerMessage.InvocationResponse answer, boolean onItsWay) {
    running.remove(answer.invocationId());
    kept.put(answer.invocationId(), answer);
    if (onItsWay) {
      sent.add(answer.invocationId());
    }
  }

  /** As if it had never been told of any call. */
  void forget() {
    running.clear();
    kept.clear();
    sent.clear();
  }
}
