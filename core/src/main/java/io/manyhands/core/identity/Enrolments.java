/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.identity;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerEnrolments;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.core.concurrent.Strand;
import io.manyhands.spi.security.WorkerAuthenticator;
import io.manyhands.spi.time.TimeSeams;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/**
 * Credentials of pools: {@code mhe1.<id>.<secret>}, of which a hash is kept. Thread-safe; changes
 * are made on a strand of the blocking executor, exchanges without it.
 */
public final class Enrolments implements WorkerEnrolments {
  private static final String VERSION = "mhe1";
  private static final int MAXIMUM = 1000;
  private static final int LONGEST = 256;

  private final TimeSeams time;
  private final EnrolmentFile file;
  private final Strand strand;
  private final Predicate<WorkerStack> startedElsewhere;
  private final Map<String, Entry> entries = new ConcurrentSkipListMap<>();

  private record Entry(EnrolmentFile.Kept kept, AtomicInteger workers, LongAdder exchanged) {
    static Entry of(EnrolmentFile.Kept kept) {
      return new Entry(kept, new AtomicInteger(), new LongAdder());
    }

    Enrolment seen() {
      return new Enrolment(
          kept.id(),
          kept.stack(),
          kept.maximumWorkers(),
          kept.expires(),
          workers.get(),
          exchanged.sum());
    }
  }

  /**
   * Reads what was kept; blocks.
   *
   * @param startedElsewhere whether a stack's workers are started by somebody else
   * @throws ManyhandsException RESOURCE_UNAVAILABLE where what was kept cannot be read
   */
  public Enrolments(
      EnrolmentFile file,
      TimeSeams time,
      Executor blocking,
      Predicate<WorkerStack> startedElsewhere) {
    this.file = file;
    this.time = time;
    this.strand = new Strand(blocking, "enrolments");
    this.startedElsewhere = startedElsewhere;
    for (EnrolmentFile.Kept kept : file.read()) {
      entries.put(kept.id(), Entry.of(kept));
    }
  }

  @Override
  public CompletableFuture<Issued> issue(WorkerStack stack, int maximumWorkers, Duration validity) {
    return changed(
        () -> {
          check(stack, maximumWorkers, validity);
          String id = random(1);
          String secret = random(4);
          Entry entry =
              Entry.of(
                  new EnrolmentFile.Kept(
                      id,
                      stack,
                      maximumWorkers,
                      now().plus(validity),
                      HexFormat.of().formatHex(hash(secret))));
          entries.put(id, entry);
          try {
            write();
          } catch (ManyhandsException e) {
            entries.remove(id);
            throw e;
          }
          return new Issued(entry.seen(), String.join(".", VERSION, id, secret));
        });
  }

  @Override
  public CompletableFuture<Boolean> revoke(String id) {
    return changed(
        () -> {
          // It is void from now on, even where it would come back with a restart.
          boolean known = entries.remove(id) != null;
          if (known) {
            write();
          }
          return known;
        });
  }

  @Override
  public List<Enrolment> list() {
    return entries.values().stream()
        .filter(entry -> now().isBefore(entry.kept().expires()))
        .map(Entry::seen)
        .toList();
  }

  /** On an I/O thread. */
  WorkerAuthenticator.Verdict exchange(String credential, Optional<WorkerStack> said) {
    String[] parts = credential.length() > LONGEST ? new String[0] : credential.split("\\.", -1);
    Entry entry = parts.length == 3 && parts[0].equals(VERSION) ? entries.get(parts[1]) : null;
    if (entry == null
        || !MessageDigest.isEqual(
            hash(parts[2]), HexFormat.of().parseHex(entry.kept().secretHash()))) {
      return new WorkerAuthenticator.Refused("its enrolment credential is not known here");
    }
    EnrolmentFile.Kept kept = entry.kept();
    String named = "enrolment " + kept.id();
    if (!now().isBefore(kept.expires())) {
      return new WorkerAuthenticator.Refused(named + " has expired");
    }
    if (said.isPresent() && !kept.stack().acceptsWorkerOf(said.get())) {
      return new WorkerAuthenticator.Refused(
          named + " is for " + kept.stack() + ", and it is a worker of " + said.get());
    }
    int before = entry.workers().getAndUpdate(now -> Math.min(now + 1, kept.maximumWorkers()));
    if (before >= kept.maximumWorkers()) {
      return new WorkerAuthenticator.Refused(
          named + " lets in " + kept.maximumWorkers() + " workers at once, and they are there");
    }
    entry.exchanged().increment();
    AtomicBoolean counted = new AtomicBoolean(true);
    return new WorkerAuthenticator.Enrolled(
        kept.stack(),
        () -> {
          if (counted.getAndSet(false)) {
            entry.workers().decrementAndGet();
          }
        });
  }

  private void check(WorkerStack stack, int maximumWorkers, Duration validity) {
    if (maximumWorkers < 1) {
      throw new ManyhandsException(
          ErrorCode.INVALID_ARGUMENT,
          "enrolment of " + stack + ": " + maximumWorkers + " workers (expected: 1 or more)");
    }
    if (validity.isNegative() || validity.isZero()) {
      throw new ManyhandsException(
          ErrorCode.INVALID_ARGUMENT,
          "enrolment of " + stack + ": valid for " + validity + " (expected: a positive duration)");
    }
    if (!startedElsewhere.test(stack)) {
      throw new ManyhandsException(
          ErrorCode.INVALID_ARGUMENT,
          "enrolment of "
              + stack
              + ": no provisioner is configured for workers of it that somebody else starts"
              + " (expected: provisioner external with that stack)");
    }
    entries.values().removeIf(entry -> !now().isBefore(entry.kept().expires()));
    if (entries.size() >= MAXIMUM) {
      throw new ManyhandsException(
          ErrorCode.LIMIT_EXCEEDED,
          "enrolment of " + stack + ": there are " + MAXIMUM + " (expected: fewer; revoke some)");
    }
  }

  private void write() {
    file.write(entries.values().stream().map(Entry::kept).toList());
  }

  private interface Change<T> {
    T make();
  }

  private <T> CompletableFuture<T> changed(Change<T> change) {
    CompletableFuture<T> result = new CompletableFuture<>();
    strand.execute(
        () -> {
          try {
            result.complete(change.make());
          } catch (ManyhandsException e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  private Instant now() {
    return time.clock().instant();
  }

  private String random(int words) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      text.append("%016x".formatted(time.randomness().nextLong()));
    }
    return text.toString();
  }

  private static byte[] hash(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 belongs to every Java platform", e);
    }
  }
}
