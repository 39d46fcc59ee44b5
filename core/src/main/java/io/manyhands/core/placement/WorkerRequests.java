/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.api.Endpoint;
import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.core.concurrent.Futures;
import io.manyhands.core.concurrent.Strand;
import io.manyhands.core.identity.Ids;
import io.manyhands.core.identity.ResumeClaims;
import io.manyhands.core.identity.ResumeTokens;
import io.manyhands.core.logs.WorkerLog;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.core.registry.LiveWorkers;
import io.manyhands.core.session.CatalogueFunction;
import io.manyhands.core.session.SessionOptions;
import io.manyhands.core.session.SpecializationTarget;
import io.manyhands.core.session.WorkerSession;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.ProvisionerListener;
import io.manyhands.spi.provision.StackInfo;
import io.manyhands.spi.provision.Termination;
import io.manyhands.spi.provision.WorkerProvisioner;
import io.manyhands.spi.time.TimeSeams;
import io.manyhands.spi.transport.WorkerConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Asks provisioners for workers and ends them: makes the session first, so that whoever dials in
 * finds it. Thread-safe.
 */
public final class WorkerRequests implements WorkerSession.Releaser {
  private static final int LAST_OUTPUT_LINES = 50;

  /** How workers are named and known again. */
  public record Identity(Ids ids, ResumeTokens tokens) {}

  /** Executors of a Runtime. */
  public record Threads(Executor lifecycle, Executor callbacks) {}

  private final List<NamedProvisioner> provisioners;
  private final LiveWorkers workers;
  private final Identity identity;
  private final RuntimeOptions options;
  private final TimeSeams time;
  private final Threads threads;
  private final Metrics metrics;
  private final Releases releases;
  private volatile @Nullable Endpoint endpoint;

  public WorkerRequests(
      List<NamedProvisioner> provisioners,
      LiveWorkers workers,
      Identity identity,
      RuntimeOptions options,
      TimeSeams time,
      Threads threads,
      Metrics metrics) {
    this.provisioners = List.copyOf(provisioners);
    this.workers = workers;
    this.identity = identity;
    this.options = options;
    this.time = time;
    this.threads = threads;
    this.metrics = metrics;
    this.releases = new Releases(time);
  }

  /** Starts every provisioner; workers will be told to dial the endpoint. */
  public CompletableFuture<Void> start(Endpoint runtimeEndpoint) {
    endpoint = runtimeEndpoint;
    List<CompletableFuture<Void>> started = new ArrayList<>();
    for (NamedProvisioner provisioner : provisioners) {
      started.add(provisioner.provisioner().start(new Listener(provisioner)).toCompletableFuture());
    }
    return CompletableFuture.allOf(started.toArray(CompletableFuture[]::new));
  }

  public CompletableFuture<Void> stop(Duration grace) {
    List<CompletableFuture<Void>> stopped = new ArrayList<>();
    for (NamedProvisioner provisioner : provisioners) {
      try {
        stopped.add(provisioner.provisioner().stop(grace).toCompletableFuture());
      } catch (RuntimeException e) {
        stopped.add(CompletableFuture.failedFuture(e));
      }
    }
    releases.stop();
    return CompletableFuture.allOf(stopped.toArray(CompletableFuture[]::new));
  }

  /** The first provisioner that delivers the stack. */
  public Optional<NamedProvisioner> provisionerOf(WorkerStack stack) {
    return provisioners.stream().filter(named -> info(named, stack).isPresent()).findFirst();
  }

  /** All stacks that can be had, for messages. */
  public String knownStacks() {
    List<String> known = new ArrayList<>();
    for (NamedProvisioner named : provisioners) {
      named
          .provisioner()
          .stacks()
          .forEach(stack -> known.add(stack.stack() + " (" + named.name() + ")"));
    }
    return known.isEmpty() ? "none" : String.join(", ", known);
  }

  /** How workers of the stack come to serve an application; empty where nobody delivers it. */
  public Optional<StackInfo.Supply> supply(WorkerStack stack) {
    return provisionerOf(stack).flatMap(named -> info(named, stack)).map(StackInfo::supply);
  }

  /**
   * Asks for one placeholder. Its session is in the registry when this returns; a refusal ends it.
   * Throws INVALID_ARGUMENT for a stack that nobody delivers.
   */
  WorkerSession request(WorkerStack stack) {
    NamedProvisioner named = require(stack);
    WorkerSession session = session(identity.ids().worker(), stack, named);
    session.awaitStart();
    request(named, session, Optional.empty());
    return session;
  }

  /** A worker that was started for an application, and what it will have loaded. */
  record Dedicated(WorkerSession session, CompletableFuture<List<CatalogueFunction>> catalogue) {}

