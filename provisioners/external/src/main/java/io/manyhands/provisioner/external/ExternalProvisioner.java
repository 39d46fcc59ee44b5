/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.external;

import io.manyhands.api.Endpoint;
import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.provision.DialArguments;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.ProvisionerListener;
import io.manyhands.spi.provision.StackInfo;
import io.manyhands.spi.provision.Termination;
import io.manyhands.spi.provision.WorkerProvisioner;
import io.manyhands.spi.time.Randomness;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Workers that somebody else starts. It starts none itself, so that a request is refused. Of an
 * earlier Runtime it knows nothing: ids that were not used are void, and workers that can come back
 * are taken up when they do. A worker leaves the map exactly once, and whoever takes it out tells
 * its end. Thread-safe.
 */
final class ExternalProvisioner implements WorkerProvisioner {
  private static final Logger LOG = LoggerFactory.getLogger(ExternalProvisioner.class);

  private final List<WorkerStack> stacks;
  private final Optional<URI> advertised;
  private final int maximum;
  private final Randomness randomness;
  private final Map<WorkerId, ExpectedWorker> workers = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private volatile @Nullable ProvisionerListener listener;

  ExternalProvisioner(
      List<WorkerStack> stacks, Optional<URI> advertised, int maximum, Randomness randomness) {
    this.stacks = List.copyOf(stacks);
    this.advertised = advertised;
    this.maximum = maximum;
    this.randomness = randomness;
  }

  @Override
  public List<StackInfo> stacks() {
    return stacks.stream().map(stack -> StackInfo.of(stack, StackInfo.Supply.UNASKED)).toList();
  }

  @Override
  public CompletionStage<Void> start(ProvisionerListener told) {
    listener = told;
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<ProvisionedWorker> request(ProvisionRequest request) {
    if (!known(request.stack())) {
      return CompletableFuture.failedFuture(unknown(request.stack()));
    }
    return CompletableFuture.failedFuture(
        new ManyhandsException(
            ErrorCode.PROVISIONING_FAILED,
            "stack %s: provisioner external starts no workers, somebody else does (it knows of %d)"
                .formatted(request.stack(), workers.size())));
  }

  /** Beyond the maximum too: it is there already. */
  @Override
  public ProvisionedWorker onReturned(WorkerId worker, WorkerStack stack) {
    if (workers.putIfAbsent(worker, new ExpectedWorker(worker, stack, List.of(), "")) == null) {
      count.incrementAndGet();
    }
    return ExternalWorkers.UNKNOWN;
  }

  @Override
  public CompletionStage<Void> release(WorkerId worker, Duration grace) {
    ended(worker, termination("it was released"));
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Void> stop(Duration grace) {
    for (WorkerId worker : List.copyOf(workers.keySet())) {
      ended(worker, termination("the Runtime stops"));
    }
    listener = null;
    return CompletableFuture.completedFuture(null);
  }

  List<ExpectedWorker> expect(WorkerStack stack, int number, ProvisionedWorker known) {
    ProvisionerListener told = listener;
    if (told == null) {
      throw closed();
    }
    if (!known(stack)) {
      throw unknown(stack);
    }
    if (number < 1) {
      throw new ManyhandsException(
          ErrorCode.INVALID_ARGUMENT,
          "provisioner external: %d workers of %s (expected: 1 or more)".formatted(number, stack));
    }
    URI endpoint = endpoint(told);
    reserve(number);
    List<ExpectedWorker> expected = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      expected.add(expect(stack, endpoint, known, told));
    }
    if (listener == null) {
      // Stopped meanwhile: nobody will listen to those that stop has not seen.
      for (ExpectedWorker worker : expected) {
        CompletionStage<Void> unused = release(worker.id(), Duration.ZERO);
      }
      throw closed();
    }
    return List.copyOf(expected);
  }

  boolean ended(WorkerId id, Termination termination) {
    ProvisionerListener told = listener;
    ExpectedWorker worker = workers.remove(id);
    if (worker == null) {
      return false;
    }
    count.decrementAndGet();
    if (told != null) {
      try {
        told.onTerminated(id, termination);
      } catch (RuntimeException e) {
        LOG.error("the listener for the end of worker {} failed", id, e);
      }
    }
    worker.release(termination.reason());
    return true;
  }

  private ExpectedWorker expect(
      WorkerStack stack, URI endpoint, ProvisionedWorker known, ProvisionerListener told) {
    WorkerId id = new WorkerId(randomHex());
    ExpectedWorker worker =
        new ExpectedWorker(
            id,
            stack,
            DialArguments.of(new Endpoint("grpc", endpoint), id, randomHex()),
            told.credential(id, stack));
    workers.put(id, worker);
    try {
      told.onExpected(id, stack, known);
    } catch (RuntimeException e) {
      LOG.error("the listener for expected worker {} failed", id, e);
    }
    return worker;
  }

  private void reserve(int number) {
    int before = count.getAndUpdate(now -> number > maximum - now ? now : now + number);
    if (number > maximum - before) {
      throw new ManyhandsException(
          ErrorCode.LIMIT_EXCEEDED,
          "provisioner external: %d workers beside %d (expected: at most %d, option maxExpected)"
              .formatted(number, before, maximum));
    }
  }

  private URI endpoint(ProvisionerListener told) {
    return advertised.orElseGet(
        () ->
            told.endpoint()
                .map(Endpoint::uri)
                .filter(uri -> uri.getHost() != null && uri.getPort() > 0)
                .orElseThrow(
                    () ->
                        new ManyhandsException(
                            ErrorCode.RESOURCE_UNAVAILABLE,
                            "provisioner external: the transport has no address that a process can"
                                + " dial (expected: a network transport, or option advertise)")));
  }

  private boolean known(WorkerStack stack) {
    return stacks.stream().anyMatch(configured -> configured.acceptsWorkerOf(stack));
  }

  private ManyhandsException unknown(WorkerStack stack) {
    return new ManyhandsException(
        ErrorCode.INVALID_ARGUMENT,
        "stack %s: provisioner external does not expect it (known: %s)"
            .formatted(
                stack,
                stacks.stream().map(WorkerStack::toString).collect(Collectors.joining(", "))));
  }

  private static ManyhandsException closed() {
    return new ManyhandsException(
        ErrorCode.RUNTIME_CLOSED,
        "provisioner external: the Runtime does not run (expected: start it first)");
  }

  private static Termination termination(String why) {
    return new Termination(
        why + "; whoever started it ends its process", OptionalInt.empty(), List.of());
  }

  private String randomHex() {
    return "%016x%016x".formatted(randomness.nextLong(), randomness.nextLong());
  }
}
