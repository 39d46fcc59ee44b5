/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which application a request is for: by declared host name, by {@code <id>.<domain>}, or by path
 * {@code /apps/<id>/}. Readers take no lock.
 */
final class AppTable {
  private static final String PATH = "/apps/";

  private final String domain;
  private volatile Map<String, HttpListener> byId = Map.of();
  private volatile Map<String, HttpListener> byHost = Map.of();

  /** An application and the rest of the path on it. */
  record Match(HttpListener listener, String path) {}

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
    Map<String, HttpListener> ids = new HashMap<>(byId);
    ids.put(listener.id().value(), listener);
    byId = Map.copyOf(ids);
    rebuildHosts();
  }

  /** Refuses a host name that another application has. */
  synchronized void checkHosts(HttpListener listener) {
    for (HttpListener other : byId.values()) {
      for (String host : listener.application().hostNames()) {
        if (!other.id().equals(listener.id()) && other.application().hostNames().contains(host)) {
          throw new ManyhandsException(
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
    }
  }

  synchronized void changed() {
    rebuildHosts();
  }

  synchronized void remove(HttpListener listener) {
    Map<String, HttpListener> ids = new HashMap<>(byId);
    ids.remove(listener.id().value(), listener);
    byId = Map.copyOf(ids);
    rebuildHosts();
  }

  Optional<Match> find(String host, String path) {
    HttpListener listener = byHost.get(host);
    if (listener == null) {
      listener = byDomain(host);
    }
    if (listener != null) {
      return Optional.of(new Match(listener, path));
    }
    if (!path.startsWith(PATH)) {
      return Optional.empty();
    }
    int end = path.indexOf('/', PATH.length());
    String id = end < 0 ? path.substring(PATH.length()) : path.substring(PATH.length(), end);
    HttpListener named = byId.get(id);
    return named == null
        ? Optional.empty()
        : Optional.of(new Match(named, end < 0 ? "/" : path.substring(end)));
  }

  private @Nullable HttpListener byDomain(String host) {
    if (domain.isEmpty() || !host.endsWith("." + domain)) {
      return null;
    }
    return byId.get(host.substring(0, host.length() - domain.length() - 1));
  }

  private void rebuildHosts() {
    Map<String, HttpListener> hosts = new HashMap<>();
    byId.values()
        .forEach(
            listener ->
                listener.application().hostNames().forEach(host -> hosts.put(host, listener)));
    byHost = Map.copyOf(hosts);
  }
}
