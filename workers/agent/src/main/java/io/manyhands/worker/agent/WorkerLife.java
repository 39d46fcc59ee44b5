/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import io.grpc.netty.shaded.io.netty.util.concurrent.Future;
import io.manyhands.support.launch.LaunchException;
import io.manyhands.support.launch.OutputLine;
import io.manyhands.support.launch.WorkerExit;
import io.manyhands.transport.grpc.protocol.link.Resources;
import io.manyhands.transport.grpc.protocol.link.WorkerFrame;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker process from its start to its end, with what stands between it and the Runtime.
 * Confined to the loop.
 */
final class WorkerLife implements Relay.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerLife.class);
  private static final SecureRandom RANDOM = new SecureRandom();

  /** From the end of a worker's stream to that of its process; Java takes its time (P-END-4). */
  private static final Duration AFTER_STREAM = Duration.ofSeconds(5);

  /** For how long a dead worker's answers and its end wait for the Runtime. */
  private static final Duration LAST_WORD = Duration.ofSeconds(15);

  /** How long after its grace a worker that was told to end is ended. */
  private static final Duration AFTER_TERMINATE = Duration.ofSeconds(6);

  private static final Duration TICK = Duration.ofSeconds(1);
  private static final int TICKS_A_SAMPLE = 5;

  private final AgentContext context;
  private final WorkerPlan plan;
  private final String name;
  private final Consumer<Ending> onEnded;
  private final String id = randomId();
  private final WorkerMemory memory = new WorkerMemory();
  private final KeptAnswers kept;
  private final LinkIdentity identity;
  private final OutOfMemory outOfMemory = new OutOfMemory();
  private WorkerLauncher.@Nullable Launched launched;
  private @Nullable ProcessUse use;
  private @Nullable Relay relay;
  private @Nullable Dialer dialer;
  private @Nullable Future<?> limit;
  private @Nullable Future<?> ticks;
  private int tick;
  private String verdict = "";
  private boolean released;
  private boolean streamed;

  /** Where it dialled before its start was known here. */
  private @Nullable WorkerStream early;

  private boolean exited;
  private boolean ended;

  /** Whether it was released before its process ended. */
  private boolean neededNoMore;

  /**
   * How a worker's life ended.
   *
   * @param orderly the Runtime needed it no more, or the agent was told to leave
   */
  record Ending(boolean orderly, String reason) {}

  WorkerLife(
      AgentContext context,
      WorkerPlan plan,
      Passport passport,
      String name,
      Consumer<Ending> onEnded) {
    this.context = context;
    this.plan = plan;
    this.name = name;
    this.onEnded = onEnded;
    kept = new KeptAnswers(context.policy().keptBytes());
    identity = new LinkIdentity(passport, plan.kind(), context.policy().labels());
  }

  void start() {
    context.expected().put(id, this::onStream);
    context
        .blocking()
        .execute(
            () -> {
              try {
                WorkerLauncher.Launched now =
                    context.launcher().launch(plan, id, context.port(), this::onOutput);
                ProcessUse itsUse = new ProcessUse(now.pid());
                itsUse.sample();
                context.loop().execute(() -> launched(now, itsUse));
              } catch (LaunchException e) {
                context.loop().execute(() -> end(false, String.valueOf(e.getMessage())));
              }
            });
  }

  private void launched(WorkerLauncher.Launched now, ProcessUse itsUse) {
    launched = now;
    use = itsUse;
    LOG.info("{}: process {} started", name, now.pid());
    relay =
        new Relay(
            memory,
            kept,
            new Adaptation(plan.command().workerDirectory().toString(), now.base()),
            this::resources,
            this);
    now.exit().thenAccept(exit -> context.loop().execute(() -> examine(now, exit)));
    if (released) {
      now.terminate(plan.timing().shutdownTimeout());
      return;
    }
    Duration startup = plan.timing().startupTimeout();
    limit(startup, () -> kill("it did not connect within " + startup));
    WorkerStream waiting = early;
    if (waiting != null) {
      check(now, waiting);
    }
    ticks =
        context
            .loop()
            .scheduleAtFixedRate(this::tick, TICK.toNanos(), TICK.toNanos(), TimeUnit.NANOSECONDS);
  }

  private Resources resources() {
    ProcessUse known = use;
    return known == null ? Resources.getDefaultInstance() : known.latest();
  }

  /** On a thread of the process. */
  private void onOutput(OutputLine line) {
    context
        .loop()
        .execute(
            () -> {
              Relay open = relay;
              if (open != null && !exited) {
                open.log(Messages.output(line));
              }
            });
  }

  // ---- its stream

  private void onStream(String presented, WorkerStream stream) {
    if (streamed) {
      stream.refuse("this worker id has been used");
      kill("a second stream presented its id: it is not trusted any more");
      return;
    }
    streamed = true;
    WorkerLauncher.Launched now = launched;
    if (now == null) {
      early = stream;
    } else {
      check(now, stream);
    }
  }

  private void check(WorkerLauncher.Launched now, WorkerStream stream) {
    InetSocketAddress remote = stream.remote();
    InetSocketAddress local = stream.local();
    context
        .blocking()
        .execute(
            () -> {
              boolean own = remote != null && local != null && now.owns(remote, local);
              context.loop().execute(() -> admit(stream, own));
            });
  }

  private void admit(WorkerStream stream, boolean own) {
    Relay open = relay;
    if (!own) {
      stream.refuse("it comes from another process than the one that was started");
      kill("another process presented its id: it is not trusted any more");
    } else if (open == null || exited || released) {
      stream.refuse("the worker is ending");
    } else {
      stopLimit();
      open.attach(stream);
      Dialer starting =
          new Dialer(
              context.loop(),
              context.channels(),
              identity,
              open,
              context.policy(),
              name,
              this::onOver);
      dialer = starting;
      starting.start();
    }
  }

  @Override
  public void onWorkerStreamEnded(String reason) {
    if (!exited && !released) {
      // Normally its process is ending too; Python's never does.
      limit(AFTER_STREAM, () -> kill("its stream ended, and it did not: " + reason));
    }
  }

  // ---- the end

  /** The Runtime wants it no more, or nobody was there for too long. */
  private void onOver(Closing closing) {
    dialer = null;
    if (exited) {
      end(closing.orderly(), closing.reason());
    } else {
      release(closing.orderly(), closing.reason());
    }
  }

  @Override
  public void onTerminate() {
    if (!released) {
      released = true;
      limit(
          plan.timing().shutdownTimeout().plus(AFTER_TERMINATE),
          () -> release(true, "it was told to end, and did not"));
    }
  }

  private void release(boolean orderly, String reason) {
    released = orderly;
    if (verdict.isEmpty()) {
      verdict = reason;
    }
    LOG.info("{}: ends: {}", name, reason);
    Relay open = relay;
    if (open != null) {
      open.completeWorker();
    }
    WorkerLauncher.Launched now = launched;
    if (now != null) {
      now.terminate(plan.timing().shutdownTimeout());
    }
  }

  /** The agent is told to end: the Runtime is asked to need this worker no more. */
  void leave(String reason) {
    Relay open = relay;
    if (open != null && open.linked() && !exited) {
      open.say(Messages.leaving(reason));
    } else {
      abandon(reason);
    }
  }

  /** At once. */
  void abandon(String reason) {
    Dialer dialling = dialer;
    if (dialling != null) {
      dialling.stop(Closing.released(reason));
    } else if (exited) {
      end(true, reason);
    } else {
      release(true, reason);
    }
  }

  private void kill(String why) {
    if (exited || !verdict.isEmpty()) {
      return;
    }
    verdict = why;
    LOG.warn("{}: is killed: {}", name, why);
    WorkerLauncher.Launched now = launched;
    if (now != null) {
      now.kill();
    }
  }

  /** Looks at what the dead process has left. */
  private void examine(WorkerLauncher.Launched now, WorkerExit exit) {
    exited = true;
    neededNoMore = released;
    boolean unexplained = verdict.isEmpty();
    context
        .blocking()
        .execute(
            () -> {
              boolean noMemory =
                  unexplained && outOfMemory.explains(exit.exitCode(), exit.lastLines());
              now.clear();
              context.loop().execute(() -> exited(exit, noMemory));
            });
  }

  private void exited(WorkerExit exit, boolean noMemory) {
    context.expected().remove(id);
    stopLimit();
    Future<?> ticking = ticks;
    if (ticking != null) {
      ticking.cancel(false);
    }
    String how =
        exit.describe()
            + (noMemory ? ", out of memory" : "")
            + (verdict.isEmpty() ? "" : ": " + verdict);
    if (released) {
      LOG.info("{}: ended with {}", name, how);
    } else {
      LOG.warn("{}: ended with {}; its last output: {}", name, how, exit.lastLines());
    }
    Relay open = relay;
    Dialer dialling = dialer;
    if (open == null || dialling == null) {
      end(released, how);
      return;
    }
    open.finish(
        WorkerFrame.newBuilder().setWorkerExit(ExitReport.of(exit, verdict, noMemory)).build());
    limit(LAST_WORD, () -> dialling.stop(new Closing(false, released, how, Duration.ZERO)));
  }

  @Override
  public void onLastWord() {
    Dialer dialling = dialer;
    if (dialling != null) {
      // The Runtime ends the stream; where it does not, nobody waits for long.
      limit(
          AFTER_STREAM,
          () -> dialling.stop(new Closing(false, released, "its end was reported", Duration.ZERO)));
    }
  }

  private void end(boolean orderly, String reason) {
    if (!ended) {
      ended = true;
      stopLimit();
      context.expected().remove(id);
      // That the Runtime lets go of a worker whose end it was told does not excuse the end.
      onEnded.accept(new Ending(exited ? neededNoMore : orderly || released, reason));
    }
  }

  // ---- watching

  private void tick() {
    ProcessUse known = use;
    Relay open = relay;
    if (exited || known == null || open == null) {
      return;
    }
    if (++tick % TICKS_A_SAMPLE == 0) {
      context.blocking().execute(known::sample);
    }
    long now = System.nanoTime();
    open.probe(now);
    Duration hungAfter = context.policy().hungAfter();
    if (open.watch().unansweredNanos(now) > hungAfter.toNanos()) {
      kill("it hangs: for " + hungAfter + " it said nothing and answered no status request");
    }
  }

  private void limit(Duration after, Runnable then) {
    stopLimit();
    limit = context.loop().schedule(then, after.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void stopLimit() {
    Future<?> waiting = limit;
    limit = null;
    if (waiting != null) {
      waiting.cancel(false);
    }
  }

  private static String randomId() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
