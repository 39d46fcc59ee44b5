/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.api.worker.WorkerStack;
import io.manyhands.core.placement.PlacedWorker.Kind;
import io.manyhands.spi.time.Scheduler;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything of one language that is not an application's: placeholders, workers on their way, what
 * the pool should hold, and the applications that wait. On the placement strand.
 */
final class LanguagePool implements Comparable<LanguagePool> {
  /** What a missing worker is for, the most urgent first. */
  enum Level {
    FIRST_WORKER,
    FURTHER_WORKER,
    POOL
  }

  /**
   * What is missing and what is too much.
   *
   * @param missing workers that nothing on its way covers
   * @param spare placeholders that nothing needs, by their stack
   */
  record Balance(Map<Level, Map<WorkerStack, Integer>> missing, Map<WorkerStack, Integer> spare) {}

  private final String language;
  private final Waiting waiting = new Waiting();
  private final Waiting dedicated = new Waiting();
  private final Set<AppPlacement> newcomers = new LinkedHashSet<>();
  private final Map<WorkerStack, Integer> targets = new TreeMap<>();
  private final Map<WorkerStack, Integer> starting = new TreeMap<>();
  private final Map<WorkerStack, Shelf> shelves = new TreeMap<>();
  private final PoolDemand demand = new PoolDemand();
  private int returning;
  private String problem = "";
  private Scheduler.@Nullable Cancellable wake;

  /** Placeholders of one stack, by kind, each by age. */
  private static final class Shelf {
    private final Map<Kind, TreeSet<PlacedWorker>> kinds = new LinkedHashMap<>();
    private int size;
  }

  LanguagePool(String language) {
    this.language = language;
  }

  /** Those that take a placeholder. */
  Waiting waiting() {
    return waiting;
  }

  /** Those for which a worker is started. */
  Waiting dedicated() {
    return dedicated;
  }

  /** Those that began to wait since the last settlement. */
  Set<AppPlacement> newcomers() {
    return newcomers;
  }

  /** Sets how many placeholders of a stack there should be. */
  void target(WorkerStack stack, int count) {
    targets.put(stack, count);
  }

  Map<WorkerStack, Integer> targets() {
    return targets;
  }

  /** Claims by stack, for the pool policy. */
  PoolDemand demand() {
    return demand;
  }

  /** The last reason why no worker came up, for people. */
  String problem() {
    return problem;
  }

  /** True where it is another than before. */
  boolean problem(String why) {
    boolean news = !problem.equals(why);
    problem = why;
    return news;
  }

  /** The timer that settles it again, while it waits for something to pass. */
  void wake(Scheduler.@Nullable Cancellable timer) {
    Scheduler.Cancellable armed = wake;
    if (armed != null) {
      armed.cancel();
    }
    wake = timer;
  }

  boolean hasTimer() {
    return wake != null;
  }

  // ---- what is there

  void addStarting(PlacedWorker worker) {
    starting.merge(worker.session().requestedStack(), 1, Integer::sum);
  }

  void removeStarting(PlacedWorker worker) {
    starting.computeIfPresent(
        worker.session().requestedStack(), (stack, count) -> count == 1 ? null : count - 1);
  }

  void addReturning(PlacedWorker worker) {
    returning++;
    addStarting(worker);
  }

  void removeReturning(PlacedWorker worker) {
    returning--;
    removeStarting(worker);
  }

  /** True while workers may come back that are applications' already. */
  boolean waitsForReturns() {
    return returning > 0;
  }

  void addPlaceholder(PlacedWorker worker) {
    Kind kind = new Kind(worker.session().stack(), worker.session().info().labels());
    worker.kind(kind);
    Shelf shelf = shelves.computeIfAbsent(kind.stack(), stack -> new Shelf());
    shelf.kinds.computeIfAbsent(kind, key -> new TreeSet<>(PlacedWorker.BY_AGE)).add(worker);
    shelf.size++;
  }

