/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.worker;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A worker's language and version. An empty version on the side of an application means any, on the
 * side of a worker unknown.
 *
 * @param language such as {@code node}, {@code python}, {@code java} (the official one), {@code
 *     manyhands-java}
 * @param version such as {@code 20} or {@code 3.11}; may be empty
 */
public record WorkerStack(String language, String version) implements Comparable<WorkerStack> {
  private static final Pattern LANGUAGE = Pattern.compile("[a-z][a-z0-9-]{0,39}");
  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9._+~-]{0,40}");

  public WorkerStack {
    Objects.requireNonNull(language, "language");
    Objects.requireNonNull(version, "version");
    if (!LANGUAGE.matcher(language).matches()) {
      throw new ManyhandsException(
          ErrorCode.INVALID_ARGUMENT,
          "stack language: \""
              + language
              + "\" (expected: 1 to 40 of a-z, 0-9 and hyphens, a letter first)");
    }
    if (!VERSION.matcher(version).matches()) {
      throw new ManyhandsException(
          ErrorCode.INVALID_ARGUMENT,
          "stack version: \""
              + version
              + "\" (expected: at most 40 of letters, digits and . _ + ~ -)");
    }
  }

  /** Any version of the language. */
  public static WorkerStack of(String language) {
    return new WorkerStack(language, "");
  }

  public static WorkerStack of(String language, String version) {
    return new WorkerStack(language, version);
  }

  /**
   * True where a worker of the other stack can serve this one: the same language, and the same
   * version or a finer one ({@code 3.11} by {@code 3.11.2}).
   */
  public boolean acceptsWorkerOf(WorkerStack worker) {
    return language.equals(worker.language)
        && (version.isEmpty()
            || worker.version.isEmpty()
            || worker.version.equals(version)
            || worker.version.startsWith(version + "."));
  }

  @Override
  public int compareTo(WorkerStack other) {
    int byLanguage = language.compareTo(other.language);
    return byLanguage != 0 ? byLanguage : version.compareTo(other.version);
  }

  @Override
  public String toString() {
    return version.isEmpty() ? language : language + " " + version;
  }
}
