/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A worker's program with everything substituted and found, lacking only the arguments of one
 * launch.
 *
 * @param program the executable and what stands before the launch arguments
 * @param description what it was made from
 * @param version the language runtime version it serves; null where nothing names one
 */
public record WorkerCommand(
    List<String> program, WorkerDescription description, @Nullable String version) {
  public WorkerCommand {
    program = List.copyOf(program);
  }

  /** The worker's folder, which {@code FUNCTIONS_WORKER_DIRECTORY} names. */
  public Path workerDirectory() {
    return description.program().directory();
  }

  /**
   * The whole command line of one launch.
   *
   * @param arguments what tells the worker where to dial in and as whom
   */
  public List<String> commandLine(List<String> arguments) {
    List<String> line = new ArrayList<>(program);
    line.addAll(arguments);
    return List.copyOf(line);
  }
}
