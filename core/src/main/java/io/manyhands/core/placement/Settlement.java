/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.core.placement.LanguagePool.Level;
import io.manyhands.core.session.WorkerSession;
import io.manyhands.spi.policy.AssignmentPolicy;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.StackInfo;
import io.manyhands.spi.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Meets what is waited for with what is there, asks for what is missing, lets go of what is too
 * much: for the languages that have changed. May run at any time and twice. On the placement
 * strand.
 */
final class Settlement {
  private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);
  private static final long UNKNOWN_NANOS = Duration.ofSeconds(30).toNanos();

  /** What it leaves to placement. */
  interface Hands {
    /** The worker was given to the application: tells it to become its. */
    void specialize(AppPlacement application, PlacedWorker worker, String reason);

    /** The worker is started for the application. */
    void start(AppPlacement application, PlacedWorker worker);

    /** Files the application's claim anew. */
    void refresh(AppPlacement application);

    /** Ends a worker. */
    void end(PlacedWorker worker, String reason);

    /** Whoever waits for the application's workers is told. */
    void tell(AppPlacement application, ManyhandsException why);

    /** Settles the language again after that time. */
    void later(LanguagePool pool, long nanos);
  }

  private final PlacementBook book;
  private final WorkerRequests requests;
  private final AssignmentPolicy policy;
  private final Ticker ticker;
  private final Hands hands;
  private final Metrics metrics;
  private int denied;

  Settlement(
      PlacementBook book,
      WorkerRequests requests,
      AssignmentPolicy policy,
      Ticker ticker,
      Hands hands,
      Metrics metrics) {
    this.book = book;
    this.requests = requests;
    this.policy = policy;
    this.ticker = ticker;
    this.hands = hands;
    this.metrics = metrics;
  }

  void settle(List<LanguagePool> pools) {
    denied = 0;
    Map<LanguagePool, LanguagePool.Balance> balances = new LinkedHashMap<>();
    for (LanguagePool pool : pools) {
      assign(pool);
      balances.put(pool, pool.balance());
    }
    for (Level level : Level.values()) {
      balances.forEach(
          (pool, balance) -> {
            balance
                .missing()
                .getOrDefault(level, Map.of())
                .forEach((stack, count) -> ask(pool, level, stack, count));
            if (level != Level.POOL && !pool.waitsForReturns()) {
              startDedicated(pool, level == Level.FIRST_WORKER);
            }
          });
    }
    balances.forEach(
        (pool, balance) -> balance.spare().forEach((stack, count) -> trim(pool, stack, count)));
    relieve();
  }

  // ---- placeholders to applications

  private void assign(LanguagePool pool) {
    if (pool.waitsForReturns()) {
      return;
    }
    List<Claim> declined = new ArrayList<>();
    for (WorkerStack shelf : pool.shelved()) {
      Optional<Claim> next = pool.waiting().headServedBy(shelf);
      while (next.isPresent() && pool.placeholders(shelf) > 0) {
        Claim claim = next.get();
        if (!give(pool, claim.application())) {
          pool.waiting().remove(claim);
          declined.add(claim);
        }
        next = pool.waiting().headServedBy(shelf);
      }
    }
    declined.forEach(pool.waiting()::add);
    for (AppPlacement newcomer : pool.newcomers()) {
      if (newcomer.deficit() > 0 && newcomer.miss()) {
        metrics.counter("placement.placeholder.misses").increment();
        pool.demand().missed(newcomer.stack());
      }
    }
    pool.newcomers().clear();
  }

  private boolean give(LanguagePool pool, AppPlacement application) {
    List<PlacedWorker> candidates = pool.candidates(application.stack());
    List<WorkerInfo> infos = candidates.stream().map(worker -> worker.session().info()).toList();
    metrics.counter("placement.examined").add(candidates.size() + 1);
    AssignmentPolicy.Choice choice = choose(application, infos);
    if (choice == null) {
      return false;
    }
    PlacedWorker chosen = null;
    for (PlacedWorker candidate : candidates) {
      if (candidate.session().id().equals(choice.worker().id())) {
        chosen = candidate;
      }
    }
    if (chosen == null) {
      LOG.warn(
          "{}: the assignment policy chose {}, which was not offered",
          application,
          choice.worker().id());
      return false;
    }
    metrics.counter("placement.placeholder.hits").increment();
    pool.demand().hit(application.stack());
    book.assign(chosen, application, ticker.nanos());
    book.served(application);
    hands.specialize(application, chosen, choice.reason());
    hands.refresh(application);
    return true;
  }

  private AssignmentPolicy.@Nullable Choice choose(
      AppPlacement application, List<WorkerInfo> candidates) {
    if (candidates.isEmpty()) {
      return null;
    }
    List<WorkerInfo> current =
        application.placed().stream().map(worker -> worker.session().info()).toList();
    metrics.counter("placement.examined").add(current.size());
    try {
      return policy
          .choose(
              new AssignmentPolicy.Need(
                  application.target().application(), application.stack(), current),
              candidates)
          .orElse(null);
    } catch (RuntimeException e) {
      LOG.warn("{}: the assignment policy failed; it gets the first placeholder", application, e);
      return new AssignmentPolicy.Choice(
          candidates.get(0), "the first at hand, because the policy failed");
    }
  }

  // ---- requests

  private void ask(LanguagePool pool, Level level, WorkerStack stack, int count) {
    for (int index = 0; index < count; index++) {
      if (book.room() <= 0) {
        deny(pool, level, count - index);
        return;
      }
      Provisioners.Offer offer = offer(pool, stack);
      if (offer == null || offer.source() == null) {
        return;
      }
      WorkerSession session = requests.prepare(offer.source(), stack);
      book.add(session, true, asked(offer), ticker.nanos());
      session.awaitStart();
      requests.request(offer.source(), session, Optional.empty());
    }
  }

  /** Starts what waits for workers of its own: first workers, or further ones. */
  private void startDedicated(LanguagePool pool, boolean firsts) {
    for (WorkerStack stack : pool.dedicated().stacks()) {
      Claim claim = pool.dedicated().head(stack);
      while (claim != null && claim.none() == firsts) {
        if (book.room() <= 0) {
          deny(pool, firsts ? Level.FIRST_WORKER : Level.FURTHER_WORKER, 1);
          return;
        }
        Provisioners.Offer offer = offer(pool, stack);
        if (offer == null || offer.source() == null) {
          break;
        }
        start(claim.application(), offer);
        claim = pool.dedicated().head(stack);
      }
    }
  }

  private void start(AppPlacement application, Provisioners.Offer offer) {
    Provisioners.Source source = java.util.Objects.requireNonNull(offer.source());
    WorkerSession session = requests.prepare(source, application.stack());
    long now = ticker.nanos();
    PlacedWorker worker = book.add(session, true, asked(offer), now);
    book.assign(worker, application, now);
    book.served(application);
    hands.start(application, worker);
    requests.request(
        source,
        session,
        Optional.of(
            new ProvisionRequest.Target(
                application.target().application(),
                application.target().tenant(),
                application.target().directory(),
                application.target().environment())));
    hands.refresh(application);
  }

  private static @Nullable StartGate asked(Provisioners.Offer offer) {
    StartGate gate = offer.gate();
    if (gate != null) {
      gate.asked();
    }
    return gate;
  }

  /** Null where nobody delivers the stack; who waits for it is told. */
  private Provisioners.@Nullable Offer offer(LanguagePool pool, WorkerStack stack) {
    try {
      Provisioners.Offer offer = requests.provisioners().offer(stack, ticker.nanos());
      if (offer.source() == null && offer.waitNanos() > 0) {
        hands.later(pool, offer.waitNanos());
      }
      return offer;
    } catch (ManyhandsException e) {
      if (pool.problem(String.valueOf(e.getMessage()))) {
        LOG.warn("{}", e.getMessage());
      }
      giveUp(pool, stack, e);
      hands.later(pool, UNKNOWN_NANOS);
      return null;
    }
  }

  /** It cannot help to try again: who has no worker of the stack waits no longer. */
  void giveUp(LanguagePool pool, WorkerStack stack, ManyhandsException why) {
    List<Claim> claims = new ArrayList<>(pool.waiting().firstsOf(stack));
    claims.addAll(pool.dedicated().firstsOf(stack));
    for (Claim claim : claims) {
      claim.application().resize(0);
      hands.tell(claim.application(), why);
      hands.refresh(claim.application());
    }
  }

  // ---- too much, or no room

  private void trim(LanguagePool pool, WorkerStack stack, int count) {
    for (int index = 0; index < count; index++) {
      Optional<PlacedWorker> surplus = pool.youngest(stack);
      if (surplus.isEmpty()) {
        return;
      }
      hands.end(surplus.get(), "more placeholders than wanted");
    }
  }

  private void deny(LanguagePool pool, Level level, int count) {
    metrics.counter("placement.denied").increment();
    book.starve(pool);
    if (level == Level.FIRST_WORKER) {
      denied += count;
    }
  }

  /**
   * First workers go before everything else: where there is no room for them a placeholder of
   * another kind goes, else the workers of an application that is idle, else one of those with the
   * most.
   */
  private void relieve() {
    while (denied > book.ending() && relieveOnce()) {
      metrics.counter("placement.relieved").increment();
    }
  }

  private boolean relieveOnce() {
    Optional<PlacedWorker> placeholder =
        book.pools().stream()
            .max(Comparator.comparingInt(LanguagePool::placeholders))
            .flatMap(
                pool ->
                    pool.shelved().stream()
                        .map(pool::youngest)
                        .flatMap(Optional::stream)
                        .findFirst());
    if (placeholder.isPresent()) {
      hands.end(placeholder.get(), "there is no room for an application's first worker");
      return true;
    }
    return take(book.givers());
  }

  /** Takes a worker from an application that can give one away. */
  boolean take(Givers givers) {
    Optional<AppPlacement> idle = givers.idle();
    if (idle.isPresent()) {
      if (idle.get().workers().waitingCalls() > 0) {
        idle.get().idle(false);
        book.refile(idle.get());
        return take(givers);
      }
      idle.get().resize(0);
      hands.refresh(idle.get());
      return true;
    }
    Optional<PlacedWorker> least = givers.largest().flatMap(AppPlacement::leastNeeded);
    least.ifPresent(worker -> hands.end(worker, "another application has none"));
    return least.isPresent();
  }

  /** Why an application has no worker, for people. */
  String whyNone(AppPlacement application, LanguagePool pool) {
    if (book.tenants().room(application.tenant()) <= 0) {
      return "tenant "
          + application.tenant()
          + " has all of its "
          + book.tenants().maximum()
          + " workers";
    }
    if (book.room() <= 0) {
      return "the Runtime has all of its " + book.maximum() + " workers";
    }
    if (requests
        .provisioners()
        .supply(application.stack())
        .filter(supply -> supply == StackInfo.Supply.UNASKED)
        .isPresent()) {
      return "no worker of "
          + application.stack()
          + " has dialled in, and nobody starts them on request";
    }
    return pool.problem().isEmpty() ? "none has come up" : pool.problem();
  }

  static ManyhandsException noWorker(AppPlacement application, Duration waited, String why) {
    return new ManyhandsException(
        ErrorCode.NO_WORKER,
        "application "
            + application.target().application()
            + ": no worker within "
            + waited
            + ": "
            + why);
  }
}
