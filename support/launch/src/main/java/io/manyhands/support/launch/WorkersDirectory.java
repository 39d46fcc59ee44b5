/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The workers found in one or more directories laid out as Azure's: {@code
 * <language>/worker.config.json}. A file that cannot be used fails its own language only.
 *
 * @param workers what can be started, by the language that the file names
 * @param problems why a language cannot be started, by language (or by folder, where the file does
 *     not even tell its language)
 */
public record WorkersDirectory(
    SortedMap<String, WorkerConfig> workers, SortedMap<String, String> problems) {

  private static final int MAX_FOLDERS = 1_000;

  public WorkersDirectory {
    workers = Collections.unmodifiableSortedMap(new TreeMap<>(workers));
    problems = Collections.unmodifiableSortedMap(new TreeMap<>(problems));
  }

  /** Scans one directory. Blocks on the disk. */
  public static WorkersDirectory scan(Path directory) {
    return scan(List.of(directory));
  }

  /**
   * Scans directories in order; the first that knows a language decides it. Blocks on the disk.
   *
   * @throws LaunchException where a directory does not exist or cannot be listed
   */
  public static WorkersDirectory scan(List<Path> directories) {
    SortedMap<String, WorkerConfig> workers = new TreeMap<>();
    SortedMap<String, String> problems = new TreeMap<>();
    for (Path directory : directories) {
      SortedMap<String, WorkerConfig> found = new TreeMap<>();
      SortedMap<String, String> failed = new TreeMap<>();
      for (Path folder : folders(directory)) {
        read(folder, found, failed);
      }
      found.keySet().removeAll(failed.keySet());
      found.forEach(
          (language, config) -> {
            if (!problems.containsKey(language)) {
              workers.putIfAbsent(language, config);
            }
          });
      failed.forEach(
          (language, problem) -> {
            if (!workers.containsKey(language)) {
              problems.putIfAbsent(language, problem);
            }
          });
    }
    return new WorkersDirectory(workers, problems);
  }

  /**
   * The worker of a language.
   *
   * @throws LaunchException naming what is wrong with its file, or the known languages
   */
  public WorkerConfig require(String language) {
    WorkerConfig config = workers.get(language);
    if (config != null) {
      return config;
    }
    String problem = problems.get(language);
    if (problem != null) {
      throw new LaunchException("worker \"%s\" cannot be used: %s".formatted(language, problem));
    }
    throw new LaunchException(
        "no worker for language \"%s\" (expected one of: %s)"
            .formatted(language, String.join(", ", knownLanguages())));
  }

  private TreeSet<String> knownLanguages() {
    TreeSet<String> known = new TreeSet<>(workers.keySet());
    known.addAll(problems.keySet());
    return known;
  }

  private static void read(
      Path folder, Map<String, WorkerConfig> found, Map<String, String> failed) {
    Path file = folder.resolve(WorkerConfig.FILE_NAME);
    if (!Files.exists(file)) {
      return;
    }
    WorkerConfig config;
    try {
      config = WorkerConfig.read(file);
    } catch (LaunchException e) {
      failed.putIfAbsent(String.valueOf(folder.getFileName()), String.valueOf(e.getMessage()));
      return;
    }
    String language = config.description().language();
    WorkerConfig other = found.putIfAbsent(language, config);
    if (other != null) {
      failed.put(
          language,
          "language \"%s\" is claimed twice, by %s and by %s (expected: once in a directory)"
              .formatted(language, other.file(), file));
    }
  }

  private static List<Path> folders(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new LaunchException(
          "%s: is not a directory (expected: a directory of <language>/%s)"
              .formatted(directory, WorkerConfig.FILE_NAME));
    }
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, Files::isDirectory)) {
      for (Path folder : stream) {
        folders.add(folder);
        if (folders.size() > MAX_FOLDERS) {
          throw new LaunchException(
              "%s: holds more than %d folders (expected: one a language)"
                  .formatted(directory, MAX_FOLDERS));
        }
      }
    } catch (IOException e) {
      throw new LaunchException("%s: cannot be listed (%s)".formatted(directory, e), e);
    }
    Collections.sort(folders);
    return folders;
  }
}
