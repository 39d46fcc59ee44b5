/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import io.manyhands.spi.time.TimeSeams;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Every request comes here, on the server's own thread, which is never blocked: what takes time
 * goes on in an {@link Exchange}.
 */
final class RequestHandler extends Handler.Abstract.NonBlocking {
  private final AppTable table;
  private final HttpOptions options;
  private final TimeSeams time;

  RequestHandler(AppTable table, HttpOptions options, TimeSeams time) {
    this.table = table;
    this.options = options;
    this.time = time;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Answers answers = new Answers(request, response, callback);
    String path = request.getHttpURI().getPath();
    if (path == null || !Paths.isClean(path)) {
      answers.refuse(400, "malformed path");
      return true;
    }
    Optional<AppTable.Match> match = table.find(host(request), path);
    if (match.isEmpty()) {
      answers.refuse(404, "no such application");
      return true;
    }
    new Exchange(request, answers, match.get(), options, time, url(request)).begin();
    return true;
  }

  private String host(Request request) {
    String forwarded = isFromProxy(request) ? request.getHeaders().get("X-Forwarded-Host") : null;
    String host =
        forwarded == null ? Request.getServerName(request) : forwarded.split(":")[0].trim();
    return host == null ? "" : host.toLowerCase(Locale.ROOT);
  }

  /** As the client sent it: absolute; a trusted proxy tells what the client saw. */
  private String url(Request request) {
    String url = request.getHttpURI().toString();
    if (!isFromProxy(request)) {
      return url;
    }
    String scheme = request.getHeaders().get("X-Forwarded-Proto");
    String host = request.getHeaders().get("X-Forwarded-Host");
    String authority = host == null ? request.getHttpURI().getAuthority() : host;
    return (scheme == null ? request.getHttpURI().getScheme() : scheme)
        + "://"
        + authority
        + request.getHttpURI().getPathQuery();
  }

  private boolean isFromProxy(Request request) {
    return request.getConnectionMetaData().getRemoteSocketAddress()
            instanceof InetSocketAddress address
        && address.getAddress() != null
        && options.trustedProxies().contains(address.getAddress().getHostAddress());
  }
}
