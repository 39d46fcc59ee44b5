/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.invocation.ColdStart;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationId;
import io.manyhands.api.invocation.InvocationPhases;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.spi.trigger.Delivery;
import io.manyhands.spi.trigger.InvocationSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Stands in for a Runtime behind a trigger: keeps what is submitted, and answers as it is told.
 * Holds everything until it is told otherwise. Thread-safe.
 */
public final class RecordingSink implements InvocationSink {
  private static final InvocationPhases NO_TIME =
      new InvocationPhases(ColdStart.NONE, 0, 0, 0, 0, 0);

  private final List<Submission> submissions = new ArrayList<>();
  private final AtomicInteger ids = new AtomicInteger();
  private volatile Consumer<Submission> behaviour = submission -> {};

  /** One call that a trigger made; it is completed once, by whoever is first. */
  public static final class Submission {
    private final InvocationId id;
    private final Invocation invocation;
    private final Delivery delivery;
    private final Completion completion;
    private final AtomicBoolean done = new AtomicBoolean();
    private volatile boolean cancelled;

    private Submission(
        InvocationId id, Invocation invocation, Delivery delivery, Completion completion) {
      this.id = id;
      this.invocation = invocation;
      this.delivery = delivery;
      this.completion = completion;
    }

    public InvocationId id() {
      return id;
    }

    public Invocation invocation() {
      return invocation;
    }

    public Delivery delivery() {
      return delivery;
    }

    /** True where the trigger took it back. */
    public boolean isCancelled() {
      return cancelled;
    }

    public boolean isDone() {
      return done.get();
    }

    public void succeed(Payload value) {
      succeed(value, Map.of());
    }

    public void succeed(Payload value, Map<String, Payload> outputs) {
      complete(
          InvocationResult.ofOneAttempt(
              id, Optional.empty(), value, outputs, Optional.empty(), NO_TIME));
    }

    public void fail(ErrorCode code) {
      fail(new InvocationResult.Failure(code, "planted " + code, "details"));
    }

    public void fail(InvocationResult.Failure failure) {
      complete(
          InvocationResult.ofOneAttempt(
              id, Optional.of(failure), Payload.empty(), Map.of(), Optional.empty(), NO_TIME));
    }

    private void complete(InvocationResult result) {
      if (done.compareAndSet(false, true)) {
        completion.onCompleted(result);
      }
    }

    private void cancel() {
      if (!done.get()) {
        cancelled = true;
        fail(ErrorCode.CANCELLED);
      }
    }
  }

  /** What becomes of submissions from now on, within the submitting call. */
  public RecordingSink answering(Consumer<Submission> value) {
    behaviour = value;
    return this;
  }

  /** Every submission succeeds with that from now on. */
  public RecordingSink answering(Payload value) {
    return answering(submission -> submission.succeed(value));
  }

  /** Every submission fails with that from now on. */
  public RecordingSink failing(ErrorCode code) {
    return answering(submission -> submission.fail(code));
  }

  /** Submissions stay open from now on. */
  public RecordingSink holding() {
    return answering(submission -> {});
  }

  @Override
  public Handle submit(Invocation invocation, Delivery delivery, Completion completion) {
    Submission submission =
        new Submission(
            new InvocationId("invocation-" + ids.incrementAndGet()),
            invocation,
            delivery,
            completion);
    synchronized (submissions) {
      submissions.add(submission);
    }
    behaviour.accept(submission);
    return submission::cancel;
  }

  /** All so far, in order. */
  public List<Submission> submissions() {
    synchronized (submissions) {
      return List.copyOf(submissions);
    }
  }

  /** The names of the functions submitted so far, in order. */
  public List<String> functions() {
    return submissions().stream().map(submission -> submission.invocation().function()).toList();
  }

  /** Those that have not been completed. */
  public List<Submission> open() {
    return submissions().stream().filter(submission -> !submission.isDone()).toList();
  }
}
