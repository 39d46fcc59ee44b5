/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.appfiles;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The functions that an application's folders describe.
 *
 * @param functions those that can be used, by name
 * @param problems what is wrong with the others, by name
 */
public record AppDirectory(List<FunctionJson> functions, Map<String, String> problems) {
  private static final int MAXIMUM_FUNCTIONS = 1000;
  private static final int MAXIMUM_FILES = 200_000;

  public AppDirectory {
    functions = List.copyOf(functions);
    problems = Collections.unmodifiableMap(new TreeMap<>(problems));
  }

  /**
   * Reads every {@code <function>/function.json}; what is wrong with one leaves the others alone.
   * Blocks.
   */
  public static AppDirectory scan(Path directory) {
    Path root = real(directory);
    List<FunctionJson> functions = new ArrayList<>();
    Map<String, String> problems = new TreeMap<>();
    List<Path> folders;
    try (Stream<Path> children = Files.list(root)) {
      folders =
          children
              .filter(child -> Files.isRegularFile(child.resolve("function.json")))
              .sorted()
              .toList();
    } catch (IOException e) {
      throw new AppFileException(directory + ": cannot be listed: " + e, e);
    }
    if (folders.size() > MAXIMUM_FUNCTIONS) {
      throw AppFileException.of(
          directory.toString(), "functions", folders.size(), "at most " + MAXIMUM_FUNCTIONS);
    }
    for (Path folder : folders) {
      try {
        if (!folder.resolve("function.json").toRealPath().startsWith(root)) {
          throw new AppFileException(
              folder + "/function.json: leads out of the application's directory");
        }
        FunctionJson function = FunctionJson.read(folder, root);
        if (!function.disabled()) {
          functions.add(function);
        }
      } catch (AppFileException | IOException e) {
        problems.put(folder.getFileName().toString(), String.valueOf(e.getMessage()));
      }
    }
    return new AppDirectory(functions, problems);
  }

  /**
   * SHA-256 over relative paths and content of all files, in order of path. A link that leads out
   * of the directory is refused. Blocks; memory does not grow with the files.
   */
  public static String hash(Path directory) {
    Path root = real(directory);
    MessageDigest digest = sha256();
    try (Stream<Path> walk = Files.walk(root)) {
      List<Path> files =
          walk.filter(file -> !Files.isDirectory(file)).limit(MAXIMUM_FILES + 1L).sorted().toList();
      if (files.size() > MAXIMUM_FILES) {
        throw AppFileException.of(
            directory.toString(),
            "files",
            "more than " + MAXIMUM_FILES,
            "at most " + MAXIMUM_FILES);
      }
      byte[] buffer = new byte[65536];
      for (Path file : files) {
        Path target = file.toRealPath();
        if (!target.startsWith(root)) {
          throw new AppFileException(
              file + ": a link that leads out of the application's directory");
        }
        if (!Files.isRegularFile(target)) {
          throw new AppFileException(file + ": neither a file nor a directory");
        }
        digest.update(
            (root.relativize(file)
                    + "\0"
                    + Files.size(target)
                    + "\0"
                    + Files.isExecutable(target)
                    + "\0")
                .getBytes(StandardCharsets.UTF_8));
        try (InputStream input = Files.newInputStream(target)) {
          for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
            digest.update(buffer, 0, read);
          }
        }
      }
    } catch (IOException e) {
      throw new AppFileException(directory + ": cannot be read: " + e, e);
    } catch (UncheckedIOException e) {
      throw new AppFileException(directory + ": cannot be read: " + e.getCause(), e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static Path real(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw AppFileException.of(
          directory.toString(),
          "application directory",
          Files.exists(directory) ? "not a directory" : "not there",
          "a directory that exists");
    }
    try {
      return directory.toRealPath();
    } catch (IOException e) {
      throw new AppFileException(directory + ": cannot be read: " + e, e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
