/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds programs as a shell would: a name without a slash in the search path, anything else as a
 * path.
 */
final class ExecutableFinder {
  private final List<Path> searchPath;

  ExecutableFinder(List<Path> searchPath) {
    this.searchPath = List.copyOf(searchPath);
  }

  /** The directories of a PATH variable; relative and empty entries are left out. */
  static List<Path> searchPath(String variable) {
    List<Path> directories = new ArrayList<>();
    for (String entry : variable.split(Pattern.quote(File.pathSeparator), -1)) {
      if (!entry.isBlank() && Path.of(entry).isAbsolute()) {
        directories.add(Path.of(entry));
      }
    }
    return directories;
  }

  /**
   * @param origin what named the program, for the error: a file with a key, or an option
   * @param base what a relative path with a slash is relative to
   */
  Path find(String program, String origin, Path base) {
    if (program.indexOf('/') < 0 && program.indexOf(File.separatorChar) < 0) {
      for (Path directory : searchPath) {
        Path candidate = directory.resolve(program);
        if (usable(candidate)) {
          return candidate;
        }
      }
      throw new LaunchException(
          "%s: program \"%s\" was not found (looked in: %s)"
              .formatted(
                  origin,
                  program,
                  searchPath.isEmpty()
                      ? "an empty search path"
                      : searchPath.stream().map(Path::toString).collect(Collectors.joining(", "))));
    }
    Path candidate = base.resolve(program).normalize();
    if (usable(candidate)) {
      return candidate;
    }
    throw new LaunchException(
        "%s: program %s %s (expected: an executable file)"
            .formatted(
                origin,
                candidate,
                Files.exists(candidate) ? "is not an executable file" : "does not exist"));
  }

  private static boolean usable(Path candidate) {
    return Files.isRegularFile(candidate) && Files.isExecutable(candidate);
  }
}
