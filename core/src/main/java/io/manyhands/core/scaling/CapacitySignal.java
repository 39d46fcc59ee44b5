/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.scaling;

import io.manyhands.api.CapacityListener;
import io.manyhands.api.RuntimeCapacity;
import io.manyhands.core.concurrent.Strand;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much more the Runtime takes, published anew with each change. Thread-safe; its lock is held
 * for arithmetic alone.
 */
public final class CapacitySignal {
  private static final Logger LOG = LoggerFactory.getLogger(CapacitySignal.class);

  private final int maximumJobHosts;
  private final int maximumWorkers;
  private final Executor callbacks;
  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
  private int jobHosts;
  private int workers;
  private boolean open;
  private boolean withdrawn;
  private volatile RuntimeCapacity capacity = RuntimeCapacity.none(0);

  /** A listener with what it was told last, on its strand. */
  private static final class Subscription {
    private final CapacityListener listener;
    private final Strand strand;
    private long told = -1;

    Subscription(CapacityListener listener, Strand strand) {
      this.listener = listener;
      this.strand = strand;
    }
  }

  public CapacitySignal(int maximumJobHosts, int maximumWorkers, Executor callbacks) {
    this.maximumJobHosts = maximumJobHosts;
    this.maximumWorkers = maximumWorkers;
    this.callbacks = callbacks;
  }

  public RuntimeCapacity capacity() {
    return capacity;
  }

  public AutoCloseable addListener(CapacityListener listener) {
    Subscription subscription =
        new Subscription(listener, new Strand(callbacks, "capacity listener"));
    subscriptions.add(subscription);
    subscription.strand.execute(() -> tell(subscription));
    return () -> subscriptions.remove(subscription);
  }

  /** The number has changed; it is asked for in the order of the revisions. */
  public void onJobHosts(IntSupplier count) {
    synchronized (this) {
      jobHosts = count.getAsInt();
    }
    publish();
  }

  public void onWorkers(int count) {
    synchronized (this) {
      workers = count;
    }
    publish();
  }

  /** The Runtime takes work from now on, unless it has withdrawn before. */
  public void open() {
    synchronized (this) {
      open = !withdrawn;
    }
    publish();
  }

  /** It takes nothing any more; completes when every listener has been told. */
  public CompletableFuture<Void> withdraw() {
    synchronized (this) {
      open = false;
      withdrawn = true;
    }
    return publish();
  }

  private CompletableFuture<Void> publish() {
    synchronized (this) {
      int takesHosts = open ? Math.max(0, maximumJobHosts - jobHosts) : 0;
      int takesWorkers = open ? Math.max(0, maximumWorkers - workers) : 0;
      RuntimeCapacity now = capacity;
      if (now.jobHosts() != takesHosts || now.workers() != takesWorkers) {
        capacity = new RuntimeCapacity(now.revision() + 1, takesHosts, takesWorkers);
      }
    }
    CompletableFuture<?>[] told =
        subscriptions.stream()
            .map(
                subscription -> {
                  CompletableFuture<Void> done = new CompletableFuture<>();
                  subscription.strand.execute(
                      () -> {
                        tell(subscription);
                        done.complete(null);
                      });
                  return done;
                })
            .toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(told);
  }

  private void tell(Subscription subscription) {
    RuntimeCapacity now = capacity;
    if (now.revision() == subscription.told) {
      return;
    }
    subscription.told = now.revision();
    try {
      subscription.listener.onCapacity(now);
    } catch (RuntimeException e) {
      LOG.warn("capacity listener {} failed", subscription.listener.getClass().getName(), e);
    }
  }
}
