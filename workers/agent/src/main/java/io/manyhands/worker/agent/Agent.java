/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.manyhands.support.launch.LaunchException;
import io.manyhands.support.launch.LaunchSettings;
import io.manyhands.support.launch.ProcessSupervisor;
import io.manyhands.support.launch.WorkerCommands;
import io.manyhands.support.launch.WorkerConfig;
import io.manyhands.support.launch.WorkersDirectory;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One agent: its workers, one loop for all that they say, one thread for what blocks. */
final class Agent implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  private final AgentOptions options;
  private final ProcessSupervisor supervisor = new ProcessSupervisor();
  private final ExecutorService blocking =
      Executors.newSingleThreadExecutor(new DefaultThreadFactory("agent-blocking", true));

  // One thread, which both sides of a message share, and no native transport to unpack.
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("agent", true), NioIoHandler.newFactory());
  private final EventLoop loop = loops.next();
  private final Map<String, BiConsumer<String, WorkerStream>> expected = new HashMap<>();
  private final List<Place> places = new ArrayList<>();
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
  private final PrivateDirectories directories;
  private final WorkerPort port;
  private final AtomicBoolean closed = new AtomicBoolean();
  private int open;
  private boolean orderly = true;

  /**
   * Starts it.
   *
   * @throws LaunchException where its options cannot be followed; then nothing is left of it
   * @throws IOException where the loopback address has no port for it
   */
  static Agent start(AgentOptions options) throws IOException {
    return new Agent(options, ProcessLauncher::new);
  }

  /** How an agent starts its workers. */
  @FunctionalInterface
  interface Launchers {
    WorkerLauncher create(
        ProcessSupervisor supervisor, PrivateDirectories directories, String searchPath);
  }

  Agent(AgentOptions options, Launchers launchers) throws IOException {
    this.options = options;
    PrivateDirectories made = null;
    try {
      List<WorkerPlan> plans = plans(options);
      made = new PrivateDirectories(options.workDirectory(), supervisor);
      directories = made;
      port = new WorkerPort(loops, options.limits().messageBytes(), this::onStream);
      AgentContext context =
          new AgentContext(
              loop,
              this::executeBlocking,
              launchers.create(supervisor, directories, options.searchPath()),
              new RuntimeChannels(
                  loops, options.runtimes(), options.tls(), options.limits().messageBytes()),
              expected,
              port.number(),
              options.policy());
      for (int i = 0; i < plans.size(); i++) {
        WorkerPlan plan = plans.get(i);
        places.add(
            new Place(
                context,
                plan,
                passports(options.workers().get(i)),
                options.restart(),
                plan.language() + "-" + (i + 1),
                this::onEmpty));
      }
      open = places.size();
      loop.execute(() -> places.forEach(Place::start));
    } catch (IOException | RuntimeException e) {
      supervisor.close();
      stopThreads();
      if (made != null) {
        made.close();
      }
      throw e;
    }
  }

  private static List<WorkerPlan> plans(AgentOptions options) {
    WorkersDirectory workers = WorkersDirectory.scan(options.directories());
    List<WorkerPlan> plans = new ArrayList<>();
    for (AgentOptions.Worker worker : options.workers()) {
      WorkerConfig config = workers.require(worker.language());
      LaunchSettings settings = LaunchSettings.ofPath(options.searchPath());
      if (worker.application().isPresent()) {
        settings =
            settings.withVariables(
                Map.of("FUNCTIONS_APPLICATION_DIRECTORY", worker.application().get().toString()));
      }
      plans.add(
          new WorkerPlan(
              worker.language(),
              new WorkerCommands(settings).resolve(config, worker.version()),
              config.processOptions(),
              worker.application(),
              worker.environment()));
    }
    return plans;
  }

  /** Ids are used up; who asks for an id may ask again. */
  private static Supplier<Optional<Passport>> passports(AgentOptions.Worker worker) {
    Queue<Passport> left = new ArrayDeque<>(worker.passports());
    return () -> {
      Passport next = left.peek();
      if (next != null && !next.workerId().isEmpty()) {
        left.remove();
      }
      return Optional.ofNullable(next);
    };
  }

  private void onStream(String id, WorkerStream stream) {
    BiConsumer<String, WorkerStream> life = expected.get(id);
    if (life == null) {
      stream.refuse("nobody issued this worker id");
    } else {
      life.accept(id, stream);
    }
  }

  /** After the end nothing that blocks is left to do: the directories are removed as a whole. */
  private void executeBlocking(Runnable task) {
    try {
      blocking.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("the agent has ended", e);
    }
  }

  private void onEmpty(WorkerLife.Ending ending) {
    orderly &= ending.orderly();
    if (--open == 0) {
      ended.complete(orderly);
    }
  }

  /** Completes when no worker is left: with false where one ended that should not have. */
  CompletableFuture<Boolean> ended() {
    return ended.copy();
  }

  /** Asks for the end: calls finish within the time to drain. Blocks for as long. */
  void leave(String reason) {
    loop.execute(() -> List.copyOf(places).forEach(place -> place.leave(reason)));
    try {
      ended
          .copy()
          .completeOnTimeout(false, options.limits().drain().toNanos(), TimeUnit.NANOSECONDS)
          .join();
    } finally {
      close();
    }
  }

  /** Ends every worker at once and waits for it, at most about twenty seconds. Idempotent. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    loop.execute(() -> places.forEach(place -> place.abandon("the agent ends")));
    supervisor.close();
    // Before the loop: a server waits for its connections on it.
    try {
      port.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stopThreads();
    directories.close();
  }

  private void stopThreads() {
    blocking.shutdown();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
