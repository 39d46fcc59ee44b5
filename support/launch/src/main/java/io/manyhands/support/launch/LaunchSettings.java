/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a machine brings to the start of its workers.
 *
 * @param searchPath where programs are looked up
 * @param variables values for {@code %NAME%} in a worker's file, and for profile conditions of type
 *     environment; never the Runtime's own environment as a whole
 * @param executables the program for a language ({@code python}) or for a version of it ({@code
 *     python/3.11}) instead of the file's {@code defaultExecutablePath}
 * @param hostProperties values for profile conditions of type hostProperty
 * @param platform the machine
 */
public record LaunchSettings(
    List<Path> searchPath,
    Map<String, String> variables,
    Map<String, String> executables,
    Map<String, String> hostProperties,
    Platform platform) {

  public LaunchSettings {
    searchPath = List.copyOf(searchPath);
    variables = Map.copyOf(variables);
    executables = Map.copyOf(executables);
    hostProperties = Map.copyOf(hostProperties);
  }

  /** Programs from the directories of a PATH variable, nothing else set, this JVM's platform. */
  public static LaunchSettings ofPath(String path) {
    Platform platform = Platform.current();
    return new LaunchSettings(
        ExecutableFinder.searchPath(path),
        Map.of(),
        Map.of(),
        Map.of("platform", platform.operatingSystem()),
        platform);
  }

  public LaunchSettings withVariables(Map<String, String> newVariables) {
    return new LaunchSettings(searchPath, newVariables, executables, hostProperties, platform);
  }

  public LaunchSettings withExecutables(Map<String, String> newExecutables) {
    return new LaunchSettings(searchPath, variables, newExecutables, hostProperties, platform);
  }

  /** Without the values of variables, which may be secret. */
  @Override
  public String toString() {
    return "LaunchSettings[" + platform + ", searchPath=" + searchPath + "]";
  }
}
