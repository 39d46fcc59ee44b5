/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.Binding;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.spi.time.Scheduler;
import io.manyhands.spi.time.TimeSeams;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.support.appfiles.AppFileException;
import io.manyhands.support.appfiles.FunctionJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The script by which a worker becomes an application's: fetch its package where it has one, reload
 * its environment, index its functions where nobody knows them yet, load each. All on the session's
 * strand. It ends by one call of its outcome.
 */
final class Specialization {
  /** What it needs of its session. */
  interface Stage {
    /** Sends, or says why it could not. */
    Optional<String> send(HostMessage message);

    /** Whether the worker's side can know such a message. */
    boolean supports(Class<? extends HostMessage> kind);

    /** New capabilities of the reload. */
    void onReloaded(WorkerMessage.EnvironmentReloadResponse response);

    /** The worker serves these. */
    void onSpecialized(
        Map<String, LoadedFunction> loaded, List<CatalogueFunction> catalogue, long ownNanos);

    /** It will not. */
    void onFailed(ManyhandsException why);
  }

  /** An agent's mark on a function that it read from a function.json (P-LINK-10). */
  private static final String DESCRIBED = "manyhands_described";

  private final String worker;
  private final SpecializationTarget target;
  private final Map<String, String> environment;
  private final boolean reload;
  private final SessionOptions options;
  private final TimeSeams time;
  private final Stage stage;

  private final Map<String, CatalogueFunction> waiting = new LinkedHashMap<>();
  private final Map<String, LoadedFunction> loaded = new HashMap<>();
  private List<CatalogueFunction> catalogue = List.of();
  private @Nullable Class<? extends WorkerMessage> expected;
  private Scheduler.@Nullable Cancellable timeout;
  private long ownNanos;
  private long arrivedNanos;
  private boolean ended;

  Specialization(
      String worker,
      SpecializationTarget target,
      Map<String, String> environment,
      boolean reload,
      SessionOptions options,
      TimeSeams time,
      Stage stage) {
    this.worker = worker;
    this.target = target;
    this.environment = environment;
    this.reload = reload;
    this.options = options;
    this.time = time;
    this.stage = stage;
  }

  SpecializationTarget target() {
    return target;
  }

  void start(Executor strand) {
    this.strand = strand;
    arrivedNanos = time.ticker().nanos();
    if (target.code().archive().isPresent()) {
      CodePackage archive = target.code().archive().get();
      if (!stage.supports(HostMessage.LinkPackage.class)) {
        fail(
            ErrorCode.APP_FAILED,
            archive
                + " needs an agent beside the worker, and it has none (expected: a worker with an"
                + " agent, or content that the worker can see)");
        return;
      }
      send(
          new HostMessage.LinkPackage(archive.uri(), archive.sha256()),
          options.packageFetch(),
          WorkerMessage.LinkPackageState.class);
    } else {
      reload();
    }
  }

  /** Reports on the way only show that the agent lives; the time for the whole goes on. */
  private void fetched(CodePackage archive, WorkerMessage.LinkPackageState state) {
    switch (state.stage()) {
      case READY -> {
        archive.unpacked(state.hostJson());
        reload();
      }
      case FAILED -> fail(ErrorCode.APP_FAILED, archive + ": " + state.problem());
      case FETCHING, VERIFYING, UNKNOWN -> {}
    }
  }

  private void reload() {
    if (reload) {
      send(
          new HostMessage.EnvironmentReloadRequest(environment, target.directory()),
          options.reload(),
          WorkerMessage.EnvironmentReloadResponse.class);
    } else {
      index();
    }
  }

  /** The strand's executor, for timeouts. */
  interface Executor {
    void execute(Runnable task);
  }

  private @Nullable Executor strand;

  /** Takes what it waits for; false for anything else, which changes nothing. */
  boolean onMessage(WorkerMessage message, long arrived) {
    if (ended || !message.getClass().equals(expected)) {
      return false;
    }
    arrivedNanos = arrived;
    if (message instanceof WorkerMessage.LinkPackageState state) {
      target.code().archive().ifPresent(archive -> fetched(archive, state));
    } else if (message instanceof WorkerMessage.EnvironmentReloadResponse response) {
      if (!response.status().isSuccess()) {
        fail(ErrorCode.APP_FAILED, "environment reload failed: " + response.status().describe());
        return true;
      }
      stage.onReloaded(response);
      index();
    } else if (message instanceof WorkerMessage.FunctionsMetadataResponse response) {
      indexed(response);
    } else if (message instanceof WorkerMessage.FunctionLoadResponse response) {
      loaded(response);
    }
    return true;
  }

  void cancel() {
    ended = true;
    disarm();
  }

  private void index() {
    if (target.functions().isPresent()) {
      load(target.functions().get());
    } else {
      send(
          new HostMessage.FunctionsMetadataRequest(target.directory()),
          options.load(),
          WorkerMessage.FunctionsMetadataResponse.class);
    }
  }