  void removePlaceholder(PlacedWorker worker) {
    Kind kind = worker.kind();
    if (kind == null) {
      return;
    }
    Shelf shelf = shelves.get(kind.stack());
    TreeSet<PlacedWorker> alike = shelf == null ? null : shelf.kinds.get(kind);
    if (shelf == null || alike == null || !alike.remove(worker)) {
      return;
    }
    worker.kind(null);
    shelf.size--;
    if (alike.isEmpty()) {
      shelf.kinds.remove(kind);
    }
    if (shelf.size == 0) {
      shelves.remove(kind.stack());
    }
  }

  int placeholders() {
    return shelves.values().stream().mapToInt(shelf -> shelf.size).sum();
  }

  int placeholders(WorkerStack stack) {
    return shelves.entrySet().stream()
        .filter(entry -> stack.acceptsWorkerOf(entry.getKey()))
        .mapToInt(entry -> entry.getValue().size)
        .sum();
  }

  /** Stacks of which there are placeholders. */
  List<WorkerStack> shelved() {
    return List.copyOf(shelves.keySet());
  }

  /** The oldest of each kind whose stack serves the need: all that a policy can tell apart. */
  List<PlacedWorker> candidates(WorkerStack need) {
    List<PlacedWorker> oldest = new ArrayList<>();
    shelves.forEach(
        (stack, shelf) -> {
          if (need.acceptsWorkerOf(stack)) {
            shelf.kinds.values().forEach(alike -> oldest.add(alike.first()));
          }
        });
    return oldest;
  }

  /** The youngest placeholder of a stack that this Runtime may end. */
  Optional<PlacedWorker> youngest(WorkerStack stack) {
    Shelf shelf = shelves.get(stack);
    return shelf == null
        ? Optional.empty()
        : shelf.kinds.values().stream()
            .map(TreeSet::last)
            .filter(worker -> worker.ours() && !worker.ending())
            .max(PlacedWorker.BY_AGE);
  }

  // ---- what is missing

  /** Compares needs with what is there and on its way; the most urgent need is covered first. */
  Balance balance() {
    Map<WorkerStack, Integer> here = new TreeMap<>();
    shelves.forEach((stack, shelf) -> here.put(stack, shelf.size));
    Map<WorkerStack, Integer> coming = new TreeMap<>(starting);
    Map<Level, Map<WorkerStack, Integer>> missing = new EnumMap<>(Level.class);
    missing.put(Level.FIRST_WORKER, uncovered(waiting.firsts(), here, coming));
    missing.put(Level.FURTHER_WORKER, uncovered(waiting.further(), here, coming));
    missing.put(Level.POOL, uncovered(targets, here, coming));
    return new Balance(missing, here);
  }

  private static Map<WorkerStack, Integer> uncovered(
      Map<WorkerStack, Integer> needs,
      Map<WorkerStack, Integer> here,
      Map<WorkerStack, Integer> coming) {
    Map<WorkerStack, Integer> missing = new TreeMap<>();
    // Those that are particular choose before those that take any version.
    List<WorkerStack> order = new ArrayList<>(needs.keySet());
    order.sort(Comparator.comparing((WorkerStack stack) -> -stack.version().length()));
    for (WorkerStack need : order) {
      int left = take(need, needs.getOrDefault(need, 0), here);
      left = take(need, left, coming);
      if (left > 0) {
        missing.put(need, left);
      }
    }
    return missing;
  }

  private static int take(WorkerStack need, int wanted, Map<WorkerStack, Integer> supply) {
    int left = wanted;
    for (Map.Entry<WorkerStack, Integer> entry : supply.entrySet()) {
      if (left > 0 && need.acceptsWorkerOf(entry.getKey())) {
        int taken = Math.min(left, entry.getValue());
        left -= taken;
        entry.setValue(entry.getValue() - taken);
      }
    }
    return left;
  }

  @Override
  public int compareTo(LanguagePool other) {
    return language.compareTo(other.language);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LanguagePool pool && pool.language.equals(language);
  }

  @Override
  public int hashCode() {
    return language.hashCode();
  }

  @Override
  public String toString() {
    return language;
  }
}
