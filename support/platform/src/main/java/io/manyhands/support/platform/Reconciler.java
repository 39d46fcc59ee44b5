/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.platform;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns what happens on a platform: by a watch, and by comparing at intervals what runs with what
 * should, since a watch can break, or die without a word. A watch that missed what a comparison
 * found is replaced. Thread-safe.
 */
final class Reconciler {
  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final int MOST_DOUBLINGS = 6;

  /** What is to be compared with. */
  interface Fleet {
    void ended(String key, Ending ending);

    /**
     * Compares.
     *
     * @param round of the list
     * @return whether there was anything that nobody had told of
     */
    boolean compare(List<Instance> listed, long round);
  }

  private final PlatformOptions options;
  private final Platform platform;
  private final Calls calls;
  private final Fleet fleet;
  private final AtomicLong round = new AtomicLong();
  private @Nullable AutoCloseable watch;
  private long watchNumber;
  private int breaks;
  private boolean running;
  private boolean again;
  private boolean unreachable;
  private boolean closed;

  Reconciler(PlatformOptions options, Platform platform, Calls calls, Fleet fleet) {
    this.options = options;
    this.platform = platform;
    this.calls = calls;
    this.fleet = fleet;
  }

  /** The round of comparison that runs or was the last. */
  long round() {
    return round.get();
  }

  /** Opens the watch and compares from now on. Blocks. */
  void start() {
    openWatch();
    compare();
    tick();
  }

  /** Compares soon. */
  void soon() {
    synchronized (this) {
      if (closed) {
        return;
      }
      if (running) {
        again = true;
        return;
      }
      running = true;
    }
    calls.urgent(this::run);
  }

  void close() {
    AutoCloseable open;
    synchronized (this) {
      closed = true;
      open = watch;
      watch = null;
    }
    if (open != null) {
      Output.closeQuietly(open);
    }
  }

  private void tick() {
    calls.later(
        options.resync(),
        () -> {
          soon();
          tick();
        });
  }

  private void run() {
    try {
      compare();
    } finally {
      boolean once;
      synchronized (this) {
        running = false;
        once = again;
        again = false;
      }
      if (once) {
        soon();
      }
    }
  }

  private void compare() {
    long now = round.incrementAndGet();
    List<Instance> listed;
    try {
      listed = platform.list();
      unreachable = false;
    } catch (PlatformException | RuntimeException e) {
      if (!unreachable) {
        LOG.warn("provisioner {} cannot ask what runs: {}", options.name(), e.getMessage());
      }
      unreachable = true;
      return;
    }
    if (fleet.compare(listed, now)) {
      LOG.info("provisioner {}: a watch missed what a comparison found", options.name());
      openWatch();
    }
  }

  private void openWatch() {
    long number;
    AutoCloseable old;
    synchronized (this) {
      if (closed) {
        return;
      }
      number = ++watchNumber;
      old = watch;
      watch = null;
    }
    if (old != null) {
      Output.closeQuietly(old);
    }
    try {
      Optional<AutoCloseable> opened = platform.watch(new Watching(number));
      boolean late;
      synchronized (this) {
        late = closed || number != watchNumber;
        if (!late) {
          watch = opened.orElse(null);
        }
      }
      if (late) {
        opened.ifPresent(Output::closeQuietly);
      }
    } catch (PlatformException | RuntimeException e) {
      broken(number, String.valueOf(e.getMessage()));
    }
  }

  private void broken(long number, String why) {
    int doublings;
    synchronized (this) {
      if (closed || number != watchNumber) {
        return;
      }
      watchNumber++;
      doublings = Math.min(breaks++, MOST_DOUBLINGS);
    }
    LOG.info("provisioner {}: its watch broke and is opened again: {}", options.name(), why);
    calls.later(
        FIRST_PAUSE.multipliedBy(1L << doublings),
        () ->
            calls.urgent(
                () -> {
                  openWatch();
                  compare();
                }));
  }

  private final class Watching implements Platform.Watcher {
    private final long number;

    Watching(long number) {
      this.number = number;
    }

    @Override
    public void ended(String key, Ending ending) {
      synchronized (Reconciler.this) {
        breaks = 0;
      }
      fleet.ended(key, ending);
    }

    @Override
    public void broken(String why) {
      Reconciler.this.broken(number, why);
    }
  }
}
