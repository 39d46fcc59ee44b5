/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.simulation;

import io.manyhands.api.app.AppRevision;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerListener;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.core.session.WorkerTransitions;
import io.manyhands.spi.transport.WorkerMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Every worker as the Runtime tells of it: its states by the table, its slots by what its stream
 * carried, how many there are. On the simulation's thread.
 */
final class WorkerLedger implements WorkerListener {
  /** From, to: what an observer can see of a row. */
  private static final Set<String> ROWS = rows();

  /** For so long a new start of the Runtime waits for workers that it is told of. */
  private static final Duration AWAITED = Duration.ofSeconds(2);

  private final World world;
  private final CallLedger calls;
  private final Map<WorkerId, Known> live = new LinkedHashMap<>();
  private final Set<WorkerId> gone = new HashSet<>();

  /** All that any start of the Runtime has asked for. */
  private final Set<WorkerId> ever = new HashSet<>();

  /** What workers say that they are which came back to this start of the Runtime. */
  private final Map<WorkerId, WorkerMessage.LinkResume> claims = new LinkedHashMap<>();

  private final Map<String, Set<String>> inFlight = new LinkedHashMap<>();
  private final Set<String> notWritable = new LinkedHashSet<>();
  private final List<WorkerId> goneNow = new ArrayList<>();
  private int most;

  /** What is known of one. */
  private static final class Known {
    private WorkerState state = WorkerState.REQUESTED;
    private Optional<WorkerInfo> info = Optional.empty();

    /** An earlier start of the Runtime asked for it. */
    private boolean returning;

    /** Until when others of its language wait for it, where its platform has told of it. */
    private long awaitedUntilNanos;

    private String language = "";
  }

  WorkerLedger(World world, CallLedger calls) {
    this.world = world;
    this.calls = calls;
  }

  private static Set<String> rows() {
    Set<String> rows = new LinkedHashSet<>();
    WorkerTransitions.rows().forEach(row -> rows.add(row(row.from(), row.to())));
    return rows;
  }

  private static String row(WorkerState from, WorkerState to) {
    return from + " -> " + to;
  }

  /** The Runtime has asked the platform for it. */
  void onRequested(WorkerId worker) {
    live.put(worker, new Known());
    ever.add(worker);
    most = Math.max(most, live.size());
    world.tally().add("worker requested");
  }

  /** The platform has told a new start of the Runtime of it. */
  void onRecovered(WorkerId worker, WorkerStack stack) {
    world.tally().add("worker recovered");
    if (!live.containsKey(worker) && !gone.contains(worker)) {
      Known known = returning(worker);
      known.language = stack.language();
      known.awaitedUntilNanos = world.time().nanos() + AWAITED.toNanos();
    }
  }

  /** It was welcomed or has ended: nobody waits for it any more. */
  void onAwaitedNoMore(WorkerId worker) {
    Known known = live.get(worker);
    if (known != null) {
      known.awaitedUntilNanos = 0;
    }
  }

  private Known returning(WorkerId worker) {
    Known known = new Known();
    known.returning = true;
    live.put(worker, known);
    most = Math.max(most, live.size());
    return known;
  }

  /** The Runtime is no more, and the next start of it knows nothing of its workers. */
  void onRuntimeEnded() {
    live.clear();
    gone.clear();
    inFlight.clear();
    notWritable.clear();
    goneNow.clear();
    claims.clear();
  }

  /** One of an earlier start of the Runtime, of which this one has not told yet. */
  private boolean comesBack(WorkerId worker, WorkerState state) {
    return state == WorkerState.REQUESTED && ever.contains(worker) && !gone.contains(worker);
  }

  @Override
  public void onStateChanged(WorkerInfo worker, WorkerState before) {
    WorkerState after = worker.state();
    world.trace().add("worker " + worker.id().display() + " " + row(before, after));
    world.tally().add("transition " + row(before, after));
    Known known = live.get(worker.id());
    if (known == null && comesBack(worker.id(), before)) {
      known = returning(worker.id());
    }
    if (known == null) {
      world
          .verdict()
          .broken(
              Invariant.STATE_TABLE,
              "worker "
                  + worker.id()
                  + " went "
                  + row(before, after)
                  + (gone.contains(worker.id())
                      ? " after it was GONE"
                      : ", and nobody asked for it"));
      return;
    }
    world
        .verdict()
        .expect(
            known.state == before && ROWS.contains(row(before, after)),
            Invariant.STATE_TABLE,
            "worker " + worker.id() + " went " + row(before, after) + "; it was " + known.state);
    known.state = after;
    known.info = Optional.of(worker);
    if (after.isFinal()) {
      live.remove(worker.id());
      gone.add(worker.id());
      inFlight.remove(worker.id().value());
      notWritable.remove(worker.id().value());
      goneNow.add(worker.id());
    }
  }

  /** The stream of that worker has accepted the call. */
  void onSent(String worker, String invocation) {
    inFlight.computeIfAbsent(worker, key -> new HashSet<>()).add(invocation);
  }

  /** The Runtime has heard its answer there. */
  void onAnswered(String worker, String invocation) {
    Set<String> running = inFlight.get(worker);
    if (running != null) {
      running.remove(invocation);
    }
  }

  /** It came back: what it neither runs nor has answered holds no slot any more. */
  void onResumed(String worker, WorkerMessage.LinkResume resume) {
    claims.put(new WorkerId(worker), resume);
    Set<String> running = inFlight.get(worker);
    if (running != null) {
      running.removeIf(
          call -> !resume.running().contains(call) && !resume.answered().contains(call));
    }
  }

  void onWritable(String worker, boolean writable) {
    if (writable) {
      notWritable.remove(worker);
    } else {
      notWritable.add(worker);
    }
  }

