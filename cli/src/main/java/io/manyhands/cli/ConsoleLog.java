/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.cli;

/** What is shown of the log: functions' and workers' lines, and of ours what went wrong. */
final class ConsoleLog {
  /** Read by logback.xml. */
  private static final String LEVEL = "manyhands.log.level";

  private ConsoleLog() {}

  /** Must come before the first logger. */
  static void start(boolean verbose) {
    if (System.getProperty(LEVEL) == null) {
      System.setProperty(LEVEL, verbose ? "INFO" : "WARN");
    }
  }
}
