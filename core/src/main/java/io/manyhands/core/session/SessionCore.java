/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.invocation.ColdStart;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.core.concurrent.Futures;
import io.manyhands.core.concurrent.Strand;
import io.manyhands.core.identity.ResumeClaims;
import io.manyhands.core.logs.WorkerLog;
import io.manyhands.core.logs.WorkerTrace;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.Termination;
import io.manyhands.spi.store.PlaceholderStore;
import io.manyhands.spi.time.Scheduler;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of one worker: snapshot, stream, timer and end. State changes on its strand alone, by
 * {@link #transition}; the gate of its calls is opened and closed there and nowhere else.
 */
final class SessionCore {
  private static final Logger LOG = LoggerFactory.getLogger(SessionCore.class);

  /** What was asked for, of whom. */
  record Birth(WorkerId id, WorkerStack requested, String origin) {}

  private final WorkerSession session;
  private final WorkerId id;
  private final WorkerStack requested;
  private final String origin;
  private final WorkerSession.Environment environment;
  private final SessionOptions options;
  private final Strand strand;
  private final WorkerLog log;
  private final WorkerTrace trace;
  private final WorkerCalls calls;
  private final StatusProbe probe;
  private final SessionLink link;
  private final SessionStart start;
  private final SessionResume resume;
  private final SessionDrain drain;
  private final SessionMessages messages;
  private final CompletableFuture<Void> gone = new CompletableFuture<>();

  private volatile SessionSnapshot published;
  private volatile WorkerCapabilities capabilities = WorkerCapabilities.none();
  private volatile @Nullable WorkerConnection connection;
  private volatile @Nullable ManyhandsException failure;
  private volatile WorkerMessage.@Nullable LinkResources resources;

  // On the strand only.
  private Scheduler.@Nullable Cancellable timeout;
  private long waits;
  private boolean terminated;

  SessionCore(
      WorkerSession session,
      Birth birth,
      WorkerSession.Environment environment,
      SessionOptions options,
      Strand strand,
      WorkerLog log) {
    this.session = session;
    this.id = birth.id();
    this.requested = birth.requested();
    this.origin = birth.origin();
    this.environment = environment;
    this.options = options;
    this.strand = strand;
    this.log = log;
    this.trace = new WorkerTrace(id);
    this.calls = new WorkerCalls(session, this::onWithdrawn, trace, environment.metrics());
    this.probe =
        new StatusProbe(
            new SessionHealth(this), environment.time(), strand, options.statusInterval());
    this.link = new SessionLink(id, origin, environment.tokens(), options);
    this.start = new SessionStart(this, environment, options);
    this.resume = new SessionResume(this, link, calls, options);
    this.drain = new SessionDrain(this, calls, resume, options, environment.time(), strand);
    this.messages = new SessionMessages(this, options, link, calls, probe, log, trace);
    this.published =
        new SessionSnapshot(
            WorkerState.REQUESTED,
            environment.time().clock().instant(),
            "requested from " + origin,
            requested,
            ProvisionedWorker.unknown(),
            null,
            0);
  }

  // ---- read from anywhere

  WorkerId id() {
    return id;
  }

  WorkerStack requestedStack() {
    return requested;
  }

  String origin() {
    return origin;
  }

  WorkerState state() {
    return published.state();
  }

  WorkerStack stack() {
    return published.stack();
  }

  Optional<SpecializationTarget> target() {
    return Optional.ofNullable(published.target());
  }

  Optional<WorkerMessage.LinkResources> resources() {
    return Optional.ofNullable(resources);
  }

  Optional<ManyhandsException> failure() {
    return Optional.ofNullable(failure);
  }

  CompletableFuture<Void> gone() {
    return gone;
  }

  WorkerTrace trace() {
    return trace;
  }

  SessionStart start() {
    return start;
  }

  WorkerInfo info() {
    SessionSnapshot now = published;
    Optional<SpecializationTarget> target = Optional.ofNullable(now.target());
    return new WorkerInfo(
        id,
        now.epoch(),
        now.stack(),
        now.state(),
        target.map(SpecializationTarget::application),
        target.map(SpecializationTarget::tenant),
        target.map(SpecializationTarget::revision),
        target.map(SpecializationTarget::slots).orElse(0),
        calls.taken(),
        now.provisioned().processId(),
        now.provisioned().labels(),
        now.since(),
        now.reason());
  }

  /**
   * A call was not sent after all, and the gate is closed: a drain may have waited for it alone.
   */
  private void onWithdrawn() {
    strand.execute(drain::endIfIdle);
  }

  SessionMessages messages() {
    return messages;
  }

  /** Null while it has none. */
  @Nullable WorkerConnection currentStream() {
    return connection;
  }

  void onResources(WorkerMessage.LinkResources said) {
    resources = said;
  }

  void onSlotFree() {
    environment.observer().onSlotFree(session);
  }

  // ---- the strand

  /** Begins to wait for its return: an earlier start of the Runtime knew it. */
  void awaitReturn() {
    resume.awaited();
    arm(
        options.declarationGrace(),
        () -> endQuietly("it did not come back within " + options.declarationGrace()));
  }

  void onProvisioned(ProvisionedWorker worker) {
    published = published.from(worker);
  }

  /** The provisioner could not deliver it. */
  void onRefused(ManyhandsException why) {
    terminated = true;
    if (!published.state().isFinal()) {
      failure = why;
      finish(String.valueOf(why.getMessage()));
    }
  }

  void onTerminated(Termination termination) {
    terminated = true;
    if (!published.state().isFinal()) {
      String exit =
          termination.exitCode().isPresent() && !termination.reason().contains("exit code")
              ? " (exit code " + termination.exitCode().getAsInt() + ")"
              : "";
      end(ErrorCode.WORKER_LOST, termination.reason() + exit);
    }
  }

  void onStreamClosed(WorkerConnection stream, String reason) {
    String why = "its stream ended: " + reason;
    if (connection == stream && !published.state().isFinal() && !resume.leave(why)) {
      end(ErrorCode.WORKER_LOST, why);
    }
  }

  // ---- what its start, its drain, its health and its resume do to it; on the strand

  SessionLink link() {
    return link;
  }

  SessionResume resume() {
    return resume;
  }

  SessionDrain drain() {
    return drain;
  }

  PlaceholderStore placeholders() {
    return environment.placeholders();
  }

  WorkerCalls calls() {
    return calls;
  }

  WorkerCapabilities capabilities() {
    return capabilities;
  }

  void capabilities(WorkerCapabilities said) {
    capabilities = said;
  }

  ProvisionedWorker provisioned() {
    return published.provisioned();
  }

  void execute(Runnable task) {
    strand.execute(task);
  }

  /** Its first stream. */
  void onFirstStream(WorkerConnection stream) {
    connection = stream;
    published = published.accepted(link.accept(0));
  }

  void onStack(WorkerStack reported) {
    published = published.of(reported);
  }

  /** It is to become a worker of that. */
  void chosenFor(SpecializationTarget target) {
    published = published.chosenFor(target);
    log.specialize(target.application());
  }

  /** It is started for that, and has no stream yet. */
  void requestedFor(SpecializationTarget target, String reason) {
    published = published.chosenFor(target).in(WorkerState.REQUESTED, published.since(), reason);
  }

  /** Calls find it like this once the gate is open. */
  void serve(
      SpecializationTarget target,
      Map<String, LoadedFunction> loaded,
      long specializedNanos,
      ColdStart coldStart) {
    calls.serve(
        new Serving(
            target,
            loaded,
            Objects.requireNonNull(connection, "serves without a stream"),
            capabilities.has("RawHttpBodyBytes"),
            nanos(),
            specializedNanos,
            coldStart));
  }

  Optional<WorkerConnection> stream() {
    return Optional.ofNullable(connection);
  }

  String reason() {
    return published.reason();
  }

  Optional<ResumeClaims.Assignment> assignment() {
    return target().map(SpecializationTarget::assignment);
  }

  Duration statusInterval() {
    return options.statusInterval();
  }

  long nanos() {
    return environment.time().ticker().nanos();
  }

  void count(String name) {
    environment.metrics().counter(name).increment();
  }

  void time(String name, long nanos) {
    environment.metrics().timing(name).record(nanos);
  }

  /** It has no stream any more. */
  void streamGone() {
    connection = null;
    probe.stop();
  }

  void startProbe() {
    probe.start();
  }

  /** The stream is the worker's from now on; nothing is sent on it before the welcome. */
  void onStreamResumed(WorkerConnection stream, long epoch, WorkerMessage.LinkResume said) {
    connection = stream;
    capabilities = WorkerCapabilities.of(said.capabilities());
    SessionSnapshot next = published.accepted(epoch);
    published = next;
    if (published.state() == WorkerState.CONNECTED) {
      start.adoptStack(said.metadata());
    }
    Serving serving = calls.serving();
    if (serving != null) {
      calls.serve(serving.on(stream));
    }
  }

  WorkerConnection.SendResult offer(WorkerConnection stream, HostMessage message) {
    WorkerConnection.SendResult result = stream.send(message);
    trace.sent(message, result);
    return result;
  }

  /** Sends a control message, or says why it could not. */
  Optional<String> send(HostMessage message) {
    WorkerConnection stream = connection;
    String kind = message.getClass().getSimpleName();
    if (stream == null) {
      return Optional.of("cannot send " + kind + ": no stream");
    }
    WorkerConnection.SendResult result = stream.send(message);
    trace.sent(message, result);
    return result == WorkerConnection.SendResult.ACCEPTED
        ? Optional.empty()
        : Optional.of("cannot send " + kind + ": " + result);
  }

  void end(ErrorCode code, String reason) {
    List<String> words = log.lastOutput();
    String last =
        words.isEmpty()
            ? ""
            : "; last output: "
                + String.join(" | ", words.subList(Math.max(0, words.size() - 3), words.size()));
    fail(
        new ManyhandsException(
            code, "worker " + id + " (" + published.stack() + "): " + reason + last));
  }

  void fail(ManyhandsException why) {
    if (!published.state().isFinal()) {
      failure = why;
      LOG.warn("{}", why.getMessage());
      finish(String.valueOf(why.getMessage()));
    }
  }

  void endQuietly(String reason) {
    if (!published.state().isFinal()) {
      finish(reason);
    }
  }

  /**
   * GONE: close the gate, publish, complete what was in flight, notify, then end stream and
   * process.
   */
  private void finish(String reason) {
    disarm();
    probe.stop();
    drain.stop();
    WorkerState before = published.state();
    calls.close();
    publish(WorkerTransitions.next(before, WorkerEvent.ENDED).orElse(WorkerState.GONE), reason);
    calls.lose(call -> true, reason, String.join("\n", log.lastOutput()));
    ManyhandsException why = failure;
    start.end(
        why != null
            ? why
            : new ManyhandsException(ErrorCode.WORKER_LOST, "worker " + id + ": " + reason));
    WorkerConnection stream = connection;
    if (stream != null) {
      if (capabilities.has("HandlesWorkerTerminateMessage")) {
        send(new HostMessage.WorkerTerminate(options.terminateGrace()));
      }
      if (!link.isStock()) {
        send(new HostMessage.LinkFarewell(reason, false));
      }
      stream.close();
    }
    if (published.target() == null && (link.isResumable() || placeholders().remembers(id))) {
      // A store that cannot is heard of where it matters: before a reload.
      CompletionStage<Void> unused = placeholders().remove(id);
    }
    environment.observer().onStateChanged(session, before, WorkerState.GONE);
    if (terminated) {
      gone.complete(null);
    } else {
      Duration grace = options.terminateGrace();
      Futures.within(
              environment.releaser().release(session, grace),
              grace.multipliedBy(2),
              environment.time(),
              "release of worker " + id)
          .whenComplete(
              (done, error) -> {
                if (error != null) {
                  LOG.warn("{}", Futures.unwrap(error).getMessage());
                }
                gone.complete(null);
              });
    }
  }

  void transition(WorkerEvent event, String reason) {
    strand.assertCurrent();
    WorkerState before = published.state();
    WorkerState after =
        WorkerTransitions.next(before, event)
            .orElseThrow(
                () ->
                    new ManyhandsException(
                        ErrorCode.INTERNAL,
                        "worker " + id + ": " + event + " cannot happen in " + before));
    if (after != WorkerState.READY) {
      calls.close();
    }
    publish(after, reason);
    if (after == WorkerState.READY) {
      calls.open();
    }
    LOG.debug("worker {}: {} -> {} ({})", id, before, after, reason);
    environment.observer().onStateChanged(session, before, after);
  }

  private void publish(WorkerState state, String reason) {
    published = published.in(state, environment.time().clock().instant(), reason);
  }

  /** One wait at a time: what it waits for disarms it. */
  void arm(Duration limit, Runnable otherwise) {
    disarm();
    long wait = waits;
    timeout =
        environment
            .time()
            .scheduler()
            .schedule(() -> strand.execute(() -> fire(wait, otherwise)), limit);
  }

  /** One that was taken back while it stood in the strand's queue is passed over. */
  private void fire(long wait, Runnable otherwise) {
    if (wait == waits && !published.state().isFinal()) {
      otherwise.run();
    }
  }

  void disarm() {
    waits++;
    Scheduler.Cancellable armed = timeout;
    timeout = null;
    if (armed != null) {
      armed.cancel();
    }
  }
}
