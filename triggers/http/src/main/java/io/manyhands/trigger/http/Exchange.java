/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import io.manyhands.api.app.AccessKeys;
import io.manyhands.api.app.JobHostState;
import io.manyhands.api.invocation.Invocation;
import io.manyhands.api.invocation.InvocationResult;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.invocation.TraceContext;
import io.manyhands.spi.time.TimeSeams;
import io.manyhands.spi.trigger.InvocationSink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/**
 * One request for an application: waits for it where it starts, finds the function, checks the key,
 * reads the body, submits, answers.
 */
final class Exchange implements HttpListener.Waiting {
  private final Request request;
  private final Answers answers;
  private final HttpListener listener;
  private final String path;
  private final HttpOptions options;
  private final TimeSeams time;
  private final String url;
  private volatile InvocationSink.@Nullable Handle handle;
  private volatile boolean clientGone;

  Exchange(
      Request request,
      Answers answers,
      AppTable.Match match,
      HttpOptions options,
      TimeSeams time,
      String url) {
    this.request = request;
    this.answers = answers;
    this.listener = match.listener();
    this.path = match.path();
    this.options = options;
    this.time = time;
    this.url = url;
  }

  void begin() {
    JobHostState state = listener.state();
    if (state != JobHostState.STARTING && state != JobHostState.INDEXING) {
      resume();
      return;
    }
    if (!listener.await(this)) {
      answers.busy("too many requests wait for this application to start");
      return;
    }
    time.scheduler()
        .schedule(
            () -> {
              if (listener.giveUp(this)) {
                answers.busy("the application did not start in time");
              }
            },
            options.callerTimeout());
  }

  @Override
  public void resume() {
    if (listener.state() != JobHostState.RUNNING) {
      answers.busy("the application is not running");
      return;
    }
    List<RouteSet.Match> matches = listener.routes().match(Paths.segments(path));
    if (matches.isEmpty()) {
      answers.refuse(404, "no such route");
      return;
    }
    String method = request.getMethod().toUpperCase(Locale.ROOT);
    Optional<RouteSet.Match> match =
        matches.stream().filter(found -> found.route().takes(method)).findFirst();
    if (match.isEmpty()) {
      TreeSet<String> allowed = new TreeSet<>();
      matches.forEach(found -> allowed.addAll(found.route().methods()));
      answers.allow(String.join(", ", allowed));
      return;
    }
    Map<String, String> query = query();
    if (!mayCall(match.get().route(), query)) {
      answers.refuse(401, "a valid key is needed");
      return;
    }
    new BodyReader(request, options.maximumBodyBytes(), options.bodyTimeout(), time.scheduler())
        .read(
            body -> call(match.get(), method, query, body),
            status -> {
              if (status == BodyReader.CLIENT_GONE) {
                answers.gone();
              } else {
                answers.refuse(
                    status,
                    status == 413
                        ? "the body is larger than " + options.maximumBodyBytes() + " bytes"
                        : "the body came too slowly");
              }
            });
  }

  private void call(
      RouteSet.Match match, String method, Map<String, String> query, ByteBuffer body) {
    if (!listener.begin()) {
      answers.tooMany();
      return;
    }
    Payload payload =
        new Payload.HttpRequest(
            method,
            url,
            headers(),
            query,
            match.parameters(),
            body.hasRemaining() ? new Payload.Binary(body) : Payload.empty());
    Invocation invocation =
        Invocation.of(listener.id(), match.route().function(), payload).withTimeout(timeout());
    String traceParent = request.getHeaders().get("traceparent");
    if (traceParent != null && TraceContext.isValid(traceParent)) {
      String state = request.getHeaders().get("tracestate");
      invocation = invocation.withTrace(new TraceContext(traceParent, state == null ? "" : state));
    }
    request.addFailureListener(
        failure -> {
          clientGone = true;
          InvocationSink.Handle running = handle;
          if (running != null) {
            running.cancel();
          }
        });
    handle = listener.sink().submit(invocation, result -> completed(match.route(), result));
    InvocationSink.Handle submitted = handle;
    if (clientGone && submitted != null) {
      submitted.cancel();
    }
  }

  private void completed(RouteSet.Route route, InvocationResult result) {
    try {
      if (clientGone) {
        answers.gone();
      } else {
        answers.result(result, route.output());
      }
    } finally {
      listener.end();
    }
  }

  private Duration timeout() {
    Duration caller = options.callerTimeout();
    return listener
        .application()
        .functionTimeout()
        .filter(own -> own.compareTo(caller) < 0)
        .orElse(caller);
  }

  private Map<String, String> headers() {
    Map<String, String> headers = new HashMap<>();
    for (HttpField field : request.getHeaders()) {
      String value = field.getValue() == null ? "" : field.getValue();
      headers.merge(
          field.getLowerCaseName(),
          value,
          (first, second) ->
              first + (field.getHeader() == HttpHeader.COOKIE ? "; " : ", ") + second);
    }
    return headers;
  }

  private Map<String, String> query() {
    Map<String, String> query = new HashMap<>();
    try {
      for (Fields.Field field : Request.extractQueryParameters(request, StandardCharsets.UTF_8)) {
        List<String> values = field.getValues();
        query.put(field.getName(), values.isEmpty() ? "" : values.get(values.size() - 1));
      }
    } catch (RuntimeException e) {
      // A query that is no query is still in the URL, where the function can look at it.
      query.clear();
    }
    return query;
  }

  private boolean mayCall(RouteSet.Route route, Map<String, String> query) {
    if (route.access() == RouteSet.Access.ANONYMOUS) {
      return true;
    }
    String header = request.getHeaders().get("x-functions-key");
    String given = header == null ? query.get("code") : header;
    if (given == null || given.isEmpty()) {
      return false;
    }
    AccessKeys keys = listener.application().keys();
    Collection<String> accepted = new ArrayList<>();
    if (route.access() == RouteSet.Access.ADMIN) {
      Optional.ofNullable(keys.host().get("_master")).ifPresent(accepted::add);
    } else {
      accepted.addAll(keys.host().values());
      accepted.addAll(keys.function().getOrDefault(route.function(), Map.of()).values());
    }
    byte[] bytes = given.getBytes(StandardCharsets.UTF_8);
    boolean found = false;
    // All are compared, in constant time each: how long it takes tells nothing of a key.
    for (String key : accepted) {
      found |= !key.isEmpty() && MessageDigest.isEqual(bytes, key.getBytes(StandardCharsets.UTF_8));
    }
    return found;
  }
}