  /** Nothing more happens at this time. */
  void settled() {
    for (WorkerId worker : goneNow) {
      calls.onWorkerGone(worker);
      inFlight.remove(worker.value());
    }
    goneNow.clear();
  }

  /**
   * What the Runtime tells of its workers now agrees with what was heard of them, their slots with
   * what their streams carried.
   */
  void compare(List<WorkerInfo> workers) {
    Set<WorkerId> listed = new LinkedHashSet<>();
    for (WorkerInfo worker : workers) {
      listed.add(worker.id());
      Known known = live.get(worker.id());
      if (known == null && comesBack(worker.id(), worker.state())) {
        known = returning(worker.id());
      }
      world
          .verdict()
          .expect(
              known != null && known.state == worker.state(),
              Invariant.STATE_TABLE,
              "worker "
                  + worker.id()
                  + " is listed as "
                  + worker.state()
                  + "; heard of it: "
                  + (known == null ? "nothing" : known.state));
      int carried = inFlight.getOrDefault(worker.id().value(), Set.of()).size();
      world
          .verdict()
          .expect(
              worker.inFlight() == carried,
              Invariant.SLOTS_COUNTED,
              "worker "
                  + worker.id()
                  + " has "
                  + worker.inFlight()
                  + " slots taken and "
                  + carried
                  + " calls without an answer");
    }
    world
        .verdict()
        .expect(
            listed.equals(live.keySet()),
            Invariant.STATE_TABLE,
            "listed are " + listed + ", heard of were " + live.keySet());
  }

  /** Workers that are of no application yet, and workers of each application and revision. */
  void checkBounds(int unassignedAllowed, Map<String, Integer> allowed) {
    int unassigned = 0;
    int placeholders = 0;
    Map<String, Integer> assigned = new TreeMap<>();
    for (Known known : live.values()) {
      switch (known.state) {
        case REQUESTED, CONNECTED -> unassigned += known.returning ? 0 : 1;
        case INITIALIZING -> unassigned += known.returning ? 0 : 1;
        case PLACEHOLDER -> {
          placeholders++;
          unassigned += known.returning ? 0 : 1;
        }
        case SPECIALIZING, READY, SUSPECT ->
            assigned.merge(
                known.info.flatMap(WorkerInfo::application).orElseThrow()
                    + " "
                    + known.info.flatMap(WorkerInfo::revision).orElseThrow(),
                1,
                Integer::sum);
        default -> {}
      }
    }
    world
        .verdict()
        .expect(
            // Those that come back when others were asked for in their place are ended once ready.
            Math.max(unassigned, placeholders) <= unassignedAllowed,
            Invariant.WORKERS_BOUNDED,
            Math.max(unassigned, placeholders)
                + " workers are of no application (at most "
                + unassignedAllowed
                + ")");
    assigned.forEach(
        (whose, count) -> {
          int most = allowed.getOrDefault(whose.substring(0, whose.indexOf(' ')), 0);
          world
              .verdict()
              .expect(
                  count <= most,
                  Invariant.WORKERS_BOUNDED,
                  count + " workers serve " + whose + " (at most " + most + ")");
        });
  }

  /** That worker is told to become one of an application: nobody else is on his way back. */
  void onSpecializing(String worker) {
    Known specialized = live.get(new WorkerId(worker));
    String language =
        specialized == null ? "" : specialized.info.map(info -> info.stack().language()).orElse("");
    live.forEach(
        (id, known) ->
            world
                .verdict()
                .expect(
                    known.state != WorkerState.REQUESTED
                        || known.awaitedUntilNanos <= world.time().nanos()
                        || !known.language.equals(language),
                    Invariant.TAKEN_OVER,
                    "worker " + worker + " is specialized while " + id + " may come back"));
  }

  /** No worker of a revision that serves is left out of it. */
  void checkTakenOver(Collection<AppModel> apps) {
    claims.forEach(
        (id, claimed) -> {
          Known known = live.get(id);
          if (known != null && known.state == WorkerState.CONNECTED) {
            for (AppModel app : apps) {
              world
                  .verdict()
                  .expect(
                      !app.id().value().equals(claimed.application())
                          || app.current().value().isEmpty()
                          || !app.current().value().equals(claimed.revision()),
                      Invariant.TAKEN_OVER,
                      "worker " + id + " came back, and " + app + " serves without it");
            }
          }
        });
  }

  /** A READY worker of the application's revision that could take a call now. */
  Optional<WorkerId> free(AppModel app, AppRevision revision) {
    for (Map.Entry<WorkerId, Known> entry : live.entrySet()) {
      Known known = entry.getValue();
      String id = entry.getKey().value();
      if (known.state == WorkerState.READY
          && known.info.flatMap(WorkerInfo::application).filter(app.id()::equals).isPresent()
          && known.info.flatMap(WorkerInfo::revision).filter(revision::equals).isPresent()
          && !notWritable.contains(id)
          && inFlight.getOrDefault(id, Set.of()).size()
              < known.info.map(WorkerInfo::slots).orElse(0)) {
        return Optional.of(entry.getKey());
      }
    }
    return Optional.empty();
  }

  /** Workers in that state. */
  long count(WorkerState state) {
    return live.values().stream().filter(known -> known.state == state).count();
  }

  boolean isLive(WorkerId worker) {
    return live.containsKey(worker);
  }

  int live() {
    return live.size();
  }

  /** Calls that a stream has carried and no answer has come to. */
  int inFlight() {
    return inFlight.values().stream().mapToInt(Set::size).sum();
  }

  /** The most workers that there were at one time. */
  int most() {
    return most;
  }
}
