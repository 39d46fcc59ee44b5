/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

/**
 * How much of a worker's output is kept for its last words.
 *
 * @param lines the newest lines kept; default 50
 * @param lineBytes where a longer line is cut; default 8 KiB
 * @param totalBytes of all kept lines together; default 64 KiB
 */
public record OutputLimits(int lines, int lineBytes, int totalBytes) {

  public OutputLimits {
    if (lines < 0 || lineBytes < 1 || totalBytes < 1) {
      throw new IllegalArgumentException(
          "output limits are %d lines, %d bytes a line, %d bytes (expected: lines >= 0, bytes >= 1)"
              .formatted(lines, lineBytes, totalBytes));
    }
  }

  public static OutputLimits defaults() {
    return new OutputLimits(50, 8 * 1024, 64 * 1024);
  }
}
