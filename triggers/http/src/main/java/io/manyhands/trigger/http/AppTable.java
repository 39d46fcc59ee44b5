/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.ApplicationId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which application a request is for: by declared host name, by {@code <id>.<domain>}, or by path
 * {@code /apps/<id>/}. Readers take no lock.
 */
final class AppTable {
  private static final String PATH = "apps";

  private final String domain;
  // Who has which host name, or will have it once it runs; under the lock of this.
  private final Map<HttpListener, List<String>> claims = new HashMap<>();
  private volatile Map<String, HttpListener> byId = Map.of();
  private volatile Map<String, HttpListener> byHost = Map.of();

  /** An application and the rest of the path's segments on it. */
  record Match(HttpListener listener, List<String> segments) {}

  AppTable(String domain) {
    this.domain = domain;
  }

  /** Adds an application's first listener; a further one takes over later by {@link #takeOver}. */
  synchronized void add(HttpListener listener) {
    if (!byId.containsKey(listener.id().value())) {
      takeOver(listener);
    }
  }

  synchronized void takeOver(HttpListener listener) {
    Map<String, HttpListener> ids = new TreeMap<>(byId);
    ids.put(listener.id().value(), listener);
    publish(ids);
  }

  /** Takes the host names that the application declares; refuses one that another has. */
  synchronized void claimHosts(HttpListener listener) {
    List<String> wanted = listener.application().hostNames();
    claims.forEach(
        (other, hosts) -> {
          for (String host : wanted) {
            if (!other.id().equals(listener.id()) && hosts.contains(host)) {
              throw taken(listener, host, other);
            }
          }
        });
    claims.put(listener, wanted);
  }

  /** The application's host names may be others; those that it has already are exchanged. */
  synchronized void changed(HttpListener listener) {
    if (claims.containsKey(listener)) {
      claimHosts(listener);
      publish(byId);
    }
  }

  synchronized void remove(HttpListener listener) {
    claims.remove(listener);
    Map<String, HttpListener> ids = new TreeMap<>(byId);
    ids.remove(listener.id().value(), listener);
    publish(ids);
  }

  /** The application's listener of the moment. */
  Optional<HttpListener> current(ApplicationId id) {
    return Optional.ofNullable(byId.get(id.value()));
  }

  /** Requests that wait for their applications to run. */
  long pending() {
    return byId.values().stream().mapToLong(HttpListener::pending).sum();
  }

  Optional<Match> find(String host, List<String> segments) {
    HttpListener listener = byHost.get(host);
    if (listener == null) {
      listener = byDomain(host);
    }
    if (listener != null) {
      return Optional.of(new Match(listener, segments));
    }
    if (segments.size() < 2 || !segments.get(0).equals(PATH)) {
      return Optional.empty();
    }
    HttpListener named = byId.get(segments.get(1));
    return named == null
        ? Optional.empty()
        : Optional.of(new Match(named, segments.subList(2, segments.size())));
  }

  private @Nullable HttpListener byDomain(String host) {
    if (domain.isEmpty() || !host.endsWith("." + domain)) {
      return null;
    }
    return byId.get(host.substring(0, host.length() - domain.length() - 1));
  }

  private void publish(Map<String, HttpListener> ids) {
    Map<String, HttpListener> hosts = new HashMap<>();
    ids.values()
        .forEach(
            listener ->
                claims
                    .getOrDefault(listener, List.of())
                    .forEach(host -> hosts.put(host, listener)));
    byId = Map.copyOf(ids);
    byHost = Map.copyOf(hosts);
  }

  private static ManyhandsException taken(HttpListener listener, String host, HttpListener other) {
    return new ManyhandsException(
        ErrorCode.INVALID_ARGUMENT,
        "application "
            + listener.id()
            + ": host name "
            + host
            + " belongs to application "
            + other.id()
            + " (expected: one that is free)");
  }
}
