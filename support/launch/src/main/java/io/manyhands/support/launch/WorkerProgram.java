/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to execute for a worker, before any substitution.
 *
 * @param executable {@code defaultExecutablePath}: a program to look up in the search path, or a
 *     path
 * @param workerPath {@code defaultWorkerPath}, relative to the directory; null where the executable
 *     itself is the worker
 * @param directory the worker's folder
 * @param arguments what stands between the executable and the worker path; one entry may hold
 *     several arguments
 */
public record WorkerProgram(
    String executable, @Nullable String workerPath, Path directory, List<String> arguments) {
  public WorkerProgram {
    arguments = List.copyOf(arguments);
  }
}
