/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.provision.StackInfo;
import io.manyhands.spi.time.Randomness;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The provisioners in their order, what they deliver, and which of them may be asked. Thread-safe,
 * but for the gates and {@link #offer}, which belong to the placement strand.
 */
public final class Provisioners {
  private static final Logger LOG = LoggerFactory.getLogger(Provisioners.class);

  /** A provisioner that delivers a stack. */
  record Source(NamedProvisioner provisioner, StackInfo info) {}

  /**
   * Who may be asked for a worker now.
   *
   * @param source null where nobody may
   * @param gate of the source
   * @param waitNanos until somebody may, where that is known; else 0
   */
  record Offer(@Nullable Source source, @Nullable StartGate gate, long waitNanos) {
    static Offer none(long waitNanos) {
      return new Offer(null, null, waitNanos);
    }
  }

  private final List<NamedProvisioner> provisioners;
  private final Randomness randomness;
  private final Set<String> failing = ConcurrentHashMap.newKeySet();
  private final Map<String, StartGate> gates = new TreeMap<>();

  public Provisioners(List<NamedProvisioner> provisioners, Randomness randomness) {
    this.provisioners = List.copyOf(provisioners);
    this.randomness = randomness;
  }

  List<NamedProvisioner> all() {
    return provisioners;
  }

  Optional<NamedProvisioner> named(String name) {
    return provisioners.stream().filter(named -> named.name().equals(name)).findFirst();
  }

  /** Those that deliver the stack, in their order. */
  List<Source> sources(WorkerStack stack) {
    List<Source> sources = new ArrayList<>();
    for (NamedProvisioner named : provisioners) {
      stacks(named).stream()
          .filter(info -> stack.acceptsWorkerOf(info.stack()))
          .findFirst()
          .ifPresent(info -> sources.add(new Source(named, info)));
    }
    return sources;
  }

  /** The first provisioner that delivers the stack. */
  public Optional<NamedProvisioner> of(WorkerStack stack) {
    return sources(stack).stream().findFirst().map(Source::provisioner);
  }

  /** How workers of the stack come to serve an application; empty where nobody delivers it. */
  public Optional<StackInfo.Supply> supply(WorkerStack stack) {
    List<Source> sources = sources(stack);
    return sources.stream()
        .map(source -> source.info().supply())
        .filter(supply -> supply != StackInfo.Supply.UNASKED)
        .findFirst()
        .or(() -> sources.stream().findFirst().map(source -> source.info().supply()));
  }

  /** Throws INVALID_ARGUMENT where nobody delivers the stack. Any thread. */
  void require(WorkerStack stack) {
    if (sources(stack).isEmpty()) {
      throw unknown(stack);
    }
  }

  /** INVALID_ARGUMENT: nobody delivers the stack, and these are known. */
  ManyhandsException unknown(WorkerStack stack) {
    List<String> known = new ArrayList<>();
    for (NamedProvisioner named : provisioners) {
      stacks(named).forEach(info -> known.add(info.stack() + " (" + named.name() + ")"));
    }
    return new ManyhandsException(
        ErrorCode.INVALID_ARGUMENT,
        "stack "
            + stack
            + ": no provisioner delivers it (known: "
            + (known.isEmpty() ? "none" : String.join(", ", known))
            + ")");
  }

  /**
   * Who may be asked for a worker of the stack now: the first that is not being left alone. Throws
   * INVALID_ARGUMENT where nobody delivers it.
   */
  Offer offer(WorkerStack stack, long now) {
    List<Source> sources = sources(stack);
    if (sources.isEmpty()) {
      throw unknown(stack);
    }
    long soonest = 0;
    for (Source source : sources) {
      if (source.info().supply() == StackInfo.Supply.UNASKED) {
        continue;
      }
      StartGate gate = gate(source, stack);
      if (gate.allowance(now) > 0) {
        return new Offer(source, gate, 0);
      }
      long left = gate.left(now);
      if (left > 0 && (soonest == 0 || left < soonest)) {
        soonest = left;
      }
    }
    return Offer.none(soonest);
  }

  /** Rounds of failed starts in a row of the provisioner that fares best. */
  int failures(WorkerStack stack) {
    return sources(stack).stream()
        .filter(source -> source.info().supply() != StackInfo.Supply.UNASKED)
        .mapToInt(source -> gate(source, stack).failures())
        .min()
        .orElse(0);
  }

  private StartGate gate(Source source, WorkerStack stack) {
    return gates.computeIfAbsent(
        source.provisioner().name() + "/" + stack.language(), key -> new StartGate(randomness));
  }

  private List<StackInfo> stacks(NamedProvisioner named) {
    try {
      List<StackInfo> stacks = named.provisioner().stacks();
      failing.remove(named.name());
      return stacks;
    } catch (RuntimeException e) {
      if (failing.add(named.name())) {
        LOG.warn("provisioner {} cannot say what it delivers", named.name(), e);
      }
      return List.of();
    }
  }
}
