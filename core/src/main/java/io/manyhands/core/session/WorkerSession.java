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
import io.manyhands.core.concurrent.Strand;
import io.manyhands.core.logs.MessageTrace;
import io.manyhands.core.logs.WorkerLog;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.Termination;
import io.manyhands.spi.time.Scheduler;
import io.manyhands.spi.time.TimeSeams;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker from the request for it to its end. State changes on its strand alone, by {@link
 * #transition}; calls are sent from any thread through the gate, and answered on the connection's
 * I/O thread.
 */
public final class WorkerSession {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerSession.class);
  private static final Logger TRACE = LoggerFactory.getLogger("io.manyhands.trace");
  private static final int UNANSWERED_WITHOUT_CALLS = 4;

  /** What it works with, the same for all sessions of a Runtime. */
  public record Environment(
      TimeSeams time,
      Metrics metrics,
      SessionObserver observer,
      Releaser releaser,
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
  private final InFlightTable inFlight = new InFlightTable();
  private final CompletableFuture<Void> gone = new CompletableFuture<>();

  /** Everything that other threads may read, replaced as a whole on the strand. */
  private record Published(
      WorkerState state,
      Instant since,
      String reason,
      WorkerStack stack,
      ProvisionedWorker provisioned,
      @Nullable SpecializationTarget target,
      long readyNanos,
      long specializedNanos,
      boolean placeholderBefore) {}

  private volatile Published published;
  private volatile Map<String, LoadedFunction> functions = Map.of();
  private volatile Map<String, String> capabilities = Map.of();
  private volatile @Nullable WorkerConnection connection;
  private volatile boolean tracing;
  private volatile long lastHeardNanos;
  private volatile @Nullable ManyhandsException failure;

  // On the strand only.
  private @Nullable SpecializationTarget startedFor;
  private @Nullable Specialization specialization;
  private Scheduler.@Nullable Cancellable timeout;
  private Scheduler.@Nullable Cancellable statusTimer;
  private int unanswered;
  private long chosenNanos;
  private @Nullable CompletableFuture<List<CatalogueFunction>> indexed;
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
    this.published =
        new Published(
            WorkerState.REQUESTED,
            environment.time().clock().instant(),
            "requested from " + origin,
            requested,
            ProvisionedWorker.unknown(),
            null,
            0,
            0,
            false);
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

  public int freeSlots() {
    SpecializationTarget target = published.target();
    return target == null || !inFlight.gate().isOpen()
        ? 0
        : target.slots() - inFlight.gate().taken();
  }

  public int inFlightCalls() {
    return inFlight.gate().taken();
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
    tracing = on;
  }

  public WorkerInfo info() {
    Published now = published;
    SpecializationTarget target = now.target();
    return new WorkerInfo(
        id,
        1,
        now.stack(),
        now.state(),
        Optional.ofNullable(target).map(SpecializationTarget::application),
        Optional.ofNullable(target).map(SpecializationTarget::tenant),
        Optional.ofNullable(target).map(SpecializationTarget::revision),
        target == null ? 0 : target.slots(),
        inFlight.gate().taken(),
        now.provisioned().processId(),
        now.provisioned().labels(),
        now.since(),
        now.reason());
  }

  // ---- asked from anywhere, done on the strand

  /** Begins to wait for its connection. */
  public void awaitStart(@Nullable SpecializationTarget startedForApp) {
    strand.execute(
        () -> {
          startedFor = startedForApp;
          arm(options.start(), "did not connect within " + options.start());
        });
  }

  public void onProvisioned(ProvisionedWorker worker) {
    strand.execute(
        () -> publish(published.state(), published.reason(), worker, published.target()));
  }

  /** Its stream is here: the first wins, a second ends both. */
  public void onStream(WorkerConnection stream) {
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
          lastHeardNanos = environment.time().ticker().nanos();
          transition(WorkerEvent.STREAM_ACCEPTED, "connected");
          initialize();
        });
  }

  /**
   * Makes a placeholder an application's worker. Completes with the catalogue as this worker loaded
   * it.
   */
  public CompletableFuture<List<CatalogueFunction>> specialize(
      SpecializationTarget target, String reason) {
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
          specializeNow(target, reason, true);
        });
    return result;
  }

  /** No new calls; ends when those in flight are done, or at the grace. */
  public CompletableFuture<Void> drain(Duration grace, String reason) {
    strand.execute(
        () -> {
          if (WorkerTransitions.next(published.state(), WorkerEvent.DRAIN_ASKED).isPresent()) {
            transition(WorkerEvent.DRAIN_ASKED, reason);
            arm(grace, "calls were still running at the end of the drain grace of " + grace);
            endIfIdle();
          } else if (!published.state().isFinal() && published.state() != WorkerState.DRAINING) {
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
          if (!inFlight.contains(call)) {
            return;
          }
          if (capable("HandlesInvocationCancelMessage")
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

  /** Tries to send the call; reserve, register, look again, send. */
  public Dispatch dispatch(Call call) {
    Published now = published;
    SpecializationTarget target = now.target();
    if (target == null || !inFlight.gate().tryReserve(target.slots())) {
      return Dispatch.NO_SLOT;
    }
    LoadedFunction function = functions.get(call.functionKey());
    WorkerConnection stream = connection;
    if (function == null || function.problem() != null || stream == null) {
      inFlight.gate().release();
      call.fail(
          function == null ? ErrorCode.FUNCTION_NOT_FOUND : ErrorCode.APP_FAILED,
          "function "
              + call.invocation().application()
              + "/"
              + call.invocation().function()
              + (function == null ? ": not found" : ": " + function.problem()),
          "");
      return Dispatch.DONE;
    }
    boolean waitedForIt = call.waited() && now.readyNanos() - call.acceptedNanos() >= 0;
    call.reserved(
        this,
        waitedForIt
            ? (now.placeholderBefore() ? ColdStart.PLACEHOLDER : ColdStart.NEW_WORKER)
            : call.waited() ? ColdStart.ALL_BUSY : ColdStart.NONE,
        waitedForIt ? now.specializedNanos() : 0);
    inFlight.put(call);
    // A close between reservation and registration has swept without this entry: whoever removes it
    // frees the slot.
    if (!inFlight.gate().isOpen()) {
      if (call.revoke()) {
        inFlight.remove(call.id().value());
      }
      return Dispatch.NO_SLOT;
    }
    if (!call.beginSend()) {
      return Dispatch.NO_SLOT;
    }
    HostMessage.InvocationRequest message =
        InvocationMessages.request(call, function, capable("RawHttpBodyBytes"));
    WorkerConnection.SendResult result = stream.send(message);
    if (tracing) {
      TRACE.info("worker {} <- {} {}", id, MessageTrace.describe(message), result);
    }
    if (result == WorkerConnection.SendResult.ACCEPTED) {
      return Dispatch.SENT;
    }
    if (inFlight.remove(call.id().value()) == null) {
      return Dispatch.DONE;
    }
    call.unsent();
    if (result == WorkerConnection.SendResult.UNSUPPORTED) {
      call.fail(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "invocation "
              + call.id()
              + ": its payload of "
              + call.size()
              + " bytes is larger than the connection carries",
          "");
      return Dispatch.DONE;
    }
    return Dispatch.NO_SLOT;
  }

  // ---- messages: the connection's I/O thread

  /** Takes a message that follows the first. */
  public void onMessage(WorkerMessage message) {
    if (tracing) {
      TRACE.info("worker {} -> {}", id, MessageTrace.describe(message));
    }
    if (message instanceof WorkerMessage.InvocationResponse response) {
      onInvocationResponse(response);
      return;
    }
    long arrived = environment.time().ticker().nanos();
    lastHeardNanos = arrived;
    if (message instanceof WorkerMessage.Log entry) {
      onLog(entry.entry());
    } else {
      strand.execute(() -> onControl(message, arrived));
    }
  }

  public void onWritable() {
    environment.observer().onSlotFree(this);
  }

  /** The stream has ended. */
  public void onStreamClosed(String reason) {
    strand.execute(
        () -> {
          if (!published.state().isFinal()) {
            end(ErrorCode.WORKER_LOST, "its stream ended: " + reason);
          }
        });
  }

  private void onInvocationResponse(WorkerMessage.InvocationResponse response) {
    Call call = inFlight.remove(response.invocationId());
    if (call == null) {
      environment.metrics().counter("session.responses.unknown").increment();
      return;
    }
    lastHeardNanos = environment.time().ticker().nanos();
    boolean first;
    if (response.status().isSuccess()) {
      first = call.succeed(response.returnValue(), response.outputs());
    } else {
      first =
          call.fail(
              ErrorCode.FUNCTION_FAILED,
              "function "
                  + call.invocation().application()
                  + "/"
                  + call.invocation().function()
                  + ": "
                  + response.status().describe(),
              response.status().error().map(error -> error.stackTrace()).orElse(""));
    }
    if (!first) {
      environment.metrics().counter("session.responses.late").increment();
    }
    if (inFlight.gate().isOpen()) {
      environment.observer().onSlotFree(this);
    } else {
      strand.execute(this::endIfIdle);
    }
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
      answered();
    } else if (message instanceof WorkerMessage.Unknown) {
      environment.metrics().counter("session.messages.unknown").increment();
    } else if (message instanceof WorkerMessage.StartStream) {
      end(ErrorCode.PROTOCOL_VIOLATION, "a second StartStream on one stream");
    } else if (message instanceof WorkerMessage.ActionRequest action) {
      LOG.info("worker {} asks for {}: {}", id, action.action(), action.reason());
      drain(options.terminateGrace(), "the worker asked for " + action.action());
    } else if (specialization != null) {
      specialization.onMessage(message, arrived);
    } else {
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
    arm(options.init(), "no WorkerInitResponse within " + options.init());
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
    capabilities = Map.copyOf(response.capabilities());
    Optional<String> wrongStack = adoptStack(response.metadata());
    if (wrongStack.isPresent()) {
      end(ErrorCode.WORKER_REFUSED, wrongStack.get());
      return;
    }
    scheduleStatus();
    SpecializationTarget target = startedFor;
    if (target != null) {
      indexed = new CompletableFuture<>();
      specializeNow(target, "started for " + target.application(), false);
      return;
    }
    if (capable("HandlesWorkerWarmupMessage")) {
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
    Published now = published;
    published =
        new Published(
            now.state(),
            now.since(),
            now.reason(),
            stack,
            now.provisioned(),
            now.target(),
            now.readyNanos(),
            now.specializedNanos(),
            now.placeholderBefore());
    return Optional.empty();
  }

  private void specializeNow(SpecializationTarget target, String reason, boolean reload) {
    chosenNanos = environment.time().ticker().nanos();
    boolean placeholderBefore = published.state() == WorkerState.PLACEHOLDER;
    Published now = published;
    published =
        new Published(
            now.state(),
            now.since(),
            now.reason(),
            now.stack(),
            now.provisioned(),
            target,
            0,
            0,
            placeholderBefore);
    log.specialize(target.application());
    transition(WorkerEvent.CHOSEN, reason);
    Map<String, String> whole = new HashMap<>(now.provisioned().baseEnvironment());
    target
        .environment()
        .forEach(
            (name, value) -> {
              if (!value.isEmpty()) {
                whole.put(name, value);
              }
            });
    Specialization script =
        new Specialization(
            id.display(), target, whole, reload, options, environment.time(), new ScriptStage());
    specialization = script;
    script.start(strand::execute);
  }

  private final class ScriptStage implements Specialization.Stage {
    @Override
    public Optional<String> send(HostMessage message) {
      return WorkerSession.this.send(message);
    }

    @Override
    public void onReloaded(WorkerMessage.EnvironmentReloadResponse response) {
      Map<String, String> next =
          response.replaceCapabilities() ? new HashMap<>() : new HashMap<>(capabilities);
      next.putAll(response.capabilities());
      capabilities = Map.copyOf(next);
    }

    @Override
    public void onSpecialized(
        Map<String, LoadedFunction> loaded, List<CatalogueFunction> catalogue, long ownNanos) {
      specialization = null;
      functions = loaded;
      long now = environment.time().ticker().nanos();
      environment.metrics().timing("session.specialization.total").record(now - chosenNanos);
      environment.metrics().timing("session.specialization.own").record(ownNanos);
      Published before = published;
      published =
          new Published(
              before.state(),
              before.since(),
              before.reason(),
              before.stack(),
              before.provisioned(),
              before.target(),
              now,
              now - chosenNanos,
              before.placeholderBefore());
      CompletableFuture<List<CatalogueFunction>> waiting = indexed;
      transition(WorkerEvent.SPECIALIZED, before.reason());
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
    if (!inFlight.contains(call)) {
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
    endIfIdle();
  }

  /** A draining or quarantined worker ends when no caller waits for any of its calls. */
  private void endIfIdle() {
    WorkerState state = published.state();
    if ((state == WorkerState.DRAINING || state == WorkerState.QUARANTINED)
        && !inFlight.hasPending()) {
      endQuietly(published.reason());
    }
  }

  private void scheduleStatus() {
    statusTimer =
        environment
            .time()
            .scheduler()
            .schedule(() -> strand.execute(this::askStatus), options.statusInterval());
  }

  private void askStatus() {
    if (published.state().isFinal()) {
      return;
    }
    if (capable("WorkerStatus")) {
      long silentNanos = environment.time().ticker().nanos() - lastHeardNanos;
      if (unanswered > 0 && silentNanos > options.statusInterval().toNanos()) {
        if (published.state() == WorkerState.READY) {
          transition(WorkerEvent.UNANSWERED, "no answer to " + unanswered + " status requests");
        }
        if (unanswered >= UNANSWERED_WITHOUT_CALLS && !inFlight.hasPending()) {
          end(ErrorCode.WORKER_LOST, "no answer to " + unanswered + " status requests");
          return;
        }
      }
      unanswered++;
      send(new HostMessage.WorkerStatusRequest());
    }
    scheduleStatus();
  }

  private void answered() {
    unanswered = 0;
    if (published.state() == WorkerState.SUSPECT) {
      transition(WorkerEvent.ANSWERED, "answered again");
    }
  }

  /** Sends a control message, or says why it could not. */
  private Optional<String> send(HostMessage message) {
    WorkerConnection stream = connection;
    String kind = message.getClass().getSimpleName();
    if (stream == null) {
      return Optional.of("cannot send " + kind + ": no stream");
    }
    WorkerConnection.SendResult result = stream.send(message);
    if (tracing) {
      TRACE.info("worker {} <- {} {}", id, MessageTrace.describe(message), result);
    }
    return result == WorkerConnection.SendResult.ACCEPTED
        ? Optional.empty()
        : Optional.of("cannot send " + kind + ": " + result);
  }

  private boolean capable(String capability) {
    String value = capabilities.get(capability);
    // Some workers give the key's own name as the value: any text but "false" says yes.
    return value != null && !value.isEmpty() && !value.equalsIgnoreCase("false");
  }

  private void end(ErrorCode code, String reason) {
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

  private void endQuietly(String reason) {
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
    Scheduler.Cancellable status = statusTimer;
    if (status != null) {
      status.cancel();
    }
    Specialization script = specialization;
    if (script != null) {
      script.cancel();
      specialization = null;
    }
    WorkerState before = published.state();
    inFlight.gate().close();
    publish(
        WorkerTransitions.next(before, WorkerEvent.ENDED).orElse(WorkerState.GONE),
        reason,
        published.provisioned(),
        published.target());
    for (Call call : inFlight.removeAll()) {
      // One that was reserved but not sent is picked again by its own dispatcher.
      if (!call.revoke()) {
        call.fail(
            ErrorCode.WORKER_LOST,
            "invocation " + call.id() + ": " + reason,
            String.join("\n", log.lastOutput()));
      }
    }
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
      if (capable("HandlesWorkerTerminateMessage")) {
        send(new HostMessage.WorkerTerminate(options.terminateGrace()));
      }
      stream.close();
    }
    environment.observer().onStateChanged(this, before, WorkerState.GONE);
    if (terminated) {
      gone.complete(null);
    } else {
      environment
          .releaser()
          .release(this, options.terminateGrace())
          .whenComplete((done, error) -> gone.complete(null));
    }
  }

  private void transition(WorkerEvent event, String reason) {
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
      inFlight.gate().close();
    }
    publish(after, reason, published.provisioned(), published.target());
    if (after == WorkerState.READY) {
      inFlight.gate().open();
    }
    LOG.debug("worker {}: {} -> {} ({})", id, before, after, reason);
    environment.observer().onStateChanged(this, before, after);
  }

  private void publish(
      WorkerState state,
      String reason,
      ProvisionedWorker provisioned,
      @Nullable SpecializationTarget target) {
    Published now = published;
    Instant since = state == now.state() ? now.since() : environment.time().clock().instant();
    published =
        new Published(
            state,
            since,
            reason,
            now.stack(),
            provisioned,
            target,
            now.readyNanos(),
            now.specializedNanos(),
            now.placeholderBefore());
  }

  private void arm(Duration limit, String reason) {
    disarm();
    timeout =
        environment
            .time()
            .scheduler()
            .schedule(
                () ->
                    strand.execute(
                        () -> {
                          if (published.state() == WorkerState.DRAINING) {
                            endQuietly(reason);
                          } else {
                            end(ErrorCode.WORKER_START_FAILED, reason);
                          }
                        }),
                limit);
  }

  private void disarm() {
    Scheduler.Cancellable armed = timeout;
    timeout = null;
    if (armed != null) {
      armed.cancel();
    }
  }
}
