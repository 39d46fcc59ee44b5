/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.platform;

import io.manyhands.api.Endpoint;
import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.ProvisionerListener;
import io.manyhands.spi.provision.Termination;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The workers of a provisioner, and how they end. Thread-safe. */
final class PlatformFleet implements Reconciler.Fleet {
  private static final Logger LOG = LoggerFactory.getLogger(PlatformFleet.class);
  private static final Duration OUTPUT_PATIENCE = Duration.ofSeconds(5);
  private static final Duration AFTER_FORCE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final ProvisionerListener NOBODY = (worker, termination) -> {};

  private final PlatformOptions options;
  private final Platform platform;
  private final Calls calls;
  private final LongAdder orphans;
  private final Runnable compareSoon;
  private final Map<String, PlatformWorker> workers = new ConcurrentHashMap<>();
  private volatile ProvisionerListener listener = NOBODY;

  PlatformFleet(
      PlatformOptions options,
      Platform platform,
      Calls calls,
      LongAdder orphans,
      Runnable compareSoon) {
    this.options = options;
    this.platform = platform;
    this.calls = calls;
    this.orphans = orphans;
    this.compareSoon = compareSoon;
  }

  void listener(ProvisionerListener told) {
    listener = told;
  }

  long size() {
    return workers.size();
  }

  List<PlatformWorker> all() {
    return List.copyOf(workers.values());
  }

  @Nullable PlatformWorker find(WorkerId id) {
    return workers.get(InstanceKey.of(id));
  }

  /** Null where it is in; else why not. */
  @Nullable ManyhandsException add(PlatformWorker worker) {
    synchronized (this) {
      if (workers.size() >= options.capacity()) {
        return refused(
            worker.stack(),
            "it has "
                + workers.size()
                + " workers (expected: at most "
                + options.capacity()
                + ", option capacity)",
            options.busyPause());
      }
      return workers.putIfAbsent(worker.key(), worker) == null
          ? null
          : refused(worker.stack(), "worker " + worker.id() + " has been requested already", null);
    }
  }

  ManyhandsException refused(WorkerStack stack, String why, @Nullable Duration retryAfter) {
    return new ManyhandsException(
        ErrorCode.PROVISIONING_FAILED,
        "stack " + stack + ": provisioner " + options.name() + " starts no worker: " + why,
        null,
        retryAfter);
  }

  void refuse(PlatformWorker worker, ManyhandsException why) {
    workers.remove(worker.key(), worker);
    worker.accepted().completeExceptionally(why);
    worker.ended().complete(null);
  }

  /** Tells whoever asked, and only then lets its end be told. */
  void accepted(PlatformWorker worker, ProvisionedWorker known) {
    follow(worker);
    worker.accepted().complete(known);
    open(worker);
  }

  private void open(PlatformWorker worker) {
    PlatformWorker.Meanwhile meanwhile = worker.opened();
    if (meanwhile.ending() != null) {
      ended(worker.key(), meanwhile.ending());
    } else if (meanwhile.unwanted() != null) {
      end(worker, meanwhile.unwanted());
    }
  }

  /** Asks the platform for its end until it takes that, then waits for the grace and uses force. */
  void end(PlatformWorker worker, Duration grace) {
    ask(worker, grace, 0);
  }

  private void ask(PlatformWorker worker, Duration grace, int attempt) {
    if (worker.ended().isDone()) {
      return;
    }
    calls
        .call(() -> platform.end(worker.key(), grace))
        .whenComplete(
            (done, error) -> {
              if (error == null) {
                worker.endAsked();
                calls.later(grace, () -> kill(worker, 0));
              } else {
                again(worker, "asked to end", error, attempt, n -> ask(worker, grace, n));
              }
            });
  }

  private void kill(PlatformWorker worker, int attempt) {
    if (worker.ended().isDone()) {
      return;
    }
    worker.wasKilled();
    calls
        .call(() -> platform.kill(worker.key()))
        .whenComplete(
            (done, error) -> {
              if (error == null) {
                // Its end is told by the watch; this is for where that has died.
                calls.later(pause(attempt, AFTER_FORCE), () -> checkKilled(worker, attempt));
              } else {
                again(worker, "killed", error, attempt, n -> kill(worker, n));
              }
            });
  }

  private void checkKilled(PlatformWorker worker, int attempt) {
    if (!worker.ended().isDone()) {
      compareSoon.run();
      calls.later(pause(attempt + 1, AFTER_FORCE), () -> kill(worker, attempt + 1));
    }
  }

  private void again(
      PlatformWorker worker,
      String what,
      Throwable error,
      int attempt,
      java.util.function.IntConsumer retry) {
    if (attempt == 0) {
      LOG.warn(
          "worker {} could not be {} and will be again: {}", worker.id(), what, message(error));
    }
    Duration wait =
        error instanceof PlatformException no && no.retryAfter().isPresent()
            ? no.retryAfter().get()
            : pause(attempt, Duration.ofMillis(250));
    calls.later(wait, () -> retry.accept(attempt + 1));
  }

