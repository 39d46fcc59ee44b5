/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.app;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/** Where an application's code is. A closed set. */
public sealed interface ApplicationContent {
  /**
   * A directory that Runtime and worker see at the same path.
   *
   * @param path absolute
   */
  record Directory(Path path) implements ApplicationContent {
    public Directory {
      path = path.toAbsolutePath().normalize();
    }
  }

  /**
   * A zip that the agent beside a worker fetches and verifies.
   *
   * @param uri file, http or https
   * @param sha256 64 lower-case hexadecimal digits
   */
  record Package(URI uri, String sha256) implements ApplicationContent {
    private static final Set<String> SCHEMES = Set.of("file", "http", "https");

    public Package {
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      if (!SCHEMES.contains(scheme)) {
        throw new io.manyhands.api.ManyhandsException(
            io.manyhands.api.ErrorCode.INVALID_ARGUMENT,
            "package uri: scheme \"" + scheme + "\" (expected: file, http or https)");
      }
      if (!sha256.matches("[0-9a-f]{64}")) {
        throw new io.manyhands.api.ManyhandsException(
            io.manyhands.api.ErrorCode.INVALID_ARGUMENT,
            "package sha256: \"" + sha256 + "\" (expected: 64 lower-case hexadecimal digits)");
      }
    }

    /** Without the query, which may hold a secret. */
    @Override
    public String toString() {
      return "Package["
          + uri.getScheme()
          + "://"
          + (uri.getHost() == null ? "" : uri.getHost())
          + uri.getPath()
          + ", "
          + sha256
          + "]";
    }
  }

  /**
   * Code that is already where the worker is.
   *
   * @param functions what it offers; empty lets the worker index itself
   * @param hostJson text of host.json; empty means all defaults
   */
  record Inline(List<FunctionDefinition> functions, String hostJson) implements ApplicationContent {
    public Inline {
      functions = List.copyOf(functions);
      Objects.requireNonNull(hostJson, "hostJson");
    }
  }

  static ApplicationContent zip(URI uri, String sha256) {
    return new Package(uri, sha256);
  }

  static ApplicationContent directory(Path path) {
    return new Directory(path);
  }
}
