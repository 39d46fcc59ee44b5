/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import io.manyhands.api.app.JobHostState;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.TraceContext;
import io.manyhands.spi.time.Scheduler;
import io.manyhands.spi.time.TimeSeams;
import io.manyhands.spi.trigger.InvocationSink;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request for an application: waits for it where it starts, finds the function, checks the key,
 * reads the body, waits for its turn, submits, answers.
 */
final class Exchange implements HttpListener.Waiting {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

  private final Request request;
  private final Answers answers;
  private final List<String> segments;
  private final Proxies.Target target;
  private final Server server;
  private final BodyReader reader;
  private volatile HttpListener listener;
  private volatile Scheduler.@Nullable Cancellable patience;
  private volatile @Nullable Call call;
  private volatile @Nullable ByteBuffer body;

  /** What all exchanges share. */
  record Server(AppTable table, HttpOptions options, BodyBudget budget, TimeSeams time) {}

  Exchange(
      Request request,
      Answers answers,
      AppTable.Match match,
      Proxies.Target target,
      Server server) {
    this.request = request;
    this.answers = answers;
    this.listener = match.listener();
    this.segments = match.segments();
    this.target = target;
    this.server = server;
    this.reader =
        new BodyReader(request, server.options(), server.budget(), server.time().scheduler());
  }

  void begin() {
    answers.whenGone(this::onClientGone);
    listener
        .section()
        .strictTransport()
        .filter(value -> target.isSecure())
        .ifPresent(value -> answers.headers().put(HttpHeader.STRICT_TRANSPORT_SECURITY, value));
    if (!listener.isStarting()) {
      resume();
      return;
    }
    patience =
        server
            .time()
            .scheduler()
            .schedule(
                () -> {
                  if (listener.giveUp(this)) {
                    answers.refuseForNow(503, "the application did not start in time");
                  }
                },
                server.options().timeouts().caller());
    if (!listener.await(this)) {
      stopWaiting();
      answers.refuseForNow(503, "too many requests wait for this application to start");
    } else if (answers.isClientGone()) {
      onClientGone();
    }
  }

  @Override
  public void resume() {
    stopWaiting();
    if (listener.state() == JobHostState.STOPPED) {
      // Found just before the next revision took over: that one serves.
      server.table().current(listener.id()).ifPresent(next -> listener = next);
    }
    if (listener.state() != JobHostState.RUNNING) {
      answers.refuseForNow(503, "the application is not running");
      return;
    }
    List<RouteSet.Match> matches = listener.routes().match(segments);
    if (matches.isEmpty()) {
      answers.refuse(404, "no such route");
      return;
    }
    String method = request.getMethod();
    Optional<RouteSet.Match> match =
        matches.stream().filter(found -> found.route().takes(method)).findFirst();
    if (match.isEmpty()) {
      TreeSet<String> allowed = new TreeSet<>();
      matches.forEach(found -> allowed.addAll(found.route().methods()));
      answers.allow(String.join(", ", allowed));
      return;
    }
    Map<String, String> query = PercentCoding.query(request.getHttpURI().getQuery());
    RouteSet.Route route = match.get().route();
    String header = request.getHeaders().get("x-functions-key");
    if (!listener
        .keys()
        .opens(route.function(), route.access(), header == null ? query.get("code") : header)) {
      answers.refuse(401, "a valid key is needed");
      return;
    }
    if (!listener.admission().enter()) {
      answers.refuseForNow(429, "too many requests of this application are outstanding");
      return;
    }
    read(match.get(), query);
  }

  private void read(RouteSet.Match match, Map<String, String> query) {
    answers.whenAnswered(reader::giveBack);
    Call next = new Call(match, query, listener);
    call = next;
    ByteBuffer known = body;
    if (known == null) {
      reader.read(next);
    } else {
      next.onBody(known);
    }
  }

  private void onClientGone() {
    Call running = call;
    if (running != null) {
      running.onClientGone();
    } else if (listener.giveUp(this)) {
      stopWaiting();
      answers.gone();
    }
  }

  private void stopWaiting() {
    Scheduler.Cancellable armed = patience;
    if (armed != null) {
      armed.cancel();
    }
  }

  /** From the body on: this one is counted as outstanding until it is over. */
  private final class Call implements BodyReader.Outcome, Admission.Turn {
    private final RouteSet.Match match;
    private final Map<String, String> query;
    private final HttpListener host;
    private volatile InvocationSink.@Nullable Handle handle;

    Call(RouteSet.Match match, Map<String, String> query, HttpListener host) {
      this.match = match;
      this.query = query;
      this.host = host;
    }

    @Override
    public void onBody(ByteBuffer whole) {
      body = whole;
      if (!host.admission().take(this)) {
        host.admission().leave();
        answers.refuseForNow(429, "too many requests of this application wait for their turn");
      } else if (answers.isClientGone()) {
        onClientGone();
      }
    }

    @Override
    public void onRefused(int status) {
      host.admission().leave();
      String text =
          switch (status) {
            case 408 -> "the body came too slowly";
            case 413 -> "the body is larger than " + server.options().maximumBodyBytes() + " bytes";
            case 503 -> "no memory is free for the body";
            default -> "the body is malformed";
          };
      answers.refuseAndClose(status, text);
    }

    @Override
    public void onGone() {
      host.admission().leave();
      answers.gone();
    }

    @Override
    public void run() {
      Invocation invocation =
          Invocation.of(
                  host.id(),
                  match.route().function(),
                  RequestPayload.of(request, target, query, match.parameters(), read()))
              .withTimeout(timeout());
      String parent = request.getHeaders().get("traceparent");
      if (parent != null && TraceContext.isValid(parent)) {
        String state = request.getHeaders().get("tracestate");
        invocation = invocation.withTrace(new TraceContext(parent, state == null ? "" : state));
      }
      try {
        handle = host.sink().submit(invocation, this::completed);
      } catch (RuntimeException e) {
        // Against its contract; nobody will complete it.
        LOG.error("application {}: its sink failed", host.id(), e);
        host.admission().leave();
        host.admission().done();
        answers.refuse(500, "internal error");
      }
      if (answers.isClientGone()) {
        onClientGone();
      }
    }

    @Override
    public void refused() {
      host.admission().leave();
      Optional<HttpListener> next = server.table().current(host.id());
      if (next.isPresent() && next.get() != host) {
        // Another revision took over meanwhile, and has routes of its own.
        call = null;
        listener = next.get();
        resume();
        return;
      }
      answers.refuseForNow(503, "the application is not running");
    }

    void onClientGone() {
      InvocationSink.Handle running = handle;
      if (running != null) {
        running.cancel();
      } else if (host.admission().withdraw(this)) {
        host.admission().leave();
        answers.gone();
      }
    }

    private void completed(InvocationResult result) {
      host.admission().leave();
      try {
        if (answers.isClientGone()) {
          answers.gone();
        } else {
          new FunctionAnswer(answers, host.section(), host.id() + "/" + match.route().function())
              .send(result, match.route().output());
        }
      } finally {
        host.admission().done();
      }
    }

    private ByteBuffer read() {
      ByteBuffer whole = body;
      return whole == null ? BufferUtil.EMPTY_BUFFER : whole;
    }

    private Duration timeout() {
      Duration caller = server.options().timeouts().caller();
      return host.application()
          .functionTimeout()
          .filter(own -> own.compareTo(caller) < 0)
          .orElse(caller);
    }
  }
}