  private static Duration pause(int attempt, Duration first) {
    Duration pause = first.multipliedBy(1L << Math.min(attempt, 8));
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  @Override
  public void ended(String key, Ending ending) {
    PlatformWorker worker = workers.get(key);
    if (worker != null && worker.finishing(ending)) {
      calls.urgent(() -> finish(worker, ending));
    }
  }

  private void finish(PlatformWorker worker, Ending told) {
    List<String> words = lastWords(worker);
    Ending ending = explain(worker, told);
    remove(worker.key());
    workers.remove(worker.key(), worker);
    String reason = ending.reason() + (worker.isKilled() ? ", by force after its release" : "");
    LOG.info("worker {}: {}", worker.id(), reason);
    tell(
        worker,
        () ->
            listener.onTerminated(worker.id(), new Termination(reason, ending.exitCode(), words)));
    worker.ended().complete(null);
  }

  private Ending explain(PlatformWorker worker, Ending told) {
    try {
      return platform.explain(worker.key(), told);
    } catch (PlatformException | RuntimeException e) {
      LOG.debug("worker {}: its end cannot be explained: {}", worker.id(), e.getMessage());
      return told;
    }
  }

  private List<String> lastWords(PlatformWorker worker) {
    Output output = worker.output();
    if (output != null) {
      return output.lastLines(OUTPUT_PATIENCE);
    }
    try {
      List<String> words =
          platform.lastOutput(worker.key(), options.outputLines()).stream()
              .map(Output::cut)
              .toList();
      words.forEach(line -> tellOutput(worker, line));
      return words;
    } catch (PlatformException | RuntimeException e) {
      LOG.debug("worker {}: its last output cannot be had: {}", worker.id(), e.getMessage());
      return List.of();
    }
  }

  /** One that fails is found by a later comparison: nobody has it then. */
  private boolean remove(String key) {
    try {
      platform.remove(key);
      return true;
    } catch (PlatformException | RuntimeException e) {
      LOG.warn("{} of provisioner {} is removed later: {}", key, options.name(), e.getMessage());
      return false;
    }
  }

  private void follow(PlatformWorker worker) {
    if (!options.follow()) {
      return;
    }
    Output output = new Output(options.outputLines(), line -> tellOutput(worker, line));
    try {
      Optional<AutoCloseable> source =
          platform.follow(worker.key(), output::line, output::finished);
      source.ifPresent(
          open -> {
            output.source(open);
            worker.output(output);
          });
    } catch (PlatformException | RuntimeException e) {
      LOG.warn("worker {}: its output cannot be followed: {}", worker.id(), e.getMessage());
    }
  }

  private void tellOutput(PlatformWorker worker, String line) {
    tell(worker, () -> listener.onOutput(worker.id(), line, false));
  }

  private static void tell(PlatformWorker worker, Runnable news) {
    try {
      news.run();
    } catch (RuntimeException e) {
      LOG.error("the listener for worker {} failed", worker.id(), e);
    }
  }

  @Override
  public boolean compare(List<Instance> listed, long round) {
    boolean news = false;
    Set<String> seen = new HashSet<>();
    for (Instance instance : listed) {
      seen.add(instance.key());
      PlatformWorker worker = workers.get(instance.key());
      if (worker == null) {
        LOG.info("{} belongs to no worker: removed", instance.platformId());
        if (remove(instance.key())) {
          orphans.increment();
        }
      } else if (instance.ending().isPresent() && worker.mustBeListed(round)) {
        news = true;
        ended(instance.key(), instance.ending().get());
      }
    }
    for (PlatformWorker worker : all()) {
      if (!seen.contains(worker.key()) && worker.mustBeListed(round)) {
        news = true;
        ended(
            worker.key(),
            Ending.of(
                worker.isAskedToEnd()
                    ? "it was released and is gone"
                    : "it is gone, and the platform does not say why"));
      }
    }
    return news;
  }

  /** Adopts what can come back and removes the rest. */
  CompletableFuture<Void> recover() {
    List<Instance> unwanted = new ArrayList<>();
    return calls
        .call(
            () -> {
              for (Instance instance : platform.list()) {
                if (instance.ending().isPresent() || !adopt(instance)) {
                  unwanted.add(instance);
                }
              }
            })
        .thenCompose(
            listed ->
                CompletableFuture.allOf(
                    unwanted.stream()
                        .map(left -> calls.call(() -> platform.remove(left.key())))
                        .toArray(CompletableFuture[]::new)))
        .thenRun(
            () -> {
              if (!unwanted.isEmpty()) {
                LOG.info(
                    "provisioner {}: {} workers of an earlier Runtime were ended",
                    options.name(),
                    unwanted.size());
              }
            });
  }

  private boolean adopt(Instance instance) throws PlatformException {
    Platform.Recovered recovered = platform.recover(instance).orElse(null);
    if (recovered == null) {
      return false;
    }
    ProvisionRequest request = recovered.request();
    Optional<URI> here = listener.endpoint().map(Endpoint::uri);
    if (here.isPresent() && !here.get().equals(request.endpoint().uri())) {
      LOG.warn(
          "worker {} of an earlier Runtime dials {} and cannot come back to {}: it is ended",
          request.id(),
          request.endpoint().uri(),
          here.get());
      return false;
    }
    PlatformWorker worker = new PlatformWorker(request.id(), request.stack());
    workers.put(worker.key(), worker);
    boolean unused = worker.accepting(0);
    worker.accepted().complete(recovered.worker());
    LOG.info(
        "worker {} of an earlier Runtime, {}, may come back", worker.id(), instance.platformId());
    tell(worker, () -> listener.onRecovered(worker.id(), worker.stack(), recovered.worker()));
    open(worker);
    return true;
  }

  /** Removes whatever is left of this provisioner. */
  void sweep() throws PlatformException {
    for (Instance instance : platform.list()) {
      platform.remove(instance.key());
    }
    if (!workers.isEmpty()) {
      for (PlatformWorker worker : all()) {
        ended(worker.key(), Ending.of("it was removed when the Runtime stopped"));
      }
    }
  }

  void close() {
    listener = NOBODY;
    for (PlatformWorker worker : all()) {
      Output output = worker.output();
      if (output != null) {
        output.close();
      }
      refuse(worker, refused(worker.stack(), "it was stopped", null));
    }
  }

  private static String message(Throwable error) {
    return String.valueOf(error.getMessage());
  }
}
