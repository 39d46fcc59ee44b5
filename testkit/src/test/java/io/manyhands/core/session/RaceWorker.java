/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.api.app.AppRevision;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.TenantId;
import io.manyhands.api.invocation.ColdStart;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.core.logs.WorkerTrace;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.StatusInfo;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** A worker's real {@link WorkerCalls} and little else, so that few steps are explored. */
public final class RaceWorker implements CallTarget {
  /** The one application and function of races. */
  public static final ApplicationId APP = new ApplicationId("app");

  static final String FUNCTION = "f";
  private static final Metrics METRICS = new Metrics();

  private final WorkerId id;
  private final WorkerCalls calls;
  private final Runnable slotFree;
  private final List<String> sent = new CopyOnWriteArrayList<>();
  private volatile WorkerConnection.SendResult result = WorkerConnection.SendResult.ACCEPTED;
  private volatile boolean abandoned;
  private volatile boolean withdrawn;

  /** Ready for calls, in nobody's set. */
  public RaceWorker(String name, int slots) {
    this(name, slots, () -> {});
  }

  /**
   * Ready for calls.
   *
   * @param slotFree is run as a session tells its observer of a free slot
   */
  public RaceWorker(String name, int slots, Runnable slotFree) {
    this.id = new WorkerId(name);
    this.slotFree = slotFree;
    this.calls = new WorkerCalls(this, () -> withdrawn = true, new WorkerTrace(id), METRICS);
    SpecializationTarget target =
        new SpecializationTarget(
            APP,
            new TenantId("tenant"),
            new AppRevision("1"),
            AppCode.at(""),
            Map.of(),
            Optional.empty(),
            slots);
    calls.serve(
        new Serving(
            target,
            Map.of(FUNCTION, new LoadedFunction(FUNCTION, FUNCTION, "", null, Optional.empty())),
            new Connection(),
            true,
            0,
            0,
            ColdStart.NONE));
    calls.open();
  }

  @Override
  public WorkerId id() {
    return id;
  }

  @Override
  public Dispatch dispatch(Call call) {
    return calls.dispatch(call);
  }

  @Override
  public int freeSlots() {
    return calls.free();
  }

  @Override
  public int inFlightCalls() {
    return calls.taken();
  }

  @Override
  public boolean hasTrace(String traceId) {
    return calls.hasTrace(traceId);
  }

  @Override
  public Set<String> traces() {
    return calls.traces();
  }

  @Override
  public void onOverran(Call call) {
    abandoned |= calls.isRunning(call);
  }

  @Override
  public void onCallerGone(Call call, Optional<Duration> left) {
    onOverran(call);
  }

  /** As a session does that is suspected. */
  public void suspect() {
    calls.close();
  }

  /** As a session does whose suspicion has passed. */
  public void resume() {
    calls.open();
    slotFree.run();
  }

  /** As a session does that has lost its worker. */
  public void lose() {
    calls.close();
    calls.lose(any -> true, "lost", "");
  }

  /** The worker's answer, also to what it was never asked. */
  public boolean answer(String invocation) {
    boolean known =
        calls.answered(
                new WorkerMessage.InvocationResponse(
                    invocation, StatusInfo.success(), Map.of(), Payload.empty()))
            != null;
    if (known && calls.isOpen()) {
      slotFree.run();
    }
    return known;
  }

  /** Answers all that was sent. */
  public void answerAll() {
    sent.forEach(this::answer);
  }

  /** Calls are refused, as by an outbox that is full. */
  public void refuse() {
    result = WorkerConnection.SendResult.NOT_ACCEPTED;
  }

  /** The outbox has room again. */
  public void accept() {
    result = WorkerConnection.SendResult.ACCEPTED;
    calls.onWritable();
    slotFree.run();
  }

  /** Ids of the calls that went out. */
  public List<String> sent() {
    return sent;
  }

  /** A drain would still wait. */
  public boolean hasPending() {
    return calls.hasPending();
  }

  /** It was told that a call had run beyond its caller. */
  public boolean abandoned() {
    return abandoned;
  }

  /** A drain was told to look again. */
  public boolean withdrawn() {
    return withdrawn;
  }

  private final class Connection implements WorkerConnection {
    @Override
    public SendResult send(HostMessage message) {
      SendResult now = result;
      if (now == SendResult.ACCEPTED) {
        sent.add(((HostMessage.InvocationRequest) message).invocationId());
      }
      return now;
    }

    @Override
    public boolean supports(Class<? extends HostMessage> kind) {
      return true;
    }

    @Override
    public void close() {}

    @Override
    public void abort(String reason) {}

    @Override
    public PeerCredentials peer() {
      return PeerCredentials.none();
    }
  }
}
