/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A worker as the command line names it.
 *
 * @param version empty for the worker's default
 */
record WorkerWord(String language, String version, int count) {
  private static final Pattern FORM =
      Pattern.compile("([a-z][a-z0-9-]*)(?::([A-Za-z0-9._-]+))?(?:\\*([1-9][0-9]{0,2}))?");

  static WorkerWord parse(String text) {
    Matcher matcher = FORM.matcher(text.trim());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "option --worker: \"%s\" (expected: LANGUAGE[:VERSION][*COUNT], such as node:20*2)"
              .formatted(text));
    }
    String version = matcher.group(2);
    String count = matcher.group(3);
    return new WorkerWord(
        matcher.group(1),
        version == null ? "" : version,
        count == null ? 1 : Integer.parseInt(count));
  }
}
