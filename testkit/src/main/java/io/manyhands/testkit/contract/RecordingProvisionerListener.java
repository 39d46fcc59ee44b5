/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import io.manyhands.api.Endpoint;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.ProvisionerListener;
import io.manyhands.spi.provision.Termination;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Keeps what a provisioner reports, in order. Thread-safe. */
public final class RecordingProvisionerListener implements ProvisionerListener {
  /** Something that happened to a worker. */
  public sealed interface Event {
    WorkerId worker();
  }

  /** It was announced. */
  public record Expected(WorkerId worker, WorkerStack stack) implements Event {}

  /** It was adopted. */
  public record Recovered(WorkerId worker, WorkerStack stack, ProvisionedWorker known)
      implements Event {}

  /** It has ended. */
  public record Terminated(WorkerId worker, Termination termination) implements Event {}

  private final Endpoint endpoint;
  private final List<Event> events = new ArrayList<>();
  private final Map<WorkerId, List<String>> output = new LinkedHashMap<>();

  public RecordingProvisionerListener(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  @Override
  public Optional<Endpoint> endpoint() {
    return Optional.of(endpoint);
  }

  @Override
  public void onExpected(WorkerId worker, WorkerStack stack, ProvisionedWorker known) {
    add(new Expected(worker, stack));
  }

  @Override
  public void onRecovered(WorkerId worker, WorkerStack stack, ProvisionedWorker known) {
    add(new Recovered(worker, stack, known));
  }

  @Override
  public synchronized void onOutput(WorkerId worker, String line, boolean error) {
    output.computeIfAbsent(worker, key -> new ArrayList<>()).add(line);
    notifyAll();
  }

  @Override
  public void onTerminated(WorkerId worker, Termination termination) {
    add(new Terminated(worker, termination));
  }

  /** Everything so far. */
  public synchronized List<Event> events() {
    return List.copyOf(events);
  }

  /** What happened to one worker so far. */
  public List<Event> events(WorkerId worker) {
    return events().stream().filter(event -> event.worker().equals(worker)).toList();
  }

  /** How its end was reported so far. */
  public List<Termination> terminations(WorkerId worker) {
    return events(worker).stream()
        .filter(Terminated.class::isInstance)
        .map(event -> ((Terminated) event).termination())
        .toList();
  }

  /** Its lines so far. */
  public synchronized List<String> output(WorkerId worker) {
    return List.copyOf(output.getOrDefault(worker, List.of()));
  }

  /** Waits until its end is reported; false where that does not come in time. */
  public synchronized boolean awaitTerminated(WorkerId worker, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      while (terminations(worker).isEmpty()) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private synchronized void add(Event event) {
    events.add(event);
    notifyAll();
  }
}
