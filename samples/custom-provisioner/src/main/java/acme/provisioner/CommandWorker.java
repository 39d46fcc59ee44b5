/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package acme.provisioner;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.ProvisionerListener;
import io.manyhands.spi.provision.Termination;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One command and its process. A daemon thread reads its output until it ends, so that the Runtime's
 * blocking threads stay free. {@code accepted} always completes before the end is told.
 */
final class CommandWorker {
  private static final int KEPT_LINES = 50;

  private final WorkerId id;
  private final ProvisionerListener listener;
  private final Consumer<CommandWorker> ended;
  private final CompletableFuture<ProvisionedWorker> accepted = new CompletableFuture<>();
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final Deque<String> lastLines = new ArrayDeque<>();
  private Process process;
  private boolean unwanted;

  CommandWorker(WorkerId id, ProvisionerListener listener, Consumer<CommandWorker> ended) {
    this.id = id;
    this.listener = listener;
    this.ended = ended;
  }

  WorkerId id() {
    return id;
  }

  CompletionStage<ProvisionedWorker> accepted() {
    return accepted.copy();
  }

  void start(List<String> line, ProvisionRequest request) {
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    // Nothing of the Runtime's own environment is a worker's business.
    Map<String, String> base = Map.of("PATH", builder.environment().getOrDefault("PATH", ""));
    builder.environment().clear();
    request.application().ifPresent(app -> builder.environment().putAll(app.environment()));
    builder.environment().putAll(base);
    Process started;
    synchronized (this) {
      if (unwanted) {
        refuse("it was released before it started");
        return;
      }
      try {
        started = builder.start();
      } catch (IOException e) {
        refuse("command " + line.get(0) + " cannot be run: " + e.getMessage());
        return;
      }
      process = started;
    }
    accepted.complete(
        new ProvisionedWorker(OptionalLong.of(started.pid()), "", Map.of("host", "local"), base));
    Thread reader = new Thread(() -> readUntilTheEnd(started), "command-" + started.pid());
    reader.setDaemon(true);
    reader.start();
  }

  void refuse(String why) {
    ended.accept(this);
    accepted.completeExceptionally(new ManyhandsException(ErrorCode.PROVISIONING_FAILED, why));
    end.complete(null);
  }

  CompletionStage<Void> release(Duration grace) {
    Process running;
    synchronized (this) {
      unwanted = true;
      running = process;
    }
    if (running != null) {
      List<ProcessHandle> tree =
          Stream.concat(running.descendants(), Stream.of(running.toHandle())).toList();
      tree.forEach(ProcessHandle::destroy);
      CompletableFuture.delayedExecutor(grace.toMillis(), TimeUnit.MILLISECONDS, Runnable::run)
          .execute(() -> tree.forEach(ProcessHandle::destroyForcibly));
    }
    return end.copy();
  }

  private void readUntilTheEnd(Process started) {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lastLines.add(line);
        if (lastLines.size() > KEPT_LINES) {
          lastLines.remove();
        }
        String said = line;
        tell(() -> listener.onOutput(id, said, false));
      }
    } catch (IOException e) {
      lastLines.add("(its output broke off: " + e.getMessage() + ")");
    }
    // Its output has ended, so it is ending: the future lets this thread go meanwhile.
    started.onExit().thenAccept(this::tellTheEnd);
  }

  private void tellTheEnd(Process exited) {
    ended.accept(this);
    Termination termination =
        new Termination(
            "its command ended with " + exited.exitValue(),
            OptionalInt.of(exited.exitValue()),
            List.copyOf(lastLines));
    tell(() -> listener.onTerminated(id, termination));
    end.complete(null);
  }

  private static void tell(Runnable news) {
    try {
      news.run();
    } catch (RuntimeException e) {
      System.getLogger(CommandWorker.class.getName())
          .log(System.Logger.Level.ERROR, "a listener failed", e);
    }
  }
}
