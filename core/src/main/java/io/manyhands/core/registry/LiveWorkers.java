/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.registry;

import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerInfo;
import io.manyhands.api.worker.WorkerListener;
import io.manyhands.api.worker.WorkerRegistry;
import io.manyhands.api.worker.WorkerState;
import io.manyhands.core.concurrent.Strand;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.core.session.SessionObserver;
import io.manyhands.core.session.WorkerSession;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All sessions that are not GONE, by worker id; passes their news on to the rooms that subscribed
 * and to the embedder's listeners. Thread-safe.
 */
public final class LiveWorkers implements WorkerRegistry, SessionObserver {
  private static final Logger LOG = LoggerFactory.getLogger(LiveWorkers.class);

  private final ConcurrentHashMap<WorkerId, WorkerSession> sessions = new ConcurrentHashMap<>();
  private final Set<WorkerId> readmitted = new HashSet<>();
  private final EndedWorkers ended = new EndedWorkers();
  private final List<SessionObserver> rooms = new CopyOnWriteArrayList<>();
  private final List<Subscription> listeners = new CopyOnWriteArrayList<>();
  private final Executor callbacks;
  private final Duration drainGrace;
  private final Metrics metrics;

  private record Subscription(WorkerListener listener, Strand strand) {}

  public LiveWorkers(Executor callbacks, Duration drainGrace, Metrics metrics) {
    this.callbacks = callbacks;
    this.drainGrace = drainGrace;
    this.metrics = metrics;
    metrics.gauge("registry.workers", sessions::size);
  }

  /** Lets a room hear of every session; rooms subscribe before the first session is added. */
  public void subscribe(SessionObserver room) {
    rooms.add(room);
  }

  public void add(WorkerSession session) {
    sessions.put(session.id(), session);
    metrics.counter("registry.added").increment();
  }

  /**
   * The session of a worker of an earlier start of the Runtime, made when it is first heard of;
   * empty where it has been taken up before and has ended since: it never comes back.
   */
  public Optional<WorkerSession> readmit(WorkerId id, Supplier<WorkerSession> session) {
    // Two streams of one worker may come in at once; making a session waits for nothing.
    synchronized (readmitted) {
      WorkerSession found = sessions.get(id);
      if (found != null) {
        return Optional.of(found);
      }
      return readmitted.add(id) ? Optional.of(session.get()) : Optional.empty();
    }
  }

  public Optional<WorkerSession> session(WorkerId id) {
    return Optional.ofNullable(sessions.get(id));
  }

  /** True where a worker of that id has ended; the rooms are told that it is there again. */
  boolean presentedLate(WorkerId id) {
    String origin = ended.originOf(id);
    if (origin == null) {
      return false;
    }
    rooms.forEach(room -> room.onLate(id, origin));
    return true;
  }

  public Collection<WorkerSession> sessions() {
    return List.copyOf(sessions.values());
  }

  @Override
  public List<WorkerInfo> workers() {
    return sessions.values().stream()
        .map(WorkerSession::info)
        .sorted(Comparator.comparing(WorkerInfo::id))
        .toList();
  }

  @Override
  public Optional<WorkerInfo> find(WorkerId id) {
    return session(id).map(WorkerSession::info);
  }

  @Override
  public AutoCloseable addListener(WorkerListener listener) {
    Subscription subscription =
        new Subscription(listener, new Strand(callbacks, "worker listener"));
    listeners.add(subscription);
    return () -> listeners.remove(subscription);
  }

  @Override
  public CompletableFuture<Void> drain(WorkerId id) {
    return session(id)
        .map(session -> session.drain(drainGrace, "drained by request").copy())
        .orElseGet(() -> CompletableFuture.completedFuture(null));
  }

  @Override
  public boolean traceMessages(WorkerId id, boolean on) {
    Optional<WorkerSession> session = session(id);
    session.ifPresent(found -> found.traceMessages(on));
    return session.isPresent();
  }

  @Override
  public void onStateChanged(WorkerSession session, WorkerState before, WorkerState after) {
    if (after.isFinal()) {
      sessions.remove(session.id(), session);
      ended.add(session.id(), session.origin());
      metrics.counter("registry.gone").increment();
    }
    for (SessionObserver room : rooms) {
      room.onStateChanged(session, before, after);
    }
    if (!listeners.isEmpty()) {
      WorkerInfo info = session.info();
      for (Subscription subscription : listeners) {
        subscription.strand().execute(() -> tell(subscription.listener(), info, before));
      }
    }
  }

  @Override
  public void onSlotFree(WorkerSession session) {
    for (SessionObserver room : rooms) {
      room.onSlotFree(session);
    }
  }

  private static void tell(WorkerListener listener, WorkerInfo info, WorkerState before) {
    try {
      listener.onStateChanged(info, before);
    } catch (RuntimeException e) {
      LOG.warn("worker listener {} failed", listener.getClass().getName(), e);
    }
  }
}
