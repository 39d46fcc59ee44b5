/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.testkit.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a worker of our extension comes back: after any break with its newest token, until the
 * Runtime tells it to end or its patience is over. On the simulation's thread.
 */
final class WorkerLink {
  private static final Duration SOONEST = Duration.ofMillis(1);
  private static final Duration LATEST = Duration.ofMillis(500);
  private static final Duration UNWELCOME = Duration.ofSeconds(10);
  private static final int SILENT_INTERVALS = 3;

  private final SimulatedWorker worker;
  private final WorkerHabits habits;
  private final World world;
  private final VirtualTime time;
  private final Dice dice;
  private final SimulatedWorker.Surroundings surroundings;
  private final LinkMemory memory;

  /** The stream on which it was welcomed; null while it is on none. */
  private @Nullable WorkerPath welcomedOn;

  private @Nullable Duration comeAgainAfter;
  private long heardNanos;
  private long lastWelcomeNanos;
  private int stream;

  WorkerLink(
      SimulatedWorker worker, WorkerHabits habits, SimulatedWorker.Surroundings surroundings) {
    this.worker = worker;
    this.habits = habits;
    this.surroundings = surroundings;
    this.world = surroundings.world();
    this.time = world.time();
    this.dice = surroundings.dice();
    this.memory = new LinkMemory(worker.id(), worker.stack());
    this.lastWelcomeNanos = time.nanos();
  }

  LinkMemory memory() {
    return memory;
  }

  /** How it presents itself on a new stream. */
  WorkerMessage hello(WorkerPath path) {
    int dialled = ++stream;
    time.schedule(
        () -> {
          if (dialled == stream && welcomedOn != path) {
            path.cut();
          }
        },
        UNWELCOME);
    boolean back = !memory.tokens().isEmpty();
    if (back && strikes(FaultKind.RESUME_FORGETS)) {
      memory.forget();
    }
    if (back && strikes(FaultKind.RESUME_AS_ANOTHERS)) {
      AppModel other = dice.pick(List.copyOf(surroundings.apps().values()));
      return memory.hello(
          newest(),
          habits.capabilities(),
          new HostMessage.LinkAssignment(other.tenant(), other.id().value(), "another"));
    }
    return memory.hello(habits.capabilities());
  }

  /** What somebody says who has one of its earlier tokens; empty where it never had one. */
  Optional<WorkerMessage> stale() {
    List<String> tokens = memory.tokens();
    return tokens.isEmpty()
        ? Optional.empty()
        : Optional.of(
            memory.hello(
                tokens.get(dice.below(tokens.size())), habits.capabilities(), memory.assignment()));
  }

  /** What somebody says who makes up a token, or takes another worker's. */
  WorkerMessage forged(Optional<SimulatedWorker> other) {
    String token =
        other
            .flatMap(SimulatedWorker::link)
            .filter(link -> !link.memory.tokens().isEmpty())
            .map(WorkerLink::newest)
            .orElse("bm90IHNpZ25lZA.bm90IHNpZ25lZA");
    return memory.hello(token, habits.capabilities(), memory.assignment());
  }

  private String newest() {
    return memory.tokens().get(memory.tokens().size() - 1);
  }

  private boolean strikes(FaultKind kind) {
    return world.faults().strikes(kind, worker.toString());
  }

  /** Takes what is the extension's; false for a message of the public protocol. */
  boolean onMessage(WorkerPath path, HostMessage message) {
    heardNanos = time.nanos();
    if (message instanceof HostMessage.LinkWelcome welcome) {
      onWelcome(path, welcome);
    } else if (message instanceof HostMessage.LinkCredential credential) {
      if (strikes(FaultKind.CREDENTIAL_LOST)) {
        path.cut();
      } else {
        memory.became(credential);
        checkAssignment(credential.assignment());
      }
    } else if (message instanceof HostMessage.LinkAcknowledgement acknowledgement) {
      memory.acknowledged(acknowledgement.answers());
    } else if (message instanceof HostMessage.LinkRefusal refusal) {
      path.complete();
      if (refusal.retryAfter().isPresent()) {
        comeAgainAfter = refusal.retryAfter().get();
      } else {
        worker.exit("it is refused: " + refusal.reason());
      }
    } else if (message instanceof HostMessage.LinkFarewell farewell) {
      path.complete();
      if (!farewell.comeBack()) {
        worker.exit("it is told to end: " + farewell.reason());
      }
    } else {
      return false;
    }
    return true;
  }

  private void onWelcome(WorkerPath path, HostMessage.LinkWelcome welcome) {
    if (strikes(FaultKind.WELCOME_LOST)) {
      path.cut();
      return;
    }
    List<WorkerMessage> answers = memory.welcomed(welcome);
    welcome.assignment().ifPresent(this::checkAssignment);
    welcomedOn = path;
    lastWelcomeNanos = time.nanos();
    if (strikes(FaultKind.CONFIRMATION_LOST)) {
      path.cut();
      return;
    }
    path.say(new WorkerMessage.LinkConfirmation(welcome.epoch()));
    answers.forEach(path::say);
    beat(path, welcome.heartbeatInterval());
  }

  private void checkAssignment(HostMessage.LinkAssignment to) {
    String mark = TenantMarks.mark(to.tenant(), to.application());
    world
        .verdict()
        .expect(
            worker.mark().isEmpty() || worker.mark().equals(mark),
            Invariant.TENANTS_APART,
            worker + " is of " + worker.mark() + " and is told that it is of " + mark);
  }

  private void beat(WorkerPath path, Duration interval) {
    time.schedule(
        () -> {
          if (welcomedOn != path || !path.isOpen() || !worker.isRunning()) {
            return;
          }
          if (time.nanos() - heardNanos > SILENT_INTERVALS * interval.toNanos()) {
            path.cut();
            return;
          }
          if (!worker.isMute()) {
            path.say(
                new WorkerMessage.LinkHeartbeat(
                    new WorkerMessage.LinkResources(0.5, 1 << 20, 0, 1, 0, 0)));
          }
          beat(path, interval);
        },
        interval);
  }

  /** Its stream has ended, or nobody listens: it dials again. */
  void onBroken() {
    welcomedOn = null;
    if (time.nanos() - lastWelcomeNanos > habits.patience().toNanos()) {
      worker.exit("nobody wants it any more");
      return;
    }
    if (strikes(FaultKind.RESUME_NEVER)) {
      return;
    }
    Duration grace = surroundings.options().resumeGrace();
    Duration asked = comeAgainAfter;
    comeAgainAfter = null;
    Duration pause =
        strikes(FaultKind.RESUME_LATE)
            ? dice.between(grace.multipliedBy(8).dividedBy(10), grace.multipliedBy(3))
            : asked != null ? asked : dice.logBetween(SOONEST, LATEST);
    time.schedule(worker::dialAgain, pause);
  }

  void began(String invocation) {
    memory.began(invocation);
  }

  /** It has answered a call: now, or when it is back. */
  void answered(WorkerMessage.InvocationResponse answer) {
    WorkerPath path = welcomedOn;
    boolean onItsWay = path != null && path.isOpen();
    memory.answered(answer, onItsWay);
    if (path != null && onItsWay) {
      path.say(answer);
    }
  }

  /** Another stream than the one that it dialled last is welcomed: that is its own now. */
  boolean isNewer(HostMessage message) {
    return message instanceof HostMessage.LinkWelcome welcome && welcome.epoch() > memory.epoch();
  }

  Map<String, String> capabilities() {
    return habits.capabilities();
  }
}
