/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Every request comes here, on the server's own thread, which is never blocked: what takes time
 * goes on in an {@link Exchange}.
 */
final class RequestHandler extends Handler.Abstract.NonBlocking {
  private final Exchange.Server server;
  private final HttpCounters counters;

  RequestHandler(Exchange.Server server, HttpCounters counters) {
    this.server = server;
    this.counters = counters;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    counters.requests().increment();
    Answers answers = new Answers(request, response, callback, counters, server.budget());
    if (!answers.begin()) {
      answers.gone();
      return true;
    }
    String path = request.getHttpURI().getPath();
    boolean ours = HttpScheme.HTTP.is(request.getHttpURI().getScheme());
    Optional<List<String>> segments =
        path == null || !ours ? Optional.empty() : Paths.segments(path);
    if (segments.isEmpty()) {
      answers.refuse(400, "malformed path");
      return true;
    }
    Proxies.Target target = server.options().proxies().target(request);
    Optional<AppTable.Match> match = server.table().find(target.host(), segments.get());
    if (match.isEmpty()) {
      answers.refuse(404, "no such application");
      return true;
    }
    new Exchange(request, answers, match.get(), target, server).begin();
    return true;
  }
}
