/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

/**
 * One line that a worker wrote, without its line end. Too long ones are cut and say so; bytes that
 * are no UTF-8, and control characters, are replaced.
 *
 * @param source which of its two outputs
 * @param text the line
 */
public record OutputLine(Source source, String text) {

  /** A worker's output. */
  public enum Source {
    STDOUT,
    STDERR
  }
}
