/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.api.ErrorCode;
import io.manyhands.core.logs.WorkerLog;
import io.manyhands.core.logs.WorkerTrace;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one worker says: answers are taken on the connection's I/O thread, everything that may
 * change its state on the session's strand.
 */
final class SessionMessages {
  private static final Logger LOG = LoggerFactory.getLogger(SessionMessages.class);

  private final SessionCore session;
  private final SessionOptions options;
  private final SessionLink link;
  private final WorkerCalls calls;
  private final StatusProbe probe;
  private final WorkerLog log;
  private final WorkerTrace trace;

  /** Of the current stream; one that is replaced keeps no other's. */
  private volatile @Nullable AnsweredCalls answered;

  SessionMessages(
      SessionCore session,
      SessionOptions options,
      SessionLink link,
      WorkerCalls calls,
      StatusProbe probe,
      WorkerLog log,
      WorkerTrace trace) {
    this.session = session;
    this.options = options;
    this.link = link;
    this.calls = calls;
    this.probe = probe;
    this.log = log;
    this.trace = trace;
  }

  /** Takes a message that follows the first; on the connection's I/O thread. */
  void onMessage(WorkerConnection from, WorkerMessage message) {
    trace.received(message);
    WorkerConnection current = session.currentStream();
    boolean extended = from.peer().extended();
    // A stock worker may speak before its stream is taken up; an extended one waits for its
    // welcome.
    if (current != from && (extended || current != null)) {
      session.count("session.messages.stale");
      return;
    }
    long arrived = session.nanos();
    probe.heard(arrived);
    if (message instanceof WorkerMessage.InvocationResponse response) {
      Call call = calls.answered(response);
      if (extended) {
        link.onAnswer(from, response);
      }
      if (call != null) {
        answeredOn(from).add(response.invocationId(), call.functionKey());
        freed();
      }
      return;
    }
    if (message instanceof WorkerMessage.Log entry) {
      log.onEntry(entry.entry(), functionOf(from, entry.entry().invocationId()));
    } else if (message instanceof WorkerMessage.LinkHeartbeat heartbeat) {
      session.onResources(heartbeat.resources());
      link.acknowledge(from);
    } else {
      session.execute(() -> onControl(message, arrived));
    }
  }

  void onWritable() {
    calls.onWritable();
    session.onSlotFree();
  }

  /** The function that ran, or runs, that call; null where it is not known. */
  private @Nullable String functionOf(WorkerConnection from, String invocationId) {
    if (invocationId.isEmpty()) {
      return null;
    }
    String key = calls.functionKey(invocationId);
    if (key == null) {
      key = answeredOn(from).functionKey(invocationId);
    }
    return key == null ? null : calls.functionName(key);
  }

  private AnsweredCalls answeredOn(WorkerConnection from) {
    AnsweredCalls now = answered;
    if (now == null || !now.isOf(from)) {
      now = new AnsweredCalls(from);
      answered = now;
    }
    return now;
  }

  private void freed() {
    if (calls.isOpen()) {
      session.onSlotFree();
    } else {
      session.execute(session.drain()::endIfIdle);
    }
  }

  /** On the strand. */
  private void onControl(WorkerMessage message, long arrived) {
    if (message instanceof WorkerMessage.InitResponse response) {
      session.start().onInitialized(response);
    } else if (message instanceof WorkerMessage.WorkerStatusResponse
        || message instanceof WorkerMessage.Heartbeat) {
      probe.answered();
    } else if (message instanceof WorkerMessage.Unknown) {
      session.count("session.messages.unknown");
    } else if (message instanceof WorkerMessage.StartStream start) {
      // An agent passes its worker's on, after a hello that stood for it.
      if (link.isStock() || !start.workerId().equals(session.id().value())) {
        session.end(ErrorCode.PROTOCOL_VIOLATION, "a second StartStream on one stream");
      }
    } else if (message instanceof WorkerMessage.LinkConfirmation confirmation) {
      link.confirm(confirmation.epoch());
    } else if (message instanceof WorkerMessage.LinkWorkerExit exit) {
      exit.lastOutput().forEach(line -> log.onOutput(line, true));
      session.end(ErrorCode.WORKER_LOST, exit.describe());
    } else if (message instanceof WorkerMessage.LinkPackageState state
        && session.resume().onPackage(state)) {
      session.count("session.packages.repeated");
    } else if (message instanceof WorkerMessage.LinkHello) {
      session.end(ErrorCode.PROTOCOL_VIOLATION, "a second Hello on one stream");
    } else if (message instanceof WorkerMessage.ActionRequest action) {
      LOG.info("worker {} asks for {}: {}", session.id(), action.action(), action.reason());
      session.drain().begin(options.terminateGrace(), "the worker asked for " + action.action());
    } else if (!session.start().onMessage(message, arrived)) {
      session.count("session.messages.unexpected");
    }
  }
}
