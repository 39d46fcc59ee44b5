/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import io.manyhands.transport.grpc.protocol.InvocationRequest;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The calls that run. Each is answered once. Thread-safe. */
final class Calls {
  private final Outgoing outgoing;
  private final CallThreads threads;
  private final Map<String, Invocation> running = new HashMap<>();
  private int slots;
  private final Set<String> unanswered = new HashSet<>();
  private boolean closed;

  Calls(Outgoing outgoing, int slots) {
    this.outgoing = outgoing;
    this.slots = slots;
    this.threads = new CallThreads(slots);
  }

  /** How many may run at once. */
  synchronized void slots(int number) {
    slots = number;
    threads.most(number);
  }

  /** Runs it on a thread of its own, or answers why not. */
  void invoke(String requestId, InvocationRequest request, @Nullable JavaFunction function) {
    Invocation invocation = new Invocation(request, function, outgoing);
    String refusal;
    synchronized (this) {
      if (unanswered.contains(invocation.id())) {
        // It is being run and will be answered once.
        return;
      }
      refusal = refusal();
      if (refusal == null) {
        running.put(invocation.id(), invocation);
        unanswered.add(invocation.id());
      }
    }
    if (refusal != null) {
      refuse(requestId, invocation.id(), refusal);
      return;
    }
    try {
      threads.execute(() -> run(requestId, invocation));
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      release(invocation);
      refuse(requestId, invocation.id(), "no thread can be had for it: " + e.getMessage());
      answered(invocation);
    }
  }

  private @Nullable String refusal() {
    if (closed) {
      return "this worker is terminating";
    }
    return running.size() < slots
        ? null
        : "this worker runs " + running.size() + " calls already (expected: at most " + slots + ")";
  }

  void cancel(String invocationId) {
    Invocation invocation;
    synchronized (this) {
      invocation = running.get(invocationId);
    }
    if (invocation != null) {
      invocation.cancel();
    }
  }

  /** Those that were not refused and whose answers are not sent; a copy. */
  synchronized List<String> unanswered() {
    return List.copyOf(unanswered);
  }

  /** From here on calls are refused. */
  synchronized void close() {
    closed = true;
  }

  /** Waits until all calls are answered; false where the time was too short. */
  synchronized boolean awaitAnswers(long nanos) throws InterruptedException {
    long until = System.nanoTime() + nanos;
    for (long left = nanos; !unanswered.isEmpty(); left = until - System.nanoTime()) {
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  private void run(String requestId, Invocation invocation) {
    InvocationResponse response = invocation.run();
    // Before the answer, upon which the host may send the next call.
    release(invocation);
    outgoing.send(message(requestId, response));
    answered(invocation);
  }

  private synchronized void release(Invocation invocation) {
    running.remove(invocation.id());
  }

  private synchronized void answered(Invocation invocation) {
    unanswered.remove(invocation.id());
    notifyAll();
  }

  private void refuse(String requestId, String invocationId, String why) {
    outgoing.send(
        message(
            requestId,
            InvocationResponse.newBuilder()
                .setInvocationId(invocationId)
                .setResult(Statuses.failure(why))
                .build()));
  }

  private static StreamingMessage message(String requestId, InvocationResponse response) {
    return StreamingMessage.newBuilder()
        .setRequestId(requestId)
        .setInvocationResponse(response)
        .build();
  }
}
