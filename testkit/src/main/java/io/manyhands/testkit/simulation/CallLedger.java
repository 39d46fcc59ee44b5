/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.spi.transport.HostMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Every call and what became of it: completed once, in time, promptly, truthfully, sent once and to
 * the right worker. On the simulation's thread.
 */
final class CallLedger {
  /** How late a deadline's timer may come, and a little for the steps after it. */
  static final Duration TIMER_GRACE = Duration.ofMillis(11);

  private static final String NUMBER = "#c";

  private final World world;
  private final Map<Integer, TrackedCall> pending = new TreeMap<>();
  private final Map<Integer, TrackedCall> all = new TreeMap<>();
  private final Map<String, TrackedCall> byInvocation = new LinkedHashMap<>();
  private final List<TrackedCall> dueNow = new ArrayList<>();
  private final List<TrackedCall> answeredNow = new ArrayList<>();
  private final List<TrackedCall> blamedNow = new ArrayList<>();
  private boolean closing;

  CallLedger(World world) {
    this.world = world;
  }

  /** The payload by which a call is known again on a wire. */
  Payload payload(AppModel app) {
    return Payload.text(app.mark() + NUMBER + nextNumber());
  }

  TrackedCall submitted(
      AppModel app, Invocation invocation, TrackedCall.Admission admission, Duration limit) {
    long now = world.time().nanos();
    TrackedCall call =
        new TrackedCall(nextNumber(), app, invocation, admission, now, now + limit.toNanos());
    all.put(call.number(), call);
    pending.put(call.number(), call);
    world.tally().add("call");
    world.trace().add(call + " submitted to " + app + "/" + invocation.function());
    world
        .time()
        .schedule(
            () -> {
              if (!call.isAbandoned()) {
                dueNow.add(call);
              }
            },
            limit.plus(TIMER_GRACE));
    return call;
  }

  void completed(TrackedCall call, InvocationResult result) {
    String how = result.error().map(error -> error.code().name()).orElse("SUCCESS");
    world.trace().add(call + " completed " + how);
    world.tally().add("result " + how);
    if (call.onCompleted(result) > 1) {
      world.verdict().broken(Invariant.ONE_COMPLETION, call + " completed again, now with " + how);
      return;
    }
    if (call.isAbandoned()) {
      world.verdict().broken(Invariant.EARLIER_CALLS_OVER, call + " completed with " + how);
    }
    pending.remove(call.number());
    if (call.isCompletedWith(ErrorCode.APP_FAILED)) {
      blamedNow.add(call);
    }
    ResultJudge.Circumstances now =
        new ResultJudge.Circumstances(world.time().nanos(), closing, world.faults().count() > 0);
    ResultJudge.judge(call, result, now)
        .ifPresent(
            untrue ->
                world
                    .verdict()
                    .broken(
                        Invariant.HONEST_RESULT,
                        call
                            + " of "
                            + call.app()
                            + " completed with "
                            + how
                            + " ("
                            + result.error().map(InvocationResult.Failure::message).orElse("")
                            + "): "
                            + untrue));
  }

  /** A worker's connection has accepted a call's request. */
  void onSent(String worker, HostMessage.InvocationRequest request) {
    Optional<TrackedCall> found = find(request);
    if (found.isEmpty()) {
      world
          .verdict()
          .broken(Invariant.SENT_ONCE, worker + " was sent a call that nobody submitted");
      return;
    }
    TrackedCall call = found.get();
    if (call.isCompleted()) {
      world.verdict().broken(Invariant.SENT_ONCE, call + " was sent after its completion");
    }
    if (call.isAbandoned()) {
      world.verdict().broken(Invariant.EARLIER_CALLS_OVER, call + " was sent");
    }
    if (call.onSent(worker, request.invocationId()) > 1) {
      world.verdict().broken(Invariant.SENT_ONCE, call + " was sent again, to " + worker);
    }
    byInvocation.put(request.invocationId(), call);
  }

  void onOversized(HostMessage.InvocationRequest request) {
    find(request).ifPresent(TrackedCall::onOversized);
  }

