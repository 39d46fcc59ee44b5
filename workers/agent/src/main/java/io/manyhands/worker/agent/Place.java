/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A place for one worker at a time, and the rule by which the next follows. On the loop. */
final class Place {
  private static final Logger LOG = LoggerFactory.getLogger(Place.class);

  /** The pause after the first worker that did not last. */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

  private static final int MOST_DOUBLINGS = 10;

  private final AgentContext context;
  private final WorkerPlan plan;
  private final Supplier<Optional<Passport>> passports;
  private final Restart restart;
  private final String name;
  private final Consumer<WorkerLife.Ending> onEmpty;
  private @Nullable WorkerLife life;
  private long startedAt;
  private int generation;
  private int shortLives;
  private boolean leaving;

  /** When the next worker is started. */
  enum Restart {
    NEVER,
    ON_FAILURE,
    ALWAYS
  }

  /**
   * @param passports what the next worker presents; empty where there is none left
   * @param onEmpty told once, when no worker follows
   */
  Place(
      AgentContext context,
      WorkerPlan plan,
      Supplier<Optional<Passport>> passports,
      Restart restart,
      String name,
      Consumer<WorkerLife.Ending> onEmpty) {
    this.context = context;
    this.plan = plan;
    this.passports = passports;
    this.restart = restart;
    this.name = name;
    this.onEmpty = onEmpty;
  }

  void start() {
    next(new WorkerLife.Ending(false, "nobody issued it a worker id"));
  }

  void leave(String reason) {
    leaving = true;
    WorkerLife current = life;
    if (current != null) {
      current.leave(reason);
    } else {
      onEmpty.accept(new WorkerLife.Ending(true, reason));
    }
  }

  void abandon(String reason) {
    leaving = true;
    WorkerLife current = life;
    if (current != null) {
      current.abandon(reason);
    }
  }

  private void next(WorkerLife.Ending last) {
    if (leaving) {
      return;
    }
    Optional<Passport> passport = passports.get();
    if (passport.isEmpty()) {
      onEmpty.accept(last);
      return;
    }
    startedAt = System.nanoTime();
    WorkerLife starting =
        new WorkerLife(context, plan, passport.get(), name + "#" + ++generation, this::ended);
    life = starting;
    starting.start();
  }

  private void ended(WorkerLife.Ending ending) {
    life = null;
    boolean another =
        switch (restart) {
          case NEVER -> false;
          case ON_FAILURE -> !ending.orderly();
          case ALWAYS -> true;
        };
    if (leaving || !another) {
      onEmpty.accept(ending);
      return;
    }
    Duration interval = plan.timing().restartInterval();
    boolean lasted = System.nanoTime() - startedAt > interval.toNanos();
    shortLives = lasted || ending.orderly() ? 0 : Math.min(MOST_DOUBLINGS, shortLives + 1);
    long pause =
        shortLives == 0
            ? 0
            : Math.min(interval.toNanos(), FIRST_PAUSE.toNanos() << (shortLives - 1));
    long jittered = pause == 0 ? 0 : pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2);
    LOG.info("{}: the next worker starts in {} ms", name, jittered / 1_000_000);
    context.loop().schedule(() -> next(ending), jittered, TimeUnit.NANOSECONDS);
  }
}
