/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.api.ManyhandsException;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.transport.inprocess.InProcessNetwork;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A worker's process: dials in, does each step in its time, dies before, during or after it. What
 * it answers is {@link WorkerAnswers}'. On the simulation's thread.
 */
final class SimulatedWorker {
  /** How every answer of a function begins. */
  static final String REPLY = "reply ";

  /**
   * What all workers of a seed share.
   *
   * @param apps by mark
   */
  record Surroundings(
      World world,
      Dice dice,
      InProcessNetwork network,
      NetworkLine.Traffic traffic,
      RuntimeOptions options,
      CallLedger calls,
      Map<String, AppModel> apps) {
    /** Empty where nobody listens. */
    Optional<InProcessNetwork.WorkerEnd> connect(
        InProcessNetwork.WorkerSide side, NetworkLine line) {
      try {
        return Optional.of(network.connect(side, line.line()));
      } catch (ManyhandsException e) {
        return Optional.empty();
      }
    }
  }

  /** Is told of the process's end, once. */
  @FunctionalInterface
  interface Owner {
    void onExit(SimulatedWorker worker, String why);
  }

  private final WorkerId id;
  private final WorkerStack stack;
  private final Surroundings surroundings;
  private final World world;
  private final Dice dice;
  private final Owner owner;
  private final WorkerHabits habits;
  private final WorkerAnswers answers;
  private @Nullable NetworkLine line;
  private InProcessNetwork.@Nullable WorkerEnd end;
  private boolean running = true;
  private boolean connected;
  private boolean mute;

  SimulatedWorker(WorkerId id, WorkerStack stack, Surroundings surroundings, Owner owner) {
    this.id = id;
    this.stack = stack;
    this.surroundings = surroundings;
    this.world = surroundings.world();
    this.dice = surroundings.dice();
    this.owner = owner;
    this.habits = WorkerHabits.draw(dice);
    this.answers = new WorkerAnswers(this, surroundings, habits);
  }

  WorkerId id() {
    return id;
  }

  WorkerStack stack() {
    return stack;
  }

  /** Whose it is; empty while it is nobody's. */
  String mark() {
    return answers.mark();
  }

  int revision() {
    return answers.revision();
  }

  boolean isConnected() {
    return running && connected;
  }

  /** The process has started; it dials in. */
  void dial() {
    if (!running || crashes(FaultKind.CRASH_BEFORE, Step.DIAL)) {
      return;
    }
    NetworkLine path = new NetworkLine(surroundings.traffic());
    line = path;
    end = surroundings.connect(new Side(), path).orElse(null);
    if (end == null) {
      exit("nobody listens");
      return;
    }
    connected = true;
    if (crashes(FaultKind.CRASH_DURING, Step.DIAL)) {
      return;
    }
    say(new WorkerMessage.StartStream(id.value()));
    crashes(FaultKind.CRASH_AFTER, Step.DIAL);
  }

  void say(WorkerMessage message) {
    InProcessNetwork.WorkerEnd open = end;
    if (running && connected && open != null) {
      world.trace().add(this + " says " + describe(message));
      open.send(message);
    }
  }

  /** Its process ends, in one of the ways in which a peer sees that. */
  void die(String why) {
    InProcessNetwork.WorkerEnd open = end;
    NetworkLine path = line;
    if (running && open != null && path != null && connected) {
      switch (dice.below(4)) {
        case 0 -> open.complete();
        case 1 -> open.abort("the connection was reset");
        case 2 -> open.cut("the connection was reset");
        default -> vanish(path, open);
      }
    }
    exit(why);
  }

  /** Its machine is gone: nobody at the other end is told. */
  private void vanish(NetworkLine path, InProcessNetwork.WorkerEnd open) {
    path.hold(true, true);
    Duration unnoticed = dice.logBetween(Duration.ofMillis(10), Duration.ofSeconds(20));
    world
        .time()
        .schedule(
            () -> {
              path.release();
              open.cut("no acknowledgement from the peer");
            },
            unnoticed);
  }

  private void exit(String why) {
    if (running) {
      running = false;
      connected = false;
      world.trace().add(this + " ends: " + why);
      owner.onExit(this, why);
    }
  }

  // ---- what befalls it

  void cut() {
    InProcessNetwork.WorkerEnd open = end;
    if (open != null && connected) {
      open.cut("the connection broke");
    }
  }

  void complete() {
    InProcessNetwork.WorkerEnd open = end;
    if (open != null && connected) {
      open.complete();
    }
  }

