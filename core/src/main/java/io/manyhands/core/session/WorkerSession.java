/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.api.ManyhandsException;
import io.manyhands.api.invocation.ColdStart;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.core.concurrent.Strand;
import io.manyhands.core.identity.ResumeClaims;
import io.manyhands.core.identity.ResumeTokens;
import io.manyhands.core.logs.WorkerLog;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.Termination;
import io.manyhands.spi.security.WorkerAuthenticator;
import io.manyhands.spi.store.PlaceholderStore;
import io.manyhands.spi.time.TimeSeams;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * One worker from the request for it to its end, as the other rooms see it. Thread-safe: what is
 * asked of it is done on its strand, what is read is the last that was published; calls are
 * dispatched on their callers' threads and answered on the connection's I/O thread.
 */
public final class WorkerSession implements CallTarget {
  /** What it works with, the same for all sessions of a Runtime. */
  public record Environment(
      TimeSeams time,
      Metrics metrics,
      SessionObserver observer,
      Releaser releaser,
      ResumeTokens tokens,
      PlaceholderStore placeholders,
      String hostVersion) {}

  /** Ends a worker through its provisioner. */
  @FunctionalInterface
  public interface Releaser {
    CompletableFuture<Void> release(WorkerSession session, Duration grace);
  }

  private final SessionCore core;
  private final Strand strand;
  private final WorkerLog log;

  public WorkerSession(
      WorkerId id,
      WorkerStack requested,
      String origin,
      Environment environment,
      SessionOptions options,
      Strand strand,
      WorkerLog log) {
    this.strand = strand;
    this.log = log;
    this.core =
        new SessionCore(
            this, new SessionCore.Birth(id, requested, origin), environment, options, strand, log);
  }

  // ---- read from anywhere

  @Override
  public WorkerId id() {
    return core.id();
  }

  /** The stack that was asked for. */
  public WorkerStack requestedStack() {
    return core.requestedStack();
  }

  /** The provisioner that it came from. */
  public String origin() {
    return core.origin();
  }

  public WorkerState state() {
    return core.state();
  }

  public WorkerStack stack() {
    return core.stack();
  }

  public Optional<SpecializationTarget> target() {
    return core.target();
  }

  /** What it was issued for. */
  public WorkerAuthenticator.Launch launch() {
    return new WorkerAuthenticator.Launch(
        id(), requestedStack(), core.target().map(SpecializationTarget::application));
  }

  /** What it was specialized for before a restart of the Runtime, while it waits for that. */
  public Optional<ResumeClaims.Assignment> held() {
    return core.resume().held();
  }

  /** What it uses, as it said last. */
  public Optional<WorkerMessage.LinkResources> resources() {
    return core.resources();
  }

  @Override
  public int freeSlots() {
    return core.calls().free();
  }

  @Override
  public int inFlightCalls() {
    return core.calls().taken();
  }

  /** Why it ended, where it failed. */
  public Optional<ManyhandsException> failure() {
    return core.failure();
  }

  /** Completes when it is GONE and its process, where it had one, has ended. */
  public CompletableFuture<Void> gone() {
    return core.gone();
  }

  public List<String> lastOutput() {
    return log.lastOutput();
  }

  public void traceMessages(boolean on) {
    core.trace().enable(on);
  }

  public WorkerInfo info() {
    return core.info();
  }

  // ---- asked from anywhere, done on the strand

  /** Begins to wait for its connection; it is to be a placeholder. */
  public void awaitStart() {
    strand.execute(core.start()::await);
  }

  /** Begins to wait for its return: an earlier start of the Runtime knew it. */
  public void awaitReturn() {
    strand.execute(core::awaitReturn);
  }

  /**
   * Begins to wait for its connection; it is started for an application. Completes with the
   * catalogue as this worker loaded it.
   */
  public CompletableFuture<List<CatalogueFunction>> startFor(
      SpecializationTarget target, String reason) {
    CompletableFuture<List<CatalogueFunction>> result = new CompletableFuture<>();
    strand.execute(() -> core.start().awaitFor(target, reason, result));
    return result;
  }

  public void onProvisioned(ProvisionedWorker worker) {
    strand.execute(() -> core.onProvisioned(worker));
  }

  /**
   * Its stream is here: the first wins, a second ends both.
   *
   * @param hello how it presented itself, where it speaks our extension
   */
  public void onStream(WorkerConnection stream, Optional<WorkerMessage.LinkHello> hello) {
    strand.execute(() -> core.start().onStream(stream, hello));
  }

  /** It comes back with a token that verifies. */
  public void onResume(
      WorkerConnection stream, WorkerMessage.LinkResume said, ResumeClaims claims) {
    strand.execute(() -> core.resume().present(stream, said, claims));
  }

  /**
   * Takes over a worker that is held after a restart. Completes with the catalogue as it has loaded
   * it.
   */
  public CompletableFuture<List<CatalogueFunction>> adopt(
      SpecializationTarget target, String reason) {
    CompletableFuture<List<CatalogueFunction>> result = new CompletableFuture<>();
    strand.execute(
        () ->
            core.resume()
                .adopt(target, reason)
                .whenComplete(
                    (catalogue, error) -> {
                      if (error == null) {
                        result.complete(catalogue);
                      } else {
                        result.completeExceptionally(error);
                      }
                    }));
    return result;
  }

  /**
   * Makes a placeholder an application's worker. Completes with the catalogue as this worker loaded
   * it.
   *
   * @param coldStart what calls that waited for it are told
   */
  public CompletableFuture<List<CatalogueFunction>> specialize(
      SpecializationTarget target, String reason, ColdStart coldStart) {
    CompletableFuture<List<CatalogueFunction>> result = new CompletableFuture<>();
    strand.execute(() -> core.start().specialize(target, reason, coldStart, result));
    return result;
  }

  /** No new calls; ends when those in flight are done, or at the grace. */
  public CompletableFuture<Void> drain(Duration grace, String reason) {
    strand.execute(() -> core.drain().begin(grace, reason));
    return core.gone();
  }

  /** Ends it now. */
  public CompletableFuture<Void> release(String reason) {
    strand.execute(() -> core.endQuietly(reason));
    return core.gone();
  }

  /** The provisioner could not deliver it. */
  public void onRefused(ManyhandsException why) {
    strand.execute(() -> core.onRefused(why));
  }

  /** The provisioner reports its end. */
  public void onTerminated(Termination termination) {
    strand.execute(() -> core.onTerminated(termination));
  }

  public void onOutput(String line, boolean error) {
    log.onOutput(line, error);
  }

  @Override
  public boolean hasTrace(String traceId) {
    return core.calls().hasTrace(traceId);
  }

  @Override
  public Set<String> traces() {
    return core.calls().traces();
  }

  @Override
  public void onOverran(Call call) {
    strand.execute(() -> core.drain().onOverran(call));
  }

  @Override
  public void onCallerGone(Call call, Optional<Duration> left) {
    strand.execute(() -> core.drain().onCallerGone(call, left));
  }

  // ---- calls: any thread

  @Override
  public Dispatch dispatch(Call call) {
    return core.calls().dispatch(call);
  }

  // ---- messages: the connection's I/O thread

  /** Takes a message that follows the first. */
  public void onMessage(WorkerConnection from, WorkerMessage message) {
    core.messages().onMessage(from, message);
  }

  public void onWritable() {
    core.messages().onWritable();
  }

  /** The stream has ended. */
  public void onStreamClosed(WorkerConnection stream, String reason) {
    strand.execute(() -> core.onStreamClosed(stream, reason));
  }
}
