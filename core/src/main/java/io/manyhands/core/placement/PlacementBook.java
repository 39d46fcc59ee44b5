/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.TenantId;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.core.limits.FairTickets;
import io.manyhands.core.placement.PlacedWorker.Phase;
import io.manyhands.core.session.WorkerSession;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What there is and who waits, filed so that a change costs what it changes: workers by id,
 * placeholders and waiting applications by language and stack, applications by what they could give
 * away. On the placement strand.
 */
final class PlacementBook {
  private final Map<WorkerId, PlacedWorker> workers = new LinkedHashMap<>();
  private final TreeMap<String, LanguagePool> pools = new TreeMap<>();
  private final TreeSet<LanguagePool> changed = new TreeSet<>();
  private final TreeSet<LanguagePool> starved = new TreeSet<>();
  private final Map<ApplicationId, Set<AppPlacement>> revisions = new HashMap<>();
  private final TreeSet<TenantId> relieved = new TreeSet<>(Comparator.comparing(TenantId::value));
  private final Tenants tenants;
  private final Givers givers = new Givers();
  private final int maximum;
  private long numbers;
  private final FairTickets<TenantId> tickets;
  private int ending;

  /**
   * @param maximum workers that there may be
   * @param tenantMaximum workers that the applications of one tenant may have
   * @param weights shares of tenants in what all wait for
   */
  PlacementBook(int maximum, int tenantMaximum, ToIntFunction<TenantId> weights) {
    this.maximum = maximum;
    this.tenants = new Tenants(tenantMaximum);
    this.tickets = new FairTickets<>(weights);
  }

  Tenants tenants() {
    return tenants;
  }

  /** Those of the whole Runtime that could give a worker away. */
  Givers givers() {
    return givers;
  }

  int maximum() {
    return maximum;
  }

  int room() {
    return maximum - workers.size();
  }

  int size() {
    return workers.size();
  }

  /** Workers that have been told to end and are there still. */
  int ending() {
    return ending;
  }

  LanguagePool pool(String language) {
    return pools.computeIfAbsent(language, LanguagePool::new);
  }

  Collection<LanguagePool> pools() {
    return pools.values();
  }

  /** Marks a language for the next settlement. */
  void touch(LanguagePool pool) {
    changed.add(pool);
  }

  /** It is to be settled again as soon as there is room. */
  void starve(LanguagePool pool) {
    starved.add(pool);
  }

  /** The languages that have changed since the last call. */
  List<LanguagePool> takeChanged() {
    List<LanguagePool> taken = List.copyOf(changed);
    changed.clear();
    return taken;
  }

  // ---- workers

  @Nullable PlacedWorker find(WorkerId id) {
    return workers.get(id);
  }

  Collection<PlacedWorker> workers() {
    return workers.values();
  }

  /**
   * Takes a worker up.
   *
   * @param gate of its start; null where it came unasked
   */
  PlacedWorker add(WorkerSession session, boolean ours, @Nullable StartGate gate, long now) {
    PlacedWorker worker = new PlacedWorker(session, numbers++, ours, gate, now);
    workers.put(session.id(), worker);
    file(worker);
    return worker;
  }

  /** Gives a worker to an application, or, with null, back to those of none. */
  void assign(PlacedWorker worker, @Nullable AppPlacement application, long now) {
    unfile(worker);
    worker.application(application, now);
    worker.phase(Phase.of(worker.session().state(), application != null));
    if (application != null && worker.phase() == Phase.STARTING) {
      worker.phase(Phase.BECOMING);
    }
    file(worker);
  }

  void move(PlacedWorker worker, Phase next) {
    if (worker.phase() == next) {
      return;
    }
    unfile(worker);
    worker.phase(next);
    file(worker);
  }

  /** It was told to end: from now on it counts for nothing but the room that it takes. */
  void end(PlacedWorker worker) {
    if (worker.end()) {
      ending++;
    }
    move(worker, Phase.LEAVING);
  }

  void remove(PlacedWorker worker) {
    unfile(worker);
    worker.phase(Phase.GONE);
    workers.remove(worker.session().id());
    changed.addAll(starved);
    starved.clear();
    if (worker.ending()) {
      ending--;
    }
  }

