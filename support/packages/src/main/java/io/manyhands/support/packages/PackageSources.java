/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.packages;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Decides from where a package may come. */
final class PackageSources {
  private final List<URI> allowed;

  PackageSources(List<URI> allowed) {
    this.allowed = allowed;
  }

  static void requirePrefix(URI prefix) {
    String scheme = scheme(prefix);
    boolean web = scheme.equals("http") || scheme.equals("https");
    if (!(scheme.equals("file") || web)
        || (web && prefix.getHost() == null)
        || prefix.getRawQuery() != null
        || prefix.getRawUserInfo() != null
        || prefix.getRawPath() == null
        || !prefix.getRawPath().endsWith("/")) {
      throw new IllegalArgumentException(
          "allowedSources: "
              + shown(prefix)
              + " (expected: a file, http or https address that ends with /, without user and"
              + " query)");
    }
  }

  /** An address as it may be shown: a query or a user may hold a secret. */
  static String shown(URI uri) {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String host = uri.getHost() == null ? "" : uri.getHost() + port;
    return uri.getScheme() + "://" + host + (uri.getRawPath() == null ? "" : uri.getRawPath());
  }

  /**
   * Refuses what is not allowed. Blocks for the look-up of a name.
   *
   * @param previous the address that redirected here
   */
  void check(URI uri, @Nullable URI previous) {
    String scheme = scheme(uri);
    switch (scheme) {
      case "file" -> checkFile(uri, previous);
      case "http", "https" -> checkWeb(uri, scheme, previous);
      default ->
          throw PackageException.refused(
              "package "
                  + shown(uri)
                  + ": scheme \""
                  + scheme
                  + "\" (expected: file, http, https)");
    }
  }

  private void checkFile(URI uri, @Nullable URI previous) {
    if (previous != null) {
      throw PackageException.refused(
          "package " + shown(previous) + ": redirects to a file (expected: http or https)");
    }
    if (uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || uri.getPath() == null
        || (uri.getHost() != null && !uri.getHost().isEmpty())) {
      throw PackageException.refused(
          "package " + shown(uri) + ": not a file of this machine (expected: file:///path)");
    }
    if (allowed.isEmpty()) {
      return;
    }
    Path real = realPath(uri);
    for (URI prefix : allowed) {
      if (scheme(prefix).equals("file") && real.startsWith(realPath(prefix))) {
        return;
      }
    }
    throw notAllowed(uri);
  }

  /** Links are followed, so that one inside an allowed directory does not lead out of it. */
  private static Path realPath(URI uri) {
    try {
      return Path.of(uri.getPath()).toRealPath();
    } catch (IOException absent) {
      throw PackageException.refused(
          "package " + shown(uri) + ": no such file (expected: a zip)", absent);
    }
  }

  private void checkWeb(URI uri, String scheme, @Nullable URI previous) {
    if (uri.getHost() == null || uri.getRawUserInfo() != null) {
      throw PackageException.refused(
          "package " + shown(uri) + ": (expected: an address with a host and without a user)");
    }
    if (previous != null && scheme(previous).equals("https") && scheme.equals("http")) {
      throw PackageException.refused(
          "package "
              + shown(previous)
              + ": redirects to "
              + shown(uri)
              + " (expected: https stays https)");
    }
    for (URI prefix : allowed) {
      if (covers(prefix, uri, scheme)) {
        return;
      }
    }
    if (!allowed.isEmpty()) {
      throw notAllowed(uri);
    }
    refuseLinkLocal(uri);
  }

  private static boolean covers(URI prefix, URI uri, String scheme) {
    return scheme(prefix).equals(scheme)
        && prefix.getHost().equalsIgnoreCase(uri.getHost())
        && port(prefix) == port(uri)
        && uri.normalize().getRawPath().startsWith(prefix.normalize().getRawPath())
        // A server may read these as the separators that normalize() does not see.
        && !uri.getRawPath().toLowerCase(Locale.ROOT).matches(".*(%2e|%2f|%5c).*");
  }

  /** There live the services that hand a machine's own credentials to whoever asks. */
  private static void refuseLinkLocal(URI uri) {
    try {
      for (InetAddress address : InetAddress.getAllByName(uri.getHost())) {
        if (address.isLinkLocalAddress() || address.isAnyLocalAddress()) {
          throw PackageException.refused(
              "package "
                  + shown(uri)
                  + ": the host is link-local (expected: another, or a prefix in allowedSources)");
        }
      }
    } catch (UnknownHostException unknown) {
      throw PackageException.unavailable(
          "package " + shown(uri) + ": unknown host (expected: a name that resolves)", unknown);
    }
  }

  private PackageException notAllowed(URI uri) {
    return PackageException.refused(
        "package "
            + shown(uri)
            + ": not from an allowed source (expected: below one of "
            + String.join(", ", allowed.stream().map(PackageSources::shown).toList())
            + ")");
  }

  private static String scheme(URI uri) {
    return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : scheme(uri).equals("https") ? 443 : 80;
  }
}
