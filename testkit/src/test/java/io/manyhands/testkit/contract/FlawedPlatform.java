/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import io.manyhands.api.Endpoint;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.WorkerProvisioner;
import java.net.URI;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A platform in memory, and {@link FlawedProvisioner}s of one flaw for it. */
final class FlawedPlatform implements ProvisionerHarness {
  private final ExecutorService executor = Executors.newSingleThreadExecutor();
  private final Set<WorkerId> running = ConcurrentHashMap.newKeySet();
  private final Set<WorkerId> resumable = ConcurrentHashMap.newKeySet();
  private final List<FlawedProvisioner> made = new CopyOnWriteArrayList<>();
  private final ProvisionerFlaw flaw;
  private final AtomicReference<@Nullable Trouble> trouble = new AtomicReference<>();
  private volatile int capacity = Integer.MAX_VALUE;
  private volatile boolean silent;

  FlawedPlatform(ProvisionerFlaw flaw) {
    this.flaw = flaw;
  }

  /** Workers that run. */
  Set<WorkerId> workers() {
    return running;
  }

  /** Workers that can come back, as an earlier Runtime wrote them down. */
  Set<WorkerId> resumable() {
    return resumable;
  }

  @Override
  public Set<ProvisionerBehaviour> behaviours() {
    return EnumSet.allOf(ProvisionerBehaviour.class);
  }

  @Override
  public WorkerProvisioner create() {
    FlawedProvisioner provisioner = new FlawedProvisioner(this, executor, flaw, made.isEmpty());
    made.add(provisioner);
    return provisioner;
  }

  @Override
  public WorkerProvisioner createWithCapacity(int workers) {
    capacity = workers;
    return create();
  }

  int capacity() {
    return capacity;
  }

  @Override
  public void trouble(Trouble next) {
    trouble.set(next);
  }

  /** What the next call meets. */
  Optional<Trouble> takeTrouble() {
    return Optional.ofNullable(trouble.getAndSet(null));
  }

  @Override
  public int permits() {
    return 1;
  }

  @Override
  public int mostInFlight() {
    return flaw == ProvisionerFlaw.EXCEEDS_ITS_PERMITS ? 2 : 1;
  }

  @Override
  public void silenceWatches() {
    silent = true;
  }

  @Override
  public WorkerStack politeStack() {
    return FlawedProvisioner.POLITE;
  }

  @Override
  public WorkerStack healthyStack() {
    return FlawedProvisioner.HEALTHY;
  }

  @Override
  public WorkerStack dyingStack() {
    return FlawedProvisioner.DYING;
  }

  @Override
  public Endpoint endpoint() {
    return new Endpoint("inprocess", URI.create("inprocess://nobody:1"));
  }

  @Override
  public WorkerId announce(WorkerProvisioner provisioner) {
    return ((FlawedProvisioner) provisioner).announce();
  }

  @Override
  public void kill(WorkerId worker, ProvisionedWorker known) {
    running.remove(worker);
    if (!silent || flaw != ProvisionerFlaw.TRUSTS_ITS_WATCH) {
      made.forEach(provisioner -> provisioner.notice(worker));
    }
  }

  @Override
  public void leaveBehind(int workers) {
    for (int i = 0; i < workers; i++) {
      running.add(new WorkerId("orphan-" + i));
    }
  }

  @Override
  public Set<WorkerId> leaveResumable(int workers) {
    if (flaw == ProvisionerFlaw.FORGETS_THE_ADOPTED) {
      resumable.clear();
    }
    Set<WorkerId> left = new HashSet<>();
    for (int i = 0; i < workers; i++) {
      left.add(new WorkerId("resumable-" + (resumable.size() + i)));
    }
    running.addAll(left);
    resumable.addAll(left);
    return left;
  }

  @Override
  public int running() {
    return running.size();
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
