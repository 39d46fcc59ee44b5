/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.invocation.ColdStart;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.core.concurrent.Futures;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerMessage;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One worker's way from the request for it to its first calls. On the session's strand. */
final class SessionStart {
  private final SessionCore session;
  private final WorkerSession.Environment environment;
  private final SessionOptions options;
  private @Nullable SpecializationTarget startedFor;
  private String startReason = "";
  private @Nullable Specialization specialization;
  private @Nullable CompletableFuture<List<CatalogueFunction>> indexed;

  SessionStart(SessionCore session, WorkerSession.Environment environment, SessionOptions options) {
    this.session = session;
    this.environment = environment;
    this.options = options;
  }

  void await() {
    session.arm(
        options.start(),
        () ->
            session.end(
                ErrorCode.WORKER_START_FAILED, "did not connect within " + options.start()));
  }

  void awaitFor(
      SpecializationTarget target,
      String reason,
      CompletableFuture<List<CatalogueFunction>> result) {
    indexed = result;
    startedFor = target;
    startReason = reason;
    session.requestedFor(target, reason);
    await();
  }

  void onStream(WorkerConnection stream, Optional<WorkerMessage.LinkHello> hello) {
    if (session.stream().isPresent() || session.state() != WorkerState.REQUESTED) {
      session.count("registry.refused.second-stream");
      stream.abort("this worker id has been used");
      if (!session.state().isFinal()) {
        session.end(
            ErrorCode.PROTOCOL_VIOLATION, "a second stream presented its id: both are ended");
      }
      return;
    }
    if (session.resume().isAwaited() && !session.placeholders().remembers(session.id())) {
      // An earlier start may have made it an application's: whoever has its id is not new for that.
      session.count("registry.refused.returning");
      session.offer(
          stream,
          new HostMessage.LinkRefusal(
              "it comes as new, and nothing shows that it is still nobody's worker",
              Optional.empty()));
      stream.close();
      return;
    }
    session.onFirstStream(stream);
    session.transition(WorkerEvent.STREAM_ACCEPTED, "connected");
    if (hello.isPresent()) {
      session.link().extended(hello.get().resumable());
      Optional<String> why =
          session.send(session.link().welcome(session.stack(), Optional.empty(), List.of()));
      if (why.isPresent()) {
        session.end(ErrorCode.WORKER_START_FAILED, why.get());
        return;
      }
    }
    initialize();
  }

  void specialize(
      SpecializationTarget target,
      String reason,
      ColdStart coldStart,
      CompletableFuture<List<CatalogueFunction>> result) {
    if (session.state() != WorkerState.PLACEHOLDER) {
      result.completeExceptionally(
          new ManyhandsException(
              ErrorCode.WORKER_LOST,
              "worker "
                  + session.id()
                  + ": cannot SPECIALIZE from "
                  + session.state()
                  + " (expected: PLACEHOLDER)"));
      return;
    }
    indexed = result;
    specializeNow(target, reason, coldStart);
  }

  /** Takes what a specialization waits for; false for anything else. */
  boolean onMessage(WorkerMessage message, long arrived) {
    return specialization != null && specialization.onMessage(message, arrived);
  }

  /** The worker has ended. */
  void end(ManyhandsException why) {
    if (specialization != null) {
      specialization.cancel();
      specialization = null;
    }
    if (indexed != null) {
      indexed.completeExceptionally(why);
    }
  }

  private void initialize() {
    SpecializationTarget target = startedFor;
    HostMessage init =
        new HostMessage.InitRequest(
            environment.hostVersion(),
            Map.of("V2Compatable", "false", "MultiStream", "true", "TypedDataCollection", "true"),
            session.provisioned().workerDirectory(),
            target == null ? "" : target.directory());
    session.transition(WorkerEvent.INIT_SENT, "WorkerInitRequest sent");
    session.arm(
        options.init(),
        () ->
            session.end(
                ErrorCode.WORKER_START_FAILED, "no WorkerInitResponse within " + options.init()));
    session.send(init).ifPresent(why -> session.end(ErrorCode.WORKER_START_FAILED, why));
  }