  /** Nothing gets through for that long; then all of it, or the stream breaks. */
  void hold(boolean toWorker, boolean toRuntime, Duration length, boolean breaks) {
    NetworkLine path = line;
    InProcessNetwork.WorkerEnd open = end;
    if (path == null || open == null) {
      return;
    }
    path.hold(toWorker, toRuntime);
    world
        .time()
        .schedule(
            () -> {
              path.release();
              if (breaks) {
                open.cut("no acknowledgement from the peer");
              }
            },
            length);
  }

  void blockReading(Duration length) {
    InProcessNetwork.WorkerEnd open = end;
    if (open != null) {
      open.setWritable(false);
      world.time().schedule(() -> open.setWritable(true), length);
    }
  }

  /** Leaves status requests unanswered for that long. */
  void beMute(Duration length) {
    mute = true;
    world.time().schedule(() -> mute = false, length);
  }

  boolean isMute() {
    return mute;
  }

  /** A second stream that presents its id, and perhaps answers for it. */
  void duplicate(Optional<String> invocation) {
    surroundings
        .connect(new Deaf(), new NetworkLine(surroundings.traffic()))
        .ifPresent(
            impostor -> {
              impostor.send(new WorkerMessage.StartStream(id.value()));
              invocation.ifPresent(running -> impostor.send(WorkerAnswers.forged(running)));
            });
  }

  // ---- the steps

  private final class Side implements InProcessNetwork.WorkerSide {
    @Override
    public void onMessage(HostMessage message) {
      if (running) {
        receive(message);
      }
    }

    @Override
    public void onEnd(String reason) {
      if (!running) {
        return;
      }
      connected = false;
      world.trace().add(SimulatedWorker.this + " sees its stream end: " + reason);
      if (habits.exitsWithItsStream()) {
        Duration lasting = dice.logBetween(Duration.ofMillis(1), Duration.ofMillis(500));
        world.time().schedule(() -> exit("its stream has ended"), lasting);
      }
    }
  }

  private void receive(HostMessage message) {
    Step step = Step.of(message);
    world.trace().add(this + " gets " + describe(message));
    answers.onReceived(message);
    if (crashes(FaultKind.CRASH_BEFORE, step)) {
      return;
    }
    List<WorkerMessage> answer = answers.to(message, step);
    Duration takes = takes(step);
    world.time().schedule(() -> finish(step, answer), takes);
    if (strikes(FaultKind.CRASH_DURING, step)) {
      world.time().schedule(() -> crash(FaultKind.CRASH_DURING, step), takes.dividedBy(2));
    }
  }

  private void finish(Step step, List<WorkerMessage> answer) {
    if (!running) {
      return;
    }
    answer.forEach(this::say);
    if (step == Step.TERMINATE && habits.honoursTerminate()) {
      complete();
      exit("it was told to");
    } else if (!answer.isEmpty()) {
      crashes(FaultKind.CRASH_AFTER, step);
    }
  }

  private Duration takes(Step step) {
    Duration patience = step.patience(surroundings.options());
    if (step != Step.TERMINATE
        && world.faults().strikes(FaultKind.ANSWER_LATE, this + " " + step)) {
      return dice.between(patience.multipliedBy(9).dividedBy(10), patience.multipliedBy(2));
    }
    return dice.logBetween(
        habits.quickest(), step == Step.INVOKE ? habits.longestCall() : habits.slowest());
  }

  private boolean crashes(FaultKind moment, Step step) {
    if (!strikes(moment, step)) {
      return false;
    }
    crash(moment, step);
    return true;
  }

  private boolean strikes(FaultKind moment, Step step) {
    return world.faults().strikes(moment, this + " " + step);
  }

  private void crash(FaultKind moment, Step step) {
    if (running) {
      world.tally().add("crash " + moment.name().substring("CRASH_".length()) + " " + step);
      die("it crashed");
    }
  }

  private static String describe(Object message) {
    String kind = message.getClass().getSimpleName();
    if (message instanceof HostMessage.InvocationRequest request) {
      return kind + " " + request.invocationId();
    } else if (message instanceof HostMessage.InvocationCancel cancel) {
      return kind + " " + cancel.invocationId();
    } else if (message instanceof HostMessage.FunctionLoadRequest load) {
      return kind + " " + load.functionId();
    } else if (message instanceof WorkerMessage.InvocationResponse response) {
      return kind + " " + response.invocationId() + " " + response.status().outcome();
    }
    return kind;
  }

  @Override
  public String toString() {
    return "worker " + id.display();
  }
}
