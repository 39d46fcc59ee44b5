/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Writes the one answer of a request: short and plain where it is ours. Whoever comes first
 * answers. Thread-safe.
 */
final class Answers implements WatchedEndPoint.Served {
  private static final int RETRY_SECONDS = 1;

  private final Request request;
  private final Response response;
  private final Callback callback;
  private final HttpCounters counters;
  private final EndPoint endPoint;
  private final BodyBudget budget;
  private final AtomicBoolean answered = new AtomicBoolean();
  private final AtomicBoolean clientGone = new AtomicBoolean();
  private volatile long held;
  private volatile @Nullable Runnable whenGone;
  private volatile @Nullable Runnable whenAnswered;

  Answers(
      Request request,
      Response response,
      Callback callback,
      HttpCounters counters,
      BodyBudget budget) {
    this.request = request;
    this.response = response;
    this.counters = counters;
    this.budget = budget;
    this.endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    this.callback = Callback.from(callback, this::over);
  }

  /** False where the request came so slowly that it was refused already. */
  boolean begin() {
    return !(endPoint instanceof WatchedEndPoint watched) || watched.begin(this);
  }

  /** What to do when the client goes away before it has an answer; at once where it has. */
  void whenGone(Runnable task) {
    whenGone = task;
    if (clientGone.get()) {
      task.run();
    }
  }

  /** What to do as soon as it is known what the answer is. */
  void whenAnswered(Runnable task) {
    whenAnswered = task;
  }

  boolean isClientGone() {
    return clientGone.get();
  }

  @Override
  public void onClientGone() {
    if (!answered.get() && clientGone.compareAndSet(false, true)) {
      Runnable task = whenGone;
      if (task != null) {
        task.run();
      }
    }
  }

  void refuse(int status, String text) {
    if (claim()) {
      plain(status, text);
    }
  }

  /** What the client still sends is of no interest. */
  void refuseAndClose(int status, String text) {
    if (claim()) {
      response.getHeaders().put(HttpFields.CONNECTION_CLOSE);
      if (endPoint instanceof WatchedEndPoint watched) {
        watched.closesAfterAnswer();
      }
      if (status == 408) {
        counters.tooSlow().increment();
      }
      if (status == 503) {
        response.getHeaders().put(HttpHeader.RETRY_AFTER, RETRY_SECONDS);
      }
      plain(status, text);
    }
  }

  /** Not now, perhaps later: 429 or 503. */
  void refuseForNow(int status, String text) {
    refuseForNow(status, text, Optional.empty());
  }

  /** The same where it may be known when; whole seconds, rounded up. */
  void refuseForNow(int status, String text, Optional<Duration> after) {
    if (claim()) {
      long seconds = after.map(time -> time.plusSeconds(1).minusNanos(1).toSeconds()).orElse(0L);
      response.getHeaders().put(HttpHeader.RETRY_AFTER, Math.max(RETRY_SECONDS, seconds));
      plain(status, text);
    }
  }

  /** Another method would do: 405. */
  void allow(String methods) {
    if (claim()) {
      response.getHeaders().put(HttpHeader.ALLOW, methods);
      plain(405, "method not allowed");
    }
  }

  /** Nobody is there to read an answer. */
  void gone() {
    if (claim()) {
      counters.clientsGone().increment();
      ClosedChannelException why = new ClosedChannelException();
      endPoint.close(why);
      callback.failed(why);
    }
  }

  /** True for the one that is to answer, by {@link #headers} and {@link #send}. */
  boolean claim() {
    if (!answered.compareAndSet(false, true)) {
      return false;
    }
    Runnable task = whenAnswered;
    if (task != null) {
      task.run();
    }
    return true;
  }

  HttpFields.Mutable headers() {
    return response.getHeaders();
  }

  void plain(int status, String text) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
    send(status, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  void send(int status, ByteBuffer body) {
    response.setStatus(status);
    boolean bodiless = status == 204 || status == 304;
    if (bodiless) {
      response.write(true, null, callback);
      return;
    }
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.remaining());
    response.write(true, request.getMethod().equals("HEAD") ? null : body, callback);
  }

  /**
   * Takes room for a body that stays in memory until the client has read it, however slowly; false
   * where there is none. Said once, by the one that answers.
   */
  boolean hold(long bytes) {
    boolean taken = budget.take(bytes);
    if (taken) {
      held = bytes;
    }
    return taken;
  }

  private void over() {
    budget.giveBack(held);
    if (endPoint instanceof WatchedEndPoint watched) {
      watched.end(this);
    }
  }
}
