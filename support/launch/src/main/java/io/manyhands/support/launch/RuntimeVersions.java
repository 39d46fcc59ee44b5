/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The language runtime versions of a worker, from its {@code worker.config.json}.
 *
 * @param defaultName the runtime's name where none is asked for, for instance {@code python}
 * @param defaultVersion the version where none is asked for
 * @param supported every version the worker runs with; empty where the file does not say
 * @param sanitizer what to take out of a requested version, for instance {@code 3.11} out of {@code
 *     ~3.11}
 */
public record RuntimeVersions(
    @Nullable String defaultName,
    @Nullable String defaultVersion,
    List<String> supported,
    @Nullable Pattern sanitizer) {

  public RuntimeVersions {
    supported = List.copyOf(supported);
  }

  /**
   * The version to start with.
   *
   * @param requested the version asked for; null or empty for the default
   * @return the version, or null where neither the request nor the file names one
   * @throws LaunchException for a version that the file does not support, naming those it does
   */
  public @Nullable String choose(String language, @Nullable String requested) {
    String version = requested == null || requested.isBlank() ? defaultVersion : requested.strip();
    if (version == null) {
      return null;
    }
    if (sanitizer != null) {
      Matcher matcher = sanitizer.matcher(version);
      if (!matcher.find()) {
        throw new LaunchException(
            "worker \"%s\": version \"%s\" does not match sanitizeRuntimeVersionRegex \"%s\""
                .formatted(language, version, sanitizer.pattern()));
      }
      version = matcher.group();
    }
    if (supported.isEmpty()) {
      return version;
    }
    for (String candidate : supported) {
      if (candidate.equalsIgnoreCase(version)) {
        return candidate;
      }
    }
    throw new LaunchException(
        "worker \"%s\": version \"%s\" is not supported (expected one of: %s)"
            .formatted(language, version, String.join(", ", supported)));
  }
}
