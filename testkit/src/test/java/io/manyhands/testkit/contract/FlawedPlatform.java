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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A platform in memory, and {@link FlawedProvisioner}s of one flaw for it. */
final class FlawedPlatform implements ProvisionerHarness {
  private final ExecutorService executor = Executors.newSingleThreadExecutor();
  private final Set<WorkerId> running = ConcurrentHashMap.newKeySet();
  private final Set<WorkerId> resumable = ConcurrentHashMap.newKeySet();
  private final List<FlawedProvisioner> made = new CopyOnWriteArrayList<>();
  private final ProvisionerFlaw flaw;

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
    made.forEach(provisioner -> provisioner.notice(worker));
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