  private void file(PlacedWorker worker) {
    AppPlacement application = worker.application();
    if (application != null) {
      application.add(worker);
    }
    LanguagePool pool = pool(worker.session().requestedStack().language());
    switch (worker.phase()) {
      case STARTING -> pool.addStarting(worker);
      case RETURNING -> pool.addReturning(worker);
      case PLACEHOLDER -> pool.addPlaceholder(worker);
      case BECOMING, SERVING, DOUBTFUL, AWAY -> count(application, 1);
      default -> {}
    }
    changed.add(pool);
  }

  private void unfile(PlacedWorker worker) {
    AppPlacement application = worker.application();
    if (application != null) {
      application.remove(worker);
    }
    LanguagePool pool = pool(worker.session().requestedStack().language());
    switch (worker.phase()) {
      case STARTING -> pool.removeStarting(worker);
      case RETURNING -> pool.removeReturning(worker);
      case PLACEHOLDER -> pool.removePlaceholder(worker);
      case BECOMING, SERVING, DOUBTFUL, AWAY -> count(application, -1);
      default -> {}
    }
    changed.add(pool);
  }

  private void count(@Nullable AppPlacement application, int more) {
    if (application != null) {
      if (more < 0) {
        relieved.add(application.tenant());
      }
      tenants.count(application.tenant(), more);
      refile(application);
    }
  }

  // ---- applications

  void open(AppPlacement application) {
    revisions
        .computeIfAbsent(application.target().application(), id -> new LinkedHashSet<>())
        .add(application);
  }

  void close(AppPlacement application) {
    ApplicationId id = application.target().application();
    Set<AppPlacement> known = revisions.get(id);
    if (known != null && known.remove(application) && known.isEmpty()) {
      revisions.remove(id);
    }
    withdraw(application);
    refile(application);
  }

  /** Nothing is to be settled again. */
  void cancelTimers() {
    pools.values().forEach(pool -> pool.wake(null));
    for (Set<AppPlacement> applications : revisions.values()) {
      for (AppPlacement application : applications) {
        application.wake(null);
        application.patience(null);
      }
    }
  }

  /** Its limits or its idleness have changed. */
  void refile(AppPlacement application) {
    givers.file(application);
    tenants.file(application);
  }

  /** It waits for workers no longer. */
  void withdraw(AppPlacement application) {
    Claim claim = application.claim();
    LanguagePool pool = pool(application.stack().language());
    if (pool.waiting().remove(claim) || pool.dedicated().remove(claim)) {
      tenants.unreserve(claim);
      changed.add(pool);
    }
    tenants.unblock(claim);
    if (application.isClosed()) {
      claim.over().ifPresent(ticket -> tickets.giveBack(application.tenant(), ticket));
    }
  }

  /** It got a worker that it waited for. */
  void served(AppPlacement application) {
    withdraw(application);
    application.claim().over().ifPresent(tickets::served);
  }

  /**
   * It waits for so many workers, as far as its tenant may have them. False where it may not.
   *
   * @param dedicated true where they are started for it
   */
  boolean claim(AppPlacement application, int missing, boolean dedicated) {
    Claim claim = application.claim();
    withdraw(application);
    int room = Math.max(tenants.room(application.tenant()), replacesAnother(application) ? 1 : 0);
    if (room <= 0) {
      claim.note(missing, () -> tickets.draw(application.tenant()));
      tenants.block(claim);
      return false;
    }
    claim.note(Math.min(missing, room), () -> tickets.draw(application.tenant()));
    LanguagePool pool = pool(application.stack().language());
    (dedicated ? pool.dedicated() : pool.waiting()).add(claim);
    if (!dedicated) {
      pool.newcomers().add(application);
    }
    tenants.reserve(claim);
    changed.add(pool);
    return true;
  }

  /** The first worker of a new revision may come before the old one's leave. */
  private boolean replacesAnother(AppPlacement application) {
    return application.hasNone()
        && revisions.getOrDefault(application.target().application(), Set.of()).stream()
            .anyMatch(other -> other != application && other.counted() > 0);
  }

  /** An application that its tenant's maximum held back and holds back no longer, if any. */
  Optional<AppPlacement> unblocked() {
    while (!relieved.isEmpty()) {
      Optional<AppPlacement> next = tenants.next(relieved.first());
      if (next.isPresent()) {
        return next;
      }
      relieved.pollFirst();
    }
    return Optional.empty();
  }
}