  void onInitialized(WorkerMessage.InitResponse response) {
    if (session.state() != WorkerState.INITIALIZING) {
      session.count("session.messages.unexpected");
      return;
    }
    session.disarm();
    if (!response.status().isSuccess()) {
      session.end(
          ErrorCode.WORKER_START_FAILED, "initialization failed: " + response.status().describe());
      return;
    }
    session.capabilities(WorkerCapabilities.of(response.capabilities()));
    Optional<String> wrongStack = adoptStack(response.metadata());
    if (wrongStack.isPresent()) {
      session.end(ErrorCode.WORKER_REFUSED, wrongStack.get());
      return;
    }
    session.startProbe();
    SpecializationTarget target = startedFor;
    if (target != null) {
      specializeNow(target, startReason, ColdStart.NEW_WORKER);
      return;
    }
    if (session.capabilities().has("HandlesWorkerWarmupMessage")) {
      // No answer is waited for: a worker that warms up may be chosen meanwhile and answers in
      // order.
      session.send(new HostMessage.WarmupRequest(session.provisioned().workerDirectory()));
    }
    if (session.link().isResumable()) {
      session.placeholders().add(session.id());
    }
    session.transition(WorkerEvent.INITIALIZED, "initialized");
  }

  /** What the worker says of itself must be what was asked for. */
  Optional<String> adoptStack(Optional<WorkerMessage.WorkerMetadata> metadata) {
    if (metadata.isEmpty() || metadata.get().runtimeName().isEmpty()) {
      return Optional.empty();
    }
    WorkerMessage.WorkerMetadata said = metadata.get();
    WorkerStack stack;
    try {
      stack = WorkerStack.of(said.runtimeName().toLowerCase(Locale.ROOT), said.runtimeVersion());
    } catch (ManyhandsException e) {
      return Optional.of("its worker_metadata is malformed: " + e.getMessage());
    }
    if (!session.requestedStack().acceptsWorkerOf(stack)) {
      return Optional.of(
          "it reports stack " + stack + " (expected: " + session.requestedStack() + ")");
    }
    session.onStack(stack);
    return Optional.empty();
  }

  private void specializeNow(SpecializationTarget target, String reason, ColdStart coldStart) {
    boolean reload = session.state() == WorkerState.PLACEHOLDER;
    session.chosenFor(target);
    Map<String, String> whole = new TreeMap<>(session.provisioned().baseEnvironment());
    target
        .environment()
        .forEach(
            (name, value) -> {
              if (!value.isEmpty()) {
                whole.put(name, value);
              }
            });
    ScriptStage stage = new ScriptStage(target, session.nanos(), coldStart);
    session.transition(WorkerEvent.CHOSEN, reason);
    Specialization script =
        new Specialization(
            session.id().display(), target, whole, reload, options, environment.time(), stage);
    specialization = script;
    if (reload && session.link().isResumable()) {
      forgetPlaceholder(script);
    } else {
      script.start(session::execute);
    }
  }

  /** No settings are sent before it is certain that a later start takes it for no placeholder. */
  private void forgetPlaceholder(Specialization script) {
    session.arm(
        options.reload(),
        () ->
            session.end(
                ErrorCode.RESOURCE_UNAVAILABLE,
                "the placeholder store did not answer within " + options.reload()));
    session
        .placeholders()
        .remove(session.id())
        .whenComplete((done, error) -> session.execute(() -> forgotten(script, error)));
  }

  private void forgotten(Specialization script, @Nullable Throwable error) {
    if (specialization != script) {
      return;
    }
    session.disarm();
    if (error == null) {
      script.start(session::execute);
    } else {
      session.fail(Futures.unwrap(error));
    }
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
      return session.send(message);
    }

    @Override
    public boolean supports(Class<? extends HostMessage> kind) {
      return session.stream().filter(stream -> stream.supports(kind)).isPresent();
    }

    @Override
    public void onReloaded(WorkerMessage.EnvironmentReloadResponse response) {
      session.capabilities(session.capabilities().reloaded(response));
    }

    @Override
    public void onSpecialized(
        Map<String, LoadedFunction> loaded, List<CatalogueFunction> catalogue, long ownNanos) {
      specialization = null;
      long took = session.nanos() - chosenNanos;
      session.time("session.specialization.total", took);
      session.time("session.specialization.own", ownNanos);
      session.serve(target, loaded, took, coldStart);
      CompletableFuture<List<CatalogueFunction>> waiting = indexed;
      if (!session.link().isStock()) {
        session.send(session.link().credential(session.stack(), target.assignment()));
      }
      session.transition(WorkerEvent.SPECIALIZED, session.reason());
      if (waiting != null) {
        waiting.complete(catalogue);
      }
    }

    @Override
    public void onFailed(ManyhandsException why) {
      specialization = null;
      session.fail(why);
    }
  }
}
