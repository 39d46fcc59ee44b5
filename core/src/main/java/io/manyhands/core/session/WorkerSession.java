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
import io.manyhands.core.identity.ResumeTokens;
import io.manyhands.core.logs.WorkerLog;
import io.manyhands.core.logs.WorkerTrace;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.Termination;
import io.manyhands.spi.time.Scheduler;
import io.manyhands.spi.time.TimeSeams;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker from the request for it to its end. State changes on its strand alone, by {@link
 * #transition}; calls are sent from any thread through the gate, and answered on the connection's
 * I/O thread.
 */
public final class WorkerSession implements CallTarget {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerSession.class);
  private static final int UNANSWERED_WITHOUT_CALLS = 4;

  /** What it works with, the same for all sessions of a Runtime. */
  public record Environment(
      TimeSeams time,
      Metrics metrics,
      SessionObserver observer,
      Releaser releaser,
      ResumeTokens tokens,
      String hostVersion) {}

  /** Ends a worker through its provisioner. */
  @FunctionalInterface
  public interface Releaser {
    CompletableFuture<Void> release(WorkerSession session, Duration grace);
  }

  private final WorkerId id;
  private final WorkerStack requested;
  private final String origin;
  private final Environment environment;
  private final SessionOptions options;
  private final Strand strand;
  private final WorkerLog log;
  private final WorkerTrace trace;
  private final WorkerCalls calls;
  private final StatusProbe probe;
  private final SessionLink link;
  private final SessionResume resume;
  private final CompletableFuture<Void> gone = new CompletableFuture<>();

  private volatile SessionSnapshot published;
  private volatile WorkerCapabilities capabilities = WorkerCapabilities.none();
  private volatile @Nullable WorkerConnection connection;
  private volatile @Nullable ManyhandsException failure;
  private volatile WorkerMessage.@Nullable LinkResources resources;

  // On the strand only.
  private @Nullable SpecializationTarget startedFor;
  private String startReason = "";
  private @Nullable Specialization specialization;
  private Scheduler.@Nullable Cancellable timeout;
  private @Nullable CompletableFuture<List<CatalogueFunction>> indexed;
  private Duration drainGrace = Duration.ZERO;
  private long drainUntilNanos;
  private long waits;
  private boolean terminated;

  public WorkerSession(
      WorkerId id,
      WorkerStack requested,
      String origin,
      Environment environment,
      SessionOptions options,
      Strand strand,
      WorkerLog log) {
    this.id = id;
    this.requested = requested;
    this.origin = origin;
    this.environment = environment;
    this.options = options;
    this.strand = strand;
    this.log = log;
    this.trace = new WorkerTrace(id);
    this.calls = new WorkerCalls(this, trace, environment.metrics());
    this.probe =
        new StatusProbe(new ProbedWorker(), environment.time(), strand, options.statusInterval());
    this.link = new SessionLink(id, origin, environment.tokens(), options);
    this.resume = new SessionResume(this, link, calls, options);
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

  public WorkerId id() {
    return id;
  }

  /** The stack that was asked for. */
  public WorkerStack requestedStack() {
    return requested;
  }

  /** The provisioner that it came from. */
  public String origin() {
    return origin;
  }

  public WorkerState state() {
    return published.state();
  }

  public WorkerStack stack() {
    return published.stack();
  }

  public Optional<SpecializationTarget> target() {
    return Optional.ofNullable(published.target());
  }

  /** What it was specialized for before a restart of the Runtime, while it waits for that. */
  public Optional<ResumeClaims.Assignment> held() {
    return resume.held();
  }

  /** What it uses, as it said last. */
  public Optional<WorkerMessage.LinkResources> resources() {
    return Optional.ofNullable(resources);
  }

  @Override
  public int freeSlots() {
    return calls.free();
  }

  @Override
  public int inFlightCalls() {
    return calls.taken();
  }

  /** Why it ended, where it failed. */
  public Optional<ManyhandsException> failure() {
    return Optional.ofNullable(failure);
  }

  /** Completes when it is GONE and its process, where it had one, has ended. */
  public CompletableFuture<Void> gone() {
    return gone;
  }

  public List<String> lastOutput() {
    return log.lastOutput();
  }

  public void traceMessages(boolean on) {
    trace.enable(on);
  }

  public WorkerInfo info() {
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

  // ---- asked from anywhere, done on the strand

  /** Begins to wait for its connection; it is to be a placeholder. */
  public void awaitStart() {
    strand.execute(this::armStart);
  }

  /**
   * Begins to wait for its connection; it is started for an application. Completes with the
   * catalogue as this worker loaded it.
   */
  public CompletableFuture<List<CatalogueFunction>> startFor(
      SpecializationTarget target, String reason) {
    CompletableFuture<List<CatalogueFunction>> result = new CompletableFuture<>();
    strand.execute(
        () -> {
          indexed = result;
          startedFor = target;
          startReason = reason;
          published =
              published.chosenFor(target).in(WorkerState.REQUESTED, published.since(), reason);
          armStart();
        });
    return result;
  }

  private void armStart() {
    arm(
        options.start(),
        () -> end(ErrorCode.WORKER_START_FAILED, "did not connect within " + options.start()));
  }

  public void onProvisioned(ProvisionedWorker worker) {
    strand.execute(() -> published = published.from(worker));
  }

  /**
   * Its stream is here: the first wins, a second ends both.
   *
   * @param hello how it presented itself, where it speaks our extension
   */
  public void onStream(WorkerConnection stream, Optional<WorkerMessage.LinkHello> hello) {
    strand.execute(
        () -> {
          if (connection != null || published.state() != WorkerState.REQUESTED) {
            environment.metrics().counter("registry.refused.second-stream").increment();
            stream.abort("this worker id has been used");
            if (!published.state().isFinal()) {
              end(ErrorCode.PROTOCOL_VIOLATION, "a second stream presented its id: both are ended");
            }
            return;
          }
          connection = stream;
          published = published.accepted(link.accept(0));
          transition(WorkerEvent.STREAM_ACCEPTED, "connected");
          if (hello.isPresent()) {
            link.extended(hello.get().resumable());
            Optional<String> why = send(link.welcome(stack(), Optional.empty(), List.of()));
            if (why.isPresent()) {
              end(ErrorCode.WORKER_START_FAILED, why.get());
              return;
            }
          }
          initialize();
        });
  }

  /** It comes back with a token that verifies. */
  public void onResume(
      WorkerConnection stream, WorkerMessage.LinkResume said, ResumeClaims claims) {
    strand.execute(() -> resume.present(stream, said, claims));
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
            resume
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
    strand.execute(
        () -> {
          if (published.state() != WorkerState.PLACEHOLDER) {
            result.completeExceptionally(
                new ManyhandsException(
                    ErrorCode.WORKER_LOST,
                    "worker "
                        + id
                        + ": cannot SPECIALIZE from "
                        + published.state()
                        + " (expected: PLACEHOLDER)"));
            return;
          }
          indexed = result;
          specializeNow(target, reason, coldStart);
        });
    return result;
  }

  /** No new calls; ends when those in flight are done, or at the grace. */
  public CompletableFuture<Void> drain(Duration grace, String reason) {
    strand.execute(
        () -> {
          WorkerState state = published.state();
          boolean away = state == WorkerState.DISCONNECTED && calls.hasPending();
          if (away || WorkerTransitions.next(state, WorkerEvent.DRAIN_ASKED).isPresent()) {
            drainGrace = grace;
            drainUntilNanos = nanos() + grace.toNanos();
            if (away) {
              resume.drain(reason);
            } else {
              transition(WorkerEvent.DRAIN_ASKED, reason);
              armDrainEnd();
              endIfIdle();
            }
          } else if (!state.isFinal() && state != WorkerState.DRAINING) {
            endQuietly(reason);
          }
        });
    return gone;
  }

  /** Ends it now. */
  public CompletableFuture<Void> release(String reason) {
    strand.execute(() -> endQuietly(reason));
    return gone;
  }

  /** The provisioner could not deliver it. */
  public void onRefused(ManyhandsException why) {
    strand.execute(
        () -> {
          terminated = true;
          if (!published.state().isFinal()) {
            failure = why;
            finish(String.valueOf(why.getMessage()));
          }
        });
  }

  /** The provisioner reports its end. */
  public void onTerminated(Termination termination) {
    strand.execute(
        () -> {
          terminated = true;
          if (!published.state().isFinal()) {
            String exit =
                termination.exitCode().isPresent()
                    ? " (exit code " + termination.exitCode().getAsInt() + ")"
                    : "";
            end(ErrorCode.WORKER_LOST, termination.reason() + exit);
          }
        });
  }

  public void onOutput(String line, boolean error) {
    log.onOutput(line, error);
  }

  /**
   * A call of this worker has passed its deadline, or its caller is gone, and it still holds its
   * slot.
   */
  public void onAbandoned(Call call, boolean overran) {
    strand.execute(
        () -> {
          if (!calls.isRunning(call)) {
            return;
          }
          if (capabilities.has("HandlesInvocationCancelMessage")
              && send(new HostMessage.InvocationCancel(call.id().value(), options.terminateGrace()))
                  .isEmpty()) {
            environment
                .time()
                .scheduler()
                .schedule(
                    () -> strand.execute(() -> quarantine(call, overran)),
                    options.terminateGrace());
          } else {
            quarantine(call, overran);
          }
        });
  }

  // ---- calls: any thread

  @Override
  public Dispatch dispatch(Call call) {
    return calls.dispatch(call);
  }

  // ---- messages: the connection's I/O thread

  /** Takes a message that follows the first. */
  public void onMessage(WorkerConnection from, WorkerMessage message) {
    trace.received(message);
    WorkerConnection current = connection;
    boolean extended = from.peer().extended();
    // A stock worker may speak before its stream is taken up; an extended one waits for its
    // welcome.
    if (current != from && (extended || current != null)) {
      environment.metrics().counter("session.messages.stale").increment();
      return;
    }
    long arrived = nanos();
    probe.heard(arrived);
    if (message instanceof WorkerMessage.InvocationResponse response) {
      boolean ours = calls.answered(response);
      if (extended) {
        link.onAnswer(from, response);
      }
      if (ours) {
        onSlotFree();
      }
      return;
    }
    if (message instanceof WorkerMessage.Log entry) {
      onLog(entry.entry());
    } else if (message instanceof WorkerMessage.LinkHeartbeat heartbeat) {
      resources = heartbeat.resources();
      link.acknowledge(from);
    } else {
      strand.execute(() -> onControl(message, arrived));
    }
  }

  public void onWritable() {
    calls.onWritable();
    environment.observer().onSlotFree(this);
  }

  /** The stream has ended. */
  public void onStreamClosed(WorkerConnection stream, String reason) {
    strand.execute(
        () -> {
          String why = "its stream ended: " + reason;
          if (connection == stream && !published.state().isFinal() && !resume.leave(why)) {
            end(ErrorCode.WORKER_LOST, why);
          }
        });
  }

  private void onSlotFree() {
    if (calls.isOpen()) {
      environment.observer().onSlotFree(this);
    } else {
      strand.execute(this::endIfIdle);
    }
  }

  /**
   * A call was not sent after all, and the gate is closed: a drain may have waited for it alone.
   */
  void onWithdrawn() {
    strand.execute(this::endIfIdle);
  }

  private void onLog(WorkerMessage.LogEntry entry) {
    log.onEntry(entry, null);
  }

  // ---- the strand

  private void onControl(WorkerMessage message, long arrived) {
    if (message instanceof WorkerMessage.InitResponse response) {
      onInitialized(response);
    } else if (message instanceof WorkerMessage.WorkerStatusResponse
        || message instanceof WorkerMessage.Heartbeat) {
      probe.answered();
    } else if (message instanceof WorkerMessage.Unknown) {
      environment.metrics().counter("session.messages.unknown").increment();
    } else if (message instanceof WorkerMessage.StartStream start) {
      // An agent passes its worker's on, after a hello that stood for it.
      if (link.isStock() || !start.workerId().equals(id.value())) {
        end(ErrorCode.PROTOCOL_VIOLATION, "a second StartStream on one stream");
      }
    } else if (message instanceof WorkerMessage.LinkConfirmation confirmation) {
      link.confirm(confirmation.epoch());
    } else if (message instanceof WorkerMessage.LinkWorkerExit exit) {
      exit.lastOutput().forEach(line -> log.onOutput(line, true));
      end(ErrorCode.WORKER_LOST, describe(exit));
    } else if (message instanceof WorkerMessage.LinkHello) {
      end(ErrorCode.PROTOCOL_VIOLATION, "a second Hello on one stream");
    } else if (message instanceof WorkerMessage.ActionRequest action) {
      LOG.info("worker {} asks for {}: {}", id, action.action(), action.reason());
      drain(options.terminateGrace(), "the worker asked for " + action.action());
    } else if (specialization == null || !specialization.onMessage(message, arrived)) {
      environment.metrics().counter("session.messages.unexpected").increment();
    }
  }

  private void initialize() {
    SpecializationTarget target = startedFor;
    HostMessage init =
        new HostMessage.InitRequest(
            environment.hostVersion(),
            Map.of("V2Compatable", "false", "MultiStream", "true", "TypedDataCollection", "true"),
            published.provisioned().workerDirectory(),
            target == null ? "" : target.directory());
    transition(WorkerEvent.INIT_SENT, "WorkerInitRequest sent");
    arm(
        options.init(),
        () -> end(ErrorCode.WORKER_START_FAILED, "no WorkerInitResponse within " + options.init()));
    send(init).ifPresent(why -> end(ErrorCode.WORKER_START_FAILED, why));
  }

  private void onInitialized(WorkerMessage.InitResponse response) {
    if (published.state() != WorkerState.INITIALIZING) {
      environment.metrics().counter("session.messages.unexpected").increment();
      return;
    }
    disarm();
    if (!response.status().isSuccess()) {
      end(ErrorCode.WORKER_START_FAILED, "initialization failed: " + response.status().describe());
      return;
    }
    capabilities = WorkerCapabilities.of(response.capabilities());
    Optional<String> wrongStack = adoptStack(response.metadata());
    if (wrongStack.isPresent()) {
      end(ErrorCode.WORKER_REFUSED, wrongStack.get());
      return;
    }
    probe.start();
    SpecializationTarget target = startedFor;
    if (target != null) {
      specializeNow(target, startReason, ColdStart.NEW_WORKER);
      return;
    }
    if (capabilities.has("HandlesWorkerWarmupMessage")) {
      // No answer is waited for: a worker that warms up may be chosen meanwhile and answers in
      // order.
      send(new HostMessage.WarmupRequest(published.provisioned().workerDirectory()));
    }
    transition(WorkerEvent.INITIALIZED, "initialized");
  }

  /** What the worker says of itself must be what was asked for. */
  private Optional<String> adoptStack(Optional<WorkerMessage.WorkerMetadata> metadata) {
    if (metadata.isEmpty() || metadata.get().runtimeName().isEmpty()) {
      return Optional.empty();
    }
    WorkerMessage.WorkerMetadata said = metadata.get();
    WorkerStack stack;
    try {
      stack =
          WorkerStack.of(
              said.runtimeName().toLowerCase(java.util.Locale.ROOT), said.runtimeVersion());
    } catch (ManyhandsException e) {
      return Optional.of("its worker_metadata is malformed: " + e.getMessage());
    }
    if (!requested.acceptsWorkerOf(stack)) {
      return Optional.of("it reports stack " + stack + " (expected: " + requested + ")");
    }
    published = published.of(stack);
    return Optional.empty();
  }

  private void specializeNow(SpecializationTarget target, String reason, ColdStart coldStart) {
    boolean reload = published.state() == WorkerState.PLACEHOLDER;
    published = published.chosenFor(target);
    log.specialize(target.application());
    Map<String, String> whole = new TreeMap<>(published.provisioned().baseEnvironment());
    target
        .environment()
        .forEach(
            (name, value) -> {
              if (!value.isEmpty()) {
                whole.put(name, value);
              }
            });
    ScriptStage stage = new ScriptStage(target, environment.time().ticker().nanos(), coldStart);
    transition(WorkerEvent.CHOSEN, reason);
    Specialization script =
        new Specialization(id.display(), target, whole, reload, options, environment.time(), stage);
    specialization = script;
    script.start(strand::execute);
  }

  private final class ScriptStage implements Specialization.Stage {
    private final SpecializationTarget target;
    private final long chosenNanos;
    private final ColdStart coldStart;

    ScriptStage(SpecializationTarget target, long chosenNanos, ColdStart coldStart) {
      this.target = target;
      this.chosenNanos = chosenNanos;
      this.coldStart = coldStart;
    }

    @Override
    public Optional<String> send(HostMessage message) {
      return WorkerSession.this.send(message);
    }

    @Override
    public void onReloaded(WorkerMessage.EnvironmentReloadResponse response) {
      capabilities = capabilities.reloaded(response);
    }

    @Override
    public void onSpecialized(
        Map<String, LoadedFunction> loaded, List<CatalogueFunction> catalogue, long ownNanos) {
      specialization = null;
      long now = environment.time().ticker().nanos();
      environment.metrics().timing("session.specialization.total").record(now - chosenNanos);
      environment.metrics().timing("session.specialization.own").record(ownNanos);
      calls.serve(
          new Serving(
              target,
              loaded,
              Objects.requireNonNull(connection, "specialized without a stream"),
              capabilities.has("RawHttpBodyBytes"),
              now,
              now - chosenNanos,
              coldStart));
      CompletableFuture<List<CatalogueFunction>> waiting = indexed;
      if (!link.isStock()) {
        WorkerSession.this.send(link.credential(stack(), target.assignment()));
      }
      transition(WorkerEvent.SPECIALIZED, published.reason());
      if (waiting != null) {
        waiting.complete(catalogue);
      }
    }

    @Override
    public void onFailed(ManyhandsException why) {
      specialization = null;
      fail(why);
    }
  }

  private void quarantine(Call call, boolean overran) {
    if (!calls.isRunning(call)) {
      return;
    }
    if (WorkerTransitions.next(published.state(), WorkerEvent.OVERRAN).isPresent() && overran) {
      transition(
          WorkerEvent.OVERRAN,
          "invocation "
              + call.id()
              + " of "
              + call.invocation().function()
              + " overran its deadline");
      environment.metrics().counter("session.quarantined").increment();
    }
    if (published.state() == WorkerState.DISCONNECTED && overran) {
      resume.overran("invocation " + call.id() + " overran its deadline while it was away");
    }
    endIfIdle();
  }

  /** A draining or quarantined worker ends when no caller waits for any of its calls. */
  void endIfIdle() {
    WorkerState state = published.state();
    if ((state == WorkerState.DRAINING || state == WorkerState.QUARANTINED)
        && !calls.hasPending()) {
      endQuietly(published.reason());
    }
  }

  private final class ProbedWorker implements StatusProbe.Subject {
    @Override
    public boolean ask() {
      if (!capabilities.has("WorkerStatus")) {
        return false;
      }
      send(new HostMessage.WorkerStatusRequest());
      return true;
    }

    @Override
    public void onUnanswered(int requests) {
      String reason = "no answer to " + requests + " status requests";
      if (published.state() == WorkerState.READY) {
        transition(WorkerEvent.UNANSWERED, reason);
      }
      if (requests >= UNANSWERED_WITHOUT_CALLS && !calls.hasPending()) {
        end(ErrorCode.WORKER_LOST, reason);
      }
    }

    @Override
    public void onSilence() {
      WorkerConnection silent = connection;
      String why = "nothing was heard of it for three intervals of " + options.statusInterval();
      if (silent != null && !link.isStock() && resume.leave(why)) {
        silent.abort(why);
      }
    }

    @Override
    public void onAnswered() {
      if (published.state() == WorkerState.SUSPECT) {
        transition(WorkerEvent.ANSWERED, "answered again");
      }
    }
  }

  // ---- what its resume does to it; on the strand

  Optional<WorkerConnection> stream() {
    return Optional.ofNullable(connection);
  }

  String reason() {
    return published.reason();
  }

  Optional<ResumeClaims.Assignment> assignment() {
    return target().map(SpecializationTarget::assignment);
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
      adoptStack(said.metadata());
    }
    Serving serving = calls.serving();
    if (serving != null) {
      calls.serve(serving.on(stream));
    }
  }

  void serveRestored(SpecializationTarget target, Map<String, LoadedFunction> loaded) {
    published = published.chosenFor(target);
    log.specialize(target.application());
    calls.serve(
        new Serving(
            target,
            loaded,
            Objects.requireNonNull(connection, "restored without a stream"),
            capabilities.has("RawHttpBodyBytes"),
            nanos(),
            0,
            ColdStart.NONE));
  }

  WorkerConnection.SendResult offer(WorkerConnection stream, HostMessage message) {
    WorkerConnection.SendResult result = stream.send(message);
    trace.sent(message, result);
    return result;
  }

  private static String describe(WorkerMessage.LinkWorkerExit exit) {
    return (exit.reason().isEmpty() ? "its process ended" : exit.reason())
        + (exit.outOfMemory() ? " (out of memory)" : "")
        + (exit.signal().isEmpty() ? "" : " (signal " + exit.signal() + ")")
        + (exit.exitCode() < 0 ? "" : " (exit code " + exit.exitCode() + ")");
  }

  /** Sends a control message, or says why it could not. */
  private Optional<String> send(HostMessage message) {
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

  private void fail(ManyhandsException why) {
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
    Specialization script = specialization;
    if (script != null) {
      script.cancel();
      specialization = null;
    }
    WorkerState before = published.state();
    calls.close();
    publish(WorkerTransitions.next(before, WorkerEvent.ENDED).orElse(WorkerState.GONE), reason);
    calls.lose(call -> true, reason, String.join("\n", log.lastOutput()));
    CompletableFuture<List<CatalogueFunction>> waiting = indexed;
    if (waiting != null) {
      ManyhandsException why = failure;
      waiting.completeExceptionally(
          why != null
              ? why
              : new ManyhandsException(ErrorCode.WORKER_LOST, "worker " + id + ": " + reason));
    }
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
    environment.observer().onStateChanged(this, before, WorkerState.GONE);
    if (terminated) {
      gone.complete(null);
    } else {
      Duration grace = options.terminateGrace();
      Futures.within(
              environment.releaser().release(this, grace),
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
    environment.observer().onStateChanged(this, before, after);
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

  /** At the grace's end calls are cancelled where the worker can, and then it ends. */
  void armDrainEnd() {
    arm(Duration.ofNanos(Math.max(0, drainUntilNanos - nanos())), this::drainOver);
  }

  private void drainOver() {
    String reason = "calls were still running at the end of the drain grace of " + drainGrace;
    boolean asked = false;
    if (capabilities.has("HandlesInvocationCancelMessage")) {
      for (String call : calls.ids()) {
        asked |= send(new HostMessage.InvocationCancel(call, options.terminateGrace())).isEmpty();
      }
    }
    if (asked) {
      arm(options.terminateGrace(), () -> endQuietly(reason));
    } else {
      endQuietly(reason);
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
