/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.api.Endpoint;
import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.core.concurrent.Futures;
import io.manyhands.core.concurrent.Strand;
import io.manyhands.core.identity.Ids;
import io.manyhands.core.identity.ResumeClaims;
import io.manyhands.core.identity.ResumeTokens;
import io.manyhands.core.logs.LogBacklog;
import io.manyhands.core.logs.WorkerLog;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.core.registry.LiveWorkers;
import io.manyhands.core.registry.WorkerDoor;
import io.manyhands.core.session.SessionOptions;
import io.manyhands.core.session.WorkerSession;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.ProvisionerListener;
import io.manyhands.spi.provision.StackInfo;
import io.manyhands.spi.provision.Termination;
import io.manyhands.spi.provision.WorkerProvisioner;
import io.manyhands.spi.security.WorkerAuthenticator;
import io.manyhands.spi.store.PlaceholderStore;
import io.manyhands.spi.time.TimeSeams;
import io.manyhands.spi.transport.WorkerConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks provisioners for workers and ends them: makes the session first, so that whoever dials in
 * finds it. Thread-safe.
 */
public final class WorkerRequests implements WorkerSession.Releaser, WorkerDoor.Admissions {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerRequests.class);
  private static final int LAST_OUTPUT_LINES = 50;

  /** How workers are named and known again. */
  public record Identity(
      Ids ids,
      ResumeTokens tokens,
      PlaceholderStore placeholders,
      WorkerAuthenticator authenticator) {}

  /** Executors of a Runtime. */
  public record Threads(Executor lifecycle, Executor callbacks) {}

  /** Is told of workers that it did not ask for; from any thread. */
  @FunctionalInterface
  interface Unasked {
    /**
     * @param returning an earlier start of the Runtime knew it
     */
    void onExpected(WorkerSession session, boolean returning);
  }

  private final Provisioners provisioners;
  private final LiveWorkers workers;
  private final Identity identity;
  private final RuntimeOptions options;
  private final TimeSeams time;
  private final Threads threads;
  private final Metrics metrics;
  private final LogBacklog logs;
  private final Releases releases;
  private volatile @Nullable Endpoint endpoint;
  private volatile boolean closing;
  private volatile Unasked unasked = (session, returning) -> {};

  public WorkerRequests(
      Provisioners provisioners,
      LiveWorkers workers,
      Identity identity,
      RuntimeOptions options,
      TimeSeams time,
      Threads threads,
      Metrics metrics) {
    this.provisioners = provisioners;
    this.workers = workers;
    this.identity = identity;
    this.options = options;
    this.time = time;
    this.threads = threads;
    this.metrics = metrics;
    this.logs = new LogBacklog(metrics, time.ticker(), options.logEntriesPerSecond());
    this.releases = new Releases(time, threads.lifecycle(), metrics);
  }

  Provisioners provisioners() {
    return provisioners;
  }

  void tell(Unasked listener) {
    unasked = listener;
  }

  /** Starts every provisioner; workers will be told to dial the endpoint. */
  public CompletableFuture<Void> start(Endpoint runtimeEndpoint) {
    endpoint = runtimeEndpoint;
    List<CompletableFuture<Void>> started = new ArrayList<>();
    for (NamedProvisioner named : provisioners.all()) {
      started.add(named.guarded("start", () -> named.provisioner().start(new Listener(named))));
    }
    return CompletableFuture.allOf(started.toArray(CompletableFuture[]::new));
  }

  public CompletableFuture<Void> stop(Duration grace) {
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    for (NamedProvisioner named : provisioners.all()) {
      ends.add(named.guarded("stop", () -> named.provisioner().stop(grace)));
    }
    releases.stop();
    return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
  }

  /**
   * Makes the session of a worker that is asked for next, for an application or as a placeholder.
   */
  WorkerSession prepare(Provisioners.Source source, WorkerStack stack) {
    return session(identity.ids().worker(), stack, source);
  }

  /** Asks for it; a refusal ends the session. */
  void request(
      Provisioners.Source source,
      WorkerSession session,
      Optional<ProvisionRequest.Target> application) {
    Endpoint to = endpoint;
    if (to == null) {
      session.onRefused(
          new ManyhandsException(
              ErrorCode.RUNTIME_CLOSED,
              "stack " + session.requestedStack() + ": asked for before the Runtime listens"));
      return;
    }
    metrics.counter("placement.requested").increment();
    NamedProvisioner named = source.provisioner();
    named
        .guarded(
            "request",
            () ->
                named
                    .provisioner()
                    .request(
                        new ProvisionRequest(
                            session.id(),
                            session.requestedStack(),
                            to,
                            application,
                            launchToken(
                                session.id(),
                                session.requestedStack(),
                                application.map(ProvisionRequest.Target::id)))))
        .whenComplete((worker, error) -> answered(named, session, worker, error));
  }

  private void answered(
      NamedProvisioner named,
      WorkerSession session,
      @Nullable ProvisionedWorker worker,
      @Nullable Throwable error) {
    if (error != null) {
      metrics.counter("placement.refused").increment();
      session.onRefused(Futures.unwrap(error));
    } else if (session.state().isFinal()) {
      // Given up before the platform answered: what it started is nobody's.
      metrics.counter("placement.accepted.late").increment();
      CompletableFuture<Void> unused =
          releases.release(named, session.id(), options.terminateGrace());
    } else {
      session.onProvisioned(worker == null ? ProvisionedWorker.unknown() : worker);
    }
  }

  @Override
  public CompletableFuture<Void> release(WorkerSession session, Duration grace) {
    return release(session.origin(), session.id(), grace);
  }

  /** Ends a worker by the name of its provisioner; completes in any case. */
  CompletableFuture<Void> release(String origin, WorkerId worker, Duration grace) {
    return provisioners
        .named(origin)
        .map(named -> releases.release(named, worker, grace))
        .orElseGet(() -> CompletableFuture.completedFuture(null));
  }

  /** See {@link WorkerProvisioner#isPeerOf}. */
  public boolean isPeerOf(WorkerSession session, WorkerConnection.PeerCredentials peer) {
    return provisioners
        .named(session.origin())
        .map(named -> named.provisioner().isPeerOf(session.id(), peer))
        .orElse(true);
  }

  private String launchToken(
      WorkerId worker, WorkerStack stack, Optional<ApplicationId> application) {
    return identity
        .authenticator()
        .launchToken(new WorkerAuthenticator.Launch(worker, stack, application));
  }

  /** Of the first provisioner whose workers of that stack somebody else starts. */
  @Override
  public WorkerSession enrol(WorkerStack stack) {
    Provisioners.Source source =
        elsewhere(stack)
            .orElseThrow(
                () ->
                    new ManyhandsException(
                        ErrorCode.INVALID_ARGUMENT,
                        "no provisioner is configured for workers of "
                            + stack
                            + " that somebody else starts"));
    WorkerSession session = session(identity.ids().worker(), stack, source);
    session.awaitStart();
    session.onProvisioned(source.provisioner().provisioner().onReturned(session.id(), stack));
    unasked.onExpected(session, false);
    return session;
  }

  private Optional<Provisioners.Source> elsewhere(WorkerStack stack) {
    return provisioners.sources(stack).stream()
        .filter(source -> source.info().supply() == StackInfo.Supply.UNASKED)
        .findFirst();
  }

  /** The session of a worker that an earlier start of the Runtime knew, ready for its return. */
  @Override
  public WorkerSession readmit(ResumeClaims claims) {
    NamedProvisioner named =
        provisioners
            .named(claims.origin())
            .orElseThrow(
                () ->
                    new ManyhandsException(
                        ErrorCode.INVALID_ARGUMENT,
                        "worker "
                            + claims.worker()
                            + " comes from provisioner "
                            + claims.origin()
                            + ", which is not configured (known: "
                            + provisioners.all().stream().map(NamedProvisioner::name).toList()
                            + ")"));
    requireOpen(claims.worker());
    WorkerSession session = returning(claims.worker(), claims.stack(), named);
    session.onProvisioned(named.provisioner().onReturned(claims.worker(), claims.stack()));
    if (closing) {
      // Those that closing ends may have been listed before this one was there.
      CompletableFuture<Void> unused = session.release("the Runtime closes");
    }
    return session;
  }

  private void requireOpen(WorkerId worker) {
    if (closing) {
      throw new ManyhandsException(
          ErrorCode.RUNTIME_CLOSED, "worker " + worker + ": cannot come back, the Runtime closes");
    }
  }

  /** Nobody comes back from now on. */
  void close() {
    closing = true;
  }

  private WorkerSession returning(WorkerId id, WorkerStack stack, NamedProvisioner named) {
    WorkerSession session = session(id, stack, source(named, stack));
    session.awaitReturn();
    return session;
  }

  /** False where somebody else starts workers of its stack, whose end is not ours to decide. */
  boolean isOurs(WorkerSession session) {
    return provisioners.sources(session.requestedStack()).stream()
        .filter(source -> source.provisioner().name().equals(session.origin()))
        .noneMatch(source -> source.info().supply() == StackInfo.Supply.UNASKED);
  }

  private Provisioners.Source source(NamedProvisioner named, WorkerStack stack) {
    return provisioners.sources(stack).stream()
        .filter(source -> source.provisioner().equals(named))
        .findFirst()
        .orElseGet(() -> new Provisioners.Source(named, StackInfo.of(stack)));
  }

  private WorkerSession session(WorkerId id, WorkerStack stack, Provisioners.Source source) {
    SessionOptions sessionOptions =
        SessionOptions.from(options)
            .with(source.info().initializationTimeout(), source.info().reloadTimeout());
    WorkerSession session =
        new WorkerSession(
            id,
            stack,
            source.provisioner().name(),
            new WorkerSession.Environment(
                time,
                metrics,
                workers,
                this,
                identity.tokens(),
                identity.placeholders(),
                hostVersion()),
            sessionOptions,
            new Strand(threads.lifecycle(), "worker " + id),
            new WorkerLog(id, threads.callbacks(), logs, LAST_OUTPUT_LINES));
    workers.add(session);
    return session;
  }

  private static String hostVersion() {
    String version = WorkerRequests.class.getPackage().getImplementationVersion();
    return version == null ? "0" : version;
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
    public String credential(WorkerId worker, WorkerStack stack) {
      return launchToken(worker, stack, Optional.empty());
    }

    @Override
    public void onExpected(WorkerId worker, WorkerStack stack, ProvisionedWorker known) {
      if (workers.session(worker).isPresent()) {
        LOG.warn("provisioner {} expects worker {} twice", named.name(), worker);
        return;
      }
      WorkerSession session = session(worker, stack, source(named, stack));
      session.awaitStart();
      session.onProvisioned(known);
      unasked.onExpected(session, false);
    }

    @Override
    public void onRecovered(WorkerId worker, WorkerStack stack, ProvisionedWorker known) {
      workers
          .readmit(worker, () -> returning(worker, stack, named))
          .ifPresentOrElse(
              session -> {
                session.onProvisioned(known);
                unasked.onExpected(session, true);
              },
              // It was back before it was announced, and has ended since.
              () -> releases.release(named, worker, options.terminateGrace()));
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
