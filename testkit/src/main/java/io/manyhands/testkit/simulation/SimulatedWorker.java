/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A worker's process: dials in, does each step in its time, dies before, during or after it. What
 * it answers is {@link WorkerAnswers}'. On the simulation's thread.
 */
final class SimulatedWorker {
  /** How the answer to a call begins. */
  static String reply(String invocation) {
    return "reply to " + invocation + " of ";
  }

  /**
   * What all workers of a seed share.
   *
   * @param apps by mark
   * @param extended the share of workers that speak our extension
   */
  record Surroundings(
      World world,
      Dice dice,
      InProcessNetwork network,
      NetworkLine.Traffic traffic,
      RuntimeOptions options,
      CallLedger calls,
      Map<String, AppModel> apps,
      double extended) {
    /** A stream of somebody who hears nothing; empty where nobody listens. */
    Optional<WorkerPath> deaf(boolean extended) {
      return WorkerPath.dial(network, traffic, extended, new Deaf());
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
  private final @Nullable WorkerLink link;

  /** The stream that it takes for its own; null before the first. */
  private @Nullable WorkerPath path;

  private boolean running = true;
  private boolean mute;

  SimulatedWorker(WorkerId id, WorkerStack stack, Surroundings surroundings, Owner owner) {
    this.id = id;
    this.stack = stack;
    this.surroundings = surroundings;
    this.world = surroundings.world();
    this.dice = surroundings.dice();
    this.owner = owner;
    this.habits = WorkerHabits.draw(dice, surroundings.extended());
    this.answers = new WorkerAnswers(this, surroundings, habits);
    this.link = habits.extended() ? new WorkerLink(this, habits, surroundings) : null;
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

  /** Its part of our extension; empty for a worker of the public protocol alone. */
  Optional<WorkerLink> link() {
    return Optional.ofNullable(link);
  }

  boolean isRunning() {
    return running;
  }

  boolean isConnected() {
    return running && path != null && path.isOpen();
  }

  /** The process has started; it dials in. */
  void dial() {
    if (!running || crashes(FaultKind.CRASH_BEFORE, Step.DIAL)) {
      return;
    }
    Optional<WorkerPath> dialled =
        WorkerPath.dial(
            surroundings.network(), surroundings.traffic(), link != null, new Streams());
    if (dialled.isEmpty()) {
      if (link == null) {
        exit("nobody listens");
      } else {
        link.onBroken();
      }
      return;
    }
    WorkerPath opened = dialled.get();
    path = opened;
    if (crashes(FaultKind.CRASH_DURING, Step.DIAL)) {
      return;
    }
    WorkerMessage first =
        link == null ? new WorkerMessage.StartStream(id.value()) : link.hello(opened);
    world.trace().add(this + " says " + describe(first));
    opened.say(first);
    crashes(FaultKind.CRASH_AFTER, Step.DIAL);
  }

  /** After a break, unless it is back meanwhile. */
  void dialAgain() {
    if (running && !isConnected()) {
      dial();
    }
  }

  /** Says something on its own stream, in its own time. */
  void say(WorkerMessage message) {
    WorkerPath own = path;
    if (running && own != null && own.isOpen()) {
      say(own, message);
    }
  }

  private void say(WorkerPath on, WorkerMessage message) {
    world.trace().add(this + " says " + describe(message));
    if (link != null && message instanceof WorkerMessage.InvocationResponse answer) {
      link.answered(answer);
    } else {
      on.say(message);
    }
  }

  /** Its process ends, in one of the ways in which a peer sees that. */
  void die(String why) {
    WorkerPath own = path;
    if (running && own != null && own.isOpen()) {
      switch (dice.below(4)) {
        case 0 -> own.complete();
        case 1 -> own.abort();
        case 2 -> own.cut();
        default -> own.vanish(dice.logBetween(Duration.ofMillis(10), Duration.ofSeconds(20)));
      }
    }
    exit(why);
  }

  /** Its process is no more. */
  void exit(String why) {
    if (running) {
      running = false;
      world.trace().add(this + " ends: " + why);
      owner.onExit(this, why);
    }
  }

  // ---- what befalls it

  /** Something befalls its stream, where it has one. */
  void befall(Consumer<WorkerPath> what) {
    WorkerPath own = path;
    if (own != null && own.isOpen()) {
      what.accept(own);
    }
  }

  /** Gives no sign of life of its own accord for that long. */
  void beMute(Duration length) {
    mute = true;
    world.time().schedule(() -> mute = false, length);
  }

  boolean isMute() {
    return mute;
  }

  /** Somebody else presents its id, and perhaps answers for it. */
  void duplicate(Optional<String> invocation) {
    boolean extended = link != null && dice.chance(0.5);
    impostor(
        extended,
        extended
            ? LinkMemory.hello(id, Optional.empty())
            : new WorkerMessage.StartStream(id.value()),
        invocation);
  }

  /** Somebody else presents that, and perhaps answers for it. */
  void impostor(boolean extended, WorkerMessage first, Optional<String> invocation) {
    surroundings
        .deaf(extended)
        .ifPresent(
            impostor -> {
              impostor.say(first);
              invocation.ifPresent(running -> impostor.say(WorkerAnswers.forged(running)));
            });
  }

  // ---- the steps

  private final class Streams implements WorkerPath.Owner {
    @Override
    public void onMessage(WorkerPath from, HostMessage message) {
      if (!running) {
        return;
      }
      if (from != path) {
        if (link == null || !link.isNewer(message)) {
          return;
        }
        path = from;
      }
      receive(from, message);
    }

    @Override
    public void onEnd(WorkerPath ended, String reason) {
      if (!running || ended != path) {
        return;
      }
      world.trace().add(SimulatedWorker.this + " sees its stream end: " + reason);
      if (link != null) {
        link.onBroken();
      } else if (habits.exitsWithItsStream()) {
        Duration lasting = dice.logBetween(Duration.ofMillis(1), Duration.ofMillis(500));
        world.time().schedule(() -> exit("its stream has ended"), lasting);
      }
    }
  }

  private void receive(WorkerPath from, HostMessage message) {
    world.trace().add(this + " gets " + describe(message));
    answers.onReceived(message);
    if (link != null && link.onMessage(from, message)) {
      return;
    }
    Step step = Step.of(message);
    if (crashes(FaultKind.CRASH_BEFORE, step)) {
      return;
    }
    if (link != null && message instanceof HostMessage.InvocationRequest request) {
      link.began(request.invocationId());
    }
    List<WorkerMessage> answer = answers.to(message, step);
    Duration takes = takes(step);
    world.time().schedule(() -> finish(from, message, answer), takes);
    if (strikes(FaultKind.CRASH_DURING, step)) {
      world.time().schedule(() -> crash(FaultKind.CRASH_DURING, step), takes.dividedBy(2));
    }
  }

  private void finish(WorkerPath to, HostMessage message, List<WorkerMessage> answer) {
    if (!running) {
      return;
    }
    Step step = Step.of(message);
    for (WorkerMessage said : answer) {
      answers.onSays(said);
      if (link != null
          && message instanceof HostMessage.FunctionLoadRequest load
          && said instanceof WorkerMessage.FunctionLoadResponse loaded) {
        link.memory().loaded(load, loaded);
      }
      if (to.isOpen() || said instanceof WorkerMessage.InvocationResponse) {
        say(to, said);
      }
    }
    if (step == Step.TERMINATE && habits.honoursTerminate()) {
      to.complete();
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
    } else if (message instanceof HostMessage.LinkWelcome welcome) {
      return kind + " of epoch " + welcome.epoch() + ", " + welcome.wanted().size() + " wanted";
    } else if (message instanceof HostMessage.LinkRefusal refusal) {
      return kind + ": " + refusal.reason();
    } else if (message instanceof WorkerMessage.LinkHello hello) {
      return kind + hello.resume().map(resume -> ", back as " + back(resume)).orElse(", new");
    } else if (message instanceof WorkerMessage.InvocationResponse response) {
      return kind + " " + response.invocationId() + " " + response.status().outcome();
    }
    return kind;
  }

  private static String back(WorkerMessage.LinkResume resume) {
    return resume.application()
        + " "
        + resume.revision()
        + ", runs "
        + resume.running()
        + ", keeps "
        + resume.answered();
  }

  @Override
  public String toString() {
    return "worker " + id.display();
  }
}
