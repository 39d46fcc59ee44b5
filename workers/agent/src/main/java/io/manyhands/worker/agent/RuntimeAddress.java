/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;

/**
 * Where a Runtime listens.
 *
 * @param tls {@code https}, not {@code http}
 */
record RuntimeAddress(String host, int port, boolean tls) {

  /**
   * Of {@code http://host:port} or {@code https://host:port}.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  static RuntimeAddress parse(String text) {
    URI uri;
    try {
      uri = new URI(text.trim());
    } catch (URISyntaxException e) {
      throw expected(text);
    }
    boolean tls = "https".equals(uri.getScheme());
    if (!tls && !"http".equals(uri.getScheme())) {
      throw expected(text);
    }
    String host = uri.getHost();
    if (host == null || uri.getPort() < 1 || uri.getPort() > 65_535) {
      throw expected(text);
    }
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return new RuntimeAddress(bare, uri.getPort(), tls);
  }

  private static IllegalArgumentException expected(String text) {
    return new IllegalArgumentException(
        "Runtime address \"%s\" (expected: https://host:port, or http://host:port)"
            .formatted(text));
  }

  /** Whether it is on this machine; blocks where a name is to be looked up. */
  boolean isLoopback() {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return (tls ? "https://" : "http://")
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + port;
  }
}