  private void indexed(WorkerMessage.FunctionsMetadataResponse response) {
    if (!response.status().isSuccess()) {
      fail(ErrorCode.APP_FAILED, "indexing failed: " + response.status().describe());
      return;
    }
    if (response.useDefaultIndexing() || response.functions().isEmpty()) {
      fail(
          ErrorCode.APP_FAILED,
          "no functions found: the worker indexed none, and no folder of "
              + (target.directory().isEmpty() ? "the application" : target.directory())
              + " holds a function.json");
      return;
    }
    List<CatalogueFunction> found = new ArrayList<>();
    Map<String, String> seen = new HashMap<>();
    for (WorkerMessage.IndexedFunction function : response.functions()) {
      String name = function.definition().name();
      String id = idOf(function);
      Optional<String> problem =
          function
              .status()
              .error()
              .map(error -> "index: " + error.message())
              .filter(text -> !function.status().isSuccess());
      String before = seen.put(Call.key(name), name);
      if (before != null) {
        fail(
            ErrorCode.APP_FAILED,
            "two functions are named "
                + before
                + " and "
                + name
                + " (expected: names that differ by more than case)");
        return;
      }
      found.add(catalogued(id, function, problem));
    }
    load(found);
  }

  /** The worker's own id of it; workers that give none know it by its name. */
  static String idOf(WorkerMessage.IndexedFunction function) {
    return function.functionId().isEmpty() ? function.definition().name() : function.functionId();
  }

  /**
   * Names and types of bindings are taken from the raw JSON, the only place where all workers give
   * them.
   */
  static CatalogueFunction catalogued(
      String id, WorkerMessage.IndexedFunction function, Optional<String> problem) {
    FunctionDefinition said = function.definition();
    List<Binding> bindings = new ArrayList<>(said.bindings());
    Optional<String> wrong = problem;
    try {
      for (String json : function.rawBindings()) {
        FunctionJson.Entry entry = FunctionJson.binding(json, "index of function " + said.name());
        Binding.Direction direction =
            Binding.Direction.valueOf(entry.direction().toUpperCase(Locale.ROOT));
        bindings.add(
            new Binding(entry.name(), entry.type(), direction, entry.attributes(), entry.json()));
      }
    } catch (AppFileException e) {
      wrong = Optional.of(String.valueOf(e.getMessage()));
    }
    boolean byWorker = !said.properties().containsKey(DESCRIBED);
    return new CatalogueFunction(id, said.withBindings(bindings), byWorker, wrong);
  }

  private void load(List<CatalogueFunction> functions) {
    catalogue = List.copyOf(functions);
    boolean indexedHere = target.functions().isEmpty();
    for (CatalogueFunction function : functions) {
      if (function.problem().isPresent()) {
        loaded.put(function.key(), entry(function.id(), function, function.problem().get()));
      } else {
        waiting.put(function.id(), function);
      }
    }
    if (waiting.isEmpty()) {
      finish();
      return;
    }
    for (CatalogueFunction function : List.copyOf(waiting.values())) {
      Map<String, String> properties =
          function.indexedByWorker() && !indexedHere ? Map.of("worker_indexed", "True") : Map.of();
      send(
          new HostMessage.FunctionLoadRequest(function.id(), function.definition(), properties),
          options.load(),
          WorkerMessage.FunctionLoadResponse.class);
    }
  }

  private void loaded(WorkerMessage.FunctionLoadResponse response) {
    CatalogueFunction function = waiting.remove(response.functionId());
    if (function == null) {
      return;
    }
    boolean success = response.status().isSuccess();
    if (!success && function.indexedByWorker() && target.functions().isPresent()) {
      // Another worker of the revision has loaded it: it is not the function's fault.
      fail(
          ErrorCode.WORKER_START_FAILED,
          "it cannot load function "
              + function.definition().name()
              + ", which another worker has loaded: "
              + response.status().describe());
      return;
    }
    loaded.put(
        function.key(),
        entry(
            function.id(),
            function,
            success ? null : "load failed: " + response.status().describe()));
    if (waiting.isEmpty()) {
      finish();
    }
  }

  static LoadedFunction entry(String id, CatalogueFunction function, @Nullable String problem) {
    return new LoadedFunction(
        function.definition().name(),
        id,
        function.definition().trigger().map(Binding::name).orElse("input"),
        problem,
        CatalogueFunction.retry(function.definition()));
  }

  private void finish() {
    ended = true;
    disarm();
    List<CatalogueFunction> judged = new ArrayList<>();
    for (CatalogueFunction function : catalogue) {
      LoadedFunction entry = loaded.get(function.key());
      judged.add(
          entry != null && entry.problem() != null
              ? function.withProblem(entry.problem())
              : function);
    }
    ownNanos += time.ticker().nanos() - arrivedNanos;
    stage.onSpecialized(Map.copyOf(loaded), judged, ownNanos);
  }

  private void send(HostMessage message, Duration limit, Class<? extends WorkerMessage> answer) {
    if (ended) {
      return;
    }
    expected = answer;
    Optional<String> refused = stage.send(message);
    if (refused.isPresent()) {
      fail(ErrorCode.WORKER_START_FAILED, refused.get());
      return;
    }
    long now = time.ticker().nanos();
    ownNanos += now - arrivedNanos;
    arrivedNanos = now;
    disarm();
    Executor on = strand;
    timeout =
        time.scheduler()
            .schedule(
                () -> {
                  if (on != null) {
                    on.execute(
                        () ->
                            fail(
                                ErrorCode.WORKER_START_FAILED,
                                "no " + answer.getSimpleName() + " within " + limit));
                  }
                },
                limit);
  }

  private void fail(ErrorCode code, String why) {
    if (!ended) {
      ended = true;
      disarm();
      stage.onFailed(
          new ManyhandsException(
              code, "application " + target.application() + " on worker " + worker + ": " + why));
    }
  }

  private void disarm() {
    Scheduler.Cancellable armed = timeout;
    timeout = null;
    if (armed != null) {
      armed.cancel();
    }
  }
}
