/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A process to start.
 *
 * @param command the executable, as a path, and its arguments
 * @param environment the whole environment; nothing of this JVM's own is added but the marker
 * @param directory its working directory
 * @param marker names its process tree
 * @param outputLimits how much of its output is kept
 */
public record ProcessSpec(
    List<String> command,
    Map<String, String> environment,
    Path directory,
    LaunchMarker marker,
    OutputLimits outputLimits) {

  public ProcessSpec {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    if (command.isEmpty()) {
      throw new LaunchException("the command is empty (expected: an executable)");
    }
  }

  /** Without arguments and environment, which hold credentials. */
  @Override
  public String toString() {
    return "ProcessSpec[" + command.get(0) + "]";
  }
}