  /** Asks for one worker that serves this application from its start; otherwise the same. */
  Dedicated request(WorkerStack stack, SpecializationTarget target) {
    NamedProvisioner named = require(stack);
    WorkerSession session = session(identity.ids().worker(), stack, named);
    CompletableFuture<List<CatalogueFunction>> catalogue =
        session.startFor(
            target,
            "started for "
                + target.application()
                + ": "
                + named.name()
                + " has no placeholders of "
                + stack);
    request(
        named,
        session,
        Optional.of(
            new ProvisionRequest.Target(
                target.application(), target.tenant(), target.directory(), target.environment())));
    return new Dedicated(session, catalogue);
  }

  private NamedProvisioner require(WorkerStack stack) {
    return provisionerOf(stack)
        .orElseThrow(
            () ->
                new ManyhandsException(
                    ErrorCode.INVALID_ARGUMENT,
                    "stack "
                        + stack
                        + ": no provisioner delivers it (known: "
                        + knownStacks()
                        + ")"));
  }

  private void request(
      NamedProvisioner named, WorkerSession session, Optional<ProvisionRequest.Target> target) {
    Endpoint to = endpoint;
    if (to == null) {
      session.onRefused(
          new ManyhandsException(
              ErrorCode.RUNTIME_CLOSED,
              "stack " + session.requestedStack() + ": asked for before the Runtime listens"));
      return;
    }
    metrics.counter("placement.requested").increment();
    CompletionStage<ProvisionedWorker> accepted;
    try {
      accepted =
          named
              .provisioner()
              .request(new ProvisionRequest(session.id(), session.requestedStack(), to, target));
    } catch (RuntimeException e) {
      accepted = CompletableFuture.failedFuture(e);
    }
    accepted.whenComplete(
        (worker, error) -> {
          if (error == null) {
            session.onProvisioned(worker);
          } else {
            metrics.counter("placement.refused").increment();
            session.onRefused(Futures.unwrap(error));
          }
        });
  }

  @Override
  public CompletableFuture<Void> release(WorkerSession session, Duration grace) {
    for (NamedProvisioner named : provisioners) {
      if (named.name().equals(session.origin())) {
        return releases.await(
            () -> named.provisioner().release(session.id(), grace),
            grace,
            "worker " + session.id() + ": its end by provisioner " + named.name());
      }
    }
    return CompletableFuture.completedFuture(null);
  }

  /** See {@link WorkerProvisioner#isPeerOf}. */
  public boolean isPeerOf(WorkerSession session, WorkerConnection.PeerCredentials peer) {
    return provisioners.stream()
        .filter(named -> named.name().equals(session.origin()))
        .allMatch(named -> named.provisioner().isPeerOf(session.id(), peer));
  }

  /** The session of a worker that an earlier start of the Runtime knew, ready for its return. */
  public WorkerSession readmit(ResumeClaims claims) {
    for (NamedProvisioner named : provisioners) {
      if (named.name().equals(claims.origin())) {
        WorkerSession session = session(claims.worker(), claims.stack(), named);
        session.awaitStart();
        return session;
      }
    }
    throw new ManyhandsException(
        ErrorCode.INVALID_ARGUMENT,
        "worker "
            + claims.worker()
            + " comes from provisioner "
            + claims.origin()
            + ", which is not configured (known: "
            + provisioners.stream().map(NamedProvisioner::name).toList()
            + ")");
  }

  private WorkerSession session(WorkerId id, WorkerStack stack, NamedProvisioner named) {
    Optional<StackInfo> info = info(named, stack);
    SessionOptions sessionOptions =
        SessionOptions.from(options)
            .with(
                info.flatMap(StackInfo::initializationTimeout),
                info.flatMap(StackInfo::reloadTimeout));
    WorkerSession session =
        new WorkerSession(
            id,
            stack,
            named.name(),
            new WorkerSession.Environment(
                time, metrics, workers, this, identity.tokens(), hostVersion()),
            sessionOptions,
            new Strand(threads.lifecycle(), "worker " + id),
            new WorkerLog(id, threads.callbacks(), metrics, LAST_OUTPUT_LINES));
    workers.add(session);
    return session;
  }

  private static String hostVersion() {
    String version = WorkerRequests.class.getPackage().getImplementationVersion();
    return version == null ? "0" : version;
  }

  private static Optional<StackInfo> info(NamedProvisioner named, WorkerStack stack) {
    return named.provisioner().stacks().stream()
        .filter(info -> stack.acceptsWorkerOf(info.stack()))
        .findFirst();
  }

  private final class Listener implements ProvisionerListener {
    private final NamedProvisioner named;

    Listener(NamedProvisioner named) {
      this.named = named;
    }

    @Override
    public Optional<Endpoint> endpoint() {
      return Optional.ofNullable(endpoint);
    }

    @Override
    public void onExpected(WorkerId worker, WorkerStack stack, ProvisionedWorker known) {
      WorkerSession session = session(worker, stack, named);
      session.awaitStart();
      session.onProvisioned(known);
    }

    @Override
    public void onOutput(WorkerId worker, String line, boolean error) {
      workers.session(worker).ifPresent(session -> session.onOutput(line, error));
    }

    @Override
    public void onTerminated(WorkerId worker, Termination termination) {
      workers.session(worker).ifPresent(session -> session.onTerminated(termination));
    }
  }
}