  /** A call has reached a worker. */
  void onDelivered(SimulatedWorker worker, HostMessage.InvocationRequest request, String function) {
    TrackedCall call = byInvocation.get(request.invocationId());
    if (call == null) {
      world
          .verdict()
          .broken(Invariant.SENT_ONCE, worker + " got a call that no connection accepted");
      return;
    }
    world
        .verdict()
        .expect(call.onDelivered(), Invariant.SENT_ONCE, call + " reached a worker twice");
    world
        .verdict()
        .expect(
            worker.mark().equals(call.app().mark())
                && call.app().servedSince(call.history(), worker.revision()),
            Invariant.RIGHT_WORKER,
            call
                + " of "
                + call.app()
                + " ran on "
                + worker
                + ", which is of "
                + worker.mark()
                + " revision "
                + worker.revision()
                + "; last served: "
                + call.app().lastServed());
    world
        .verdict()
        .expect(
            function.equalsIgnoreCase(call.invocation().function()),
            Invariant.RIGHT_WORKER,
            call + " of function " + call.invocation().function() + " ran " + function);
  }

  /** The Runtime has heard an answer on the stream of that worker. */
  void onAnswerHeard(String worker, String invocation) {
    TrackedCall call = byInvocation.get(invocation);
    if (call != null
        && !call.isCompleted()
        && !call.isAbandoned()
        && call.worker().filter(worker::equals).isPresent()) {
      answeredNow.add(call);
    }
  }

  /** A worker that came back is asked for those answers that it keeps. */
  void onWanted(String worker, List<String> invocations) {
    for (String invocation : invocations) {
      TrackedCall call = byInvocation.get(invocation);
      if (call == null || call.isAbandoned() || call.worker().filter(worker::equals).isEmpty()) {
        world
            .verdict()
            .broken(
                Invariant.EARLIER_CALLS_OVER,
                "worker "
                    + worker
                    + " is asked for its answer to "
                    + invocation
                    + ", which this start of the Runtime has not sent to it");
      }
    }
  }

  /** The Runtime says that the worker is gone. */
  void onWorkerGone(WorkerId worker) {
    for (TrackedCall call : pending.values()) {
      if (call.worker().filter(worker.value()::equals).isPresent()) {
        answeredNow.add(call);
      }
    }
  }

  void onClosing() {
    closing = true;
  }

  boolean isClosing() {
    return closing;
  }

  /** A new start of the Runtime. */
  void onStarting() {
    closing = false;
  }

  /** The Runtime is killed: nobody waits for what it had not completed. */
  void onKilled() {
    pending.values().forEach(TrackedCall::onAbandoned);
    pending.clear();
    answeredNow.clear();
    blamedNow.clear();
    dueNow.removeIf(TrackedCall::isAbandoned);
  }

  /** Nothing more happens at this time. */
  void settled() {
    for (TrackedCall call : answeredNow) {
      world
          .verdict()
          .expect(
              call.isCompleted(),
              Invariant.PROMPT_COMPLETION,
              call + ": its answer arrived or its worker is gone, and it is not completed");
    }
    answeredNow.clear();
    // Its operator hears of a failure at the same time, perhaps after the calls that waited.
    for (TrackedCall call : blamedNow) {
      world
          .verdict()
          .expect(
              call.admission() == TrackedCall.Admission.FAILED || call.app().hasFailed(),
              Invariant.HONEST_RESULT,
              call + " of " + call.app() + " completed with APP_FAILED: it had not failed");
    }
    blamedNow.clear();
    for (TrackedCall call : dueNow) {
      world
          .verdict()
          .expect(
              call.isCompleted(),
              Invariant.DEADLINE_KEPT,
              call
                  + " of "
                  + call.app()
                  + (call.isSent() ? ", sent to " + call.worker().orElse("") : ", never sent")
                  + ", is not completed at its deadline");
    }
    dueNow.clear();
  }

  /** Those that are neither completed nor sent. */
  List<TrackedCall> waiting() {
    return pending.values().stream().filter(TrackedCall::isWaiting).toList();
  }

  /** Those that are not completed. */
  List<TrackedCall> pending() {
    return List.copyOf(pending.values());
  }

  /** The invocation of any call that was sent and not completed; empty where there is none. */
  Optional<String> anyRunning(Dice dice) {
    List<String> running =
        byInvocation.entrySet().stream()
            .filter(entry -> !entry.getValue().isCompleted())
            .map(Map.Entry::getKey)
            .toList();
    return running.isEmpty() ? Optional.empty() : Optional.of(dice.pick(running));
  }

  int count() {
    return all.size();
  }

  private int nextNumber() {
    return all.size() + 1;
  }

  private Optional<TrackedCall> find(HostMessage.InvocationRequest request) {
    for (Payload input : request.inputs().values()) {
      if (input instanceof Payload.Text text) {
        return Optional.ofNullable(number(text.value())).map(all::get);
      }
    }
    return Optional.empty();
  }

  private static @Nullable Integer number(String text) {
    int at = text.indexOf(NUMBER);
    return at < 0 ? null : Integer.valueOf(text.substring(at + NUMBER.length()));
  }
}
