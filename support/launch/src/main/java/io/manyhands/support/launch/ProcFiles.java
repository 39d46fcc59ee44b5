/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads Linux's {@code /proc}. Every method answers with an empty value where the process is gone,
 * the file may not be read, or the system has no such files.
 */
final class ProcFiles {
  private static final Path ROOT = Path.of("/proc");
  private static final int MAX_BYTES = 2 * 1024 * 1024;
  private static final byte[] MARKER =
      (LaunchMarker.VARIABLE + "=").getBytes(StandardCharsets.US_ASCII);

  private ProcFiles() {}

  static boolean available() {
    return Files.isReadable(ROOT.resolve("self/stat"));
  }

  static List<Long> pids() {
    List<Long> pids = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(ROOT)) {
      for (Path path : stream) {
        String name = path.getFileName().toString();
        if (name.charAt(0) >= '1' && name.charAt(0) <= '9') {
          pids.add(Long.parseLong(name));
        }
      }
    } catch (IOException | NumberFormatException e) {
      return pids;
    }
    return pids;
  }

  static @Nullable ProcessEntry stat(long pid) {
    String stat = text(ROOT.resolve(pid + "/stat"));
    // The second field is the program's name in parentheses, which may hold anything.
    int end = stat.lastIndexOf(") ");
    if (end < 0) {
      return null;
    }
    String[] fields = stat.substring(end + 2).split(" ", 21);
    if (fields.length < 21) {
      return null;
    }
    char state = fields[0].charAt(0);
    return new ProcessEntry(
        pid,
        Long.parseLong(fields[1]),
        Long.parseLong(fields[3]),
        Long.parseLong(fields[19]),
        state == 'Z' || state == 'X');
  }

  /** The value of the launch marker in the environment that the process was started with. */
  static @Nullable String marker(long pid) {
    byte[] environment = bytes(ROOT.resolve(pid + "/environ"));
    int start = 0;
    while (start < environment.length) {
      int end = start;
      while (end < environment.length && environment[end] != 0) {
        end++;
      }
      if (startsWithMarker(environment, start, end)) {
        int value = start + MARKER.length;
        return new String(environment, value, end - value, StandardCharsets.US_ASCII);
      }
      start = end + 1;
    }
    return null;
  }

  /** A figure of {@code smaps_rollup} or {@code status}, in bytes. */
  static OptionalLong kilobytes(long pid, String file, String label) {
    for (String line : text(ROOT.resolve(pid + "/" + file)).split("\n", -1)) {
      if (line.startsWith(label)) {
        String[] parts = line.substring(label.length()).strip().split(" ", 2);
        try {
          return OptionalLong.of(Long.parseLong(parts[0]) * 1024);
        } catch (NumberFormatException e) {
          return OptionalLong.empty();
        }
      }
    }
    return OptionalLong.empty();
  }

  static String bootId() {
    return text(ROOT.resolve("sys/kernel/random/boot_id")).strip();
  }

  static List<String> lines(String file) {
    return List.of(text(ROOT.resolve(file)).split("\n", -1));
  }

  /** Whether one of the process's open files is the socket with this inode. */
  static boolean holdsSocket(long pid, long inode) {
    String wanted = "socket:[" + inode + "]";
    try (DirectoryStream<Path> files = Files.newDirectoryStream(ROOT.resolve(pid + "/fd"))) {
      for (Path file : files) {
        if (wanted.equals(target(file))) {
          return true;
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return false;
    }
    return false;
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "";
    }
  }

  private static boolean startsWithMarker(byte[] bytes, int start, int end) {
    if (end - start < MARKER.length) {
      return false;
    }
    for (int i = 0; i < MARKER.length; i++) {
      if (bytes[start + i] != MARKER[i]) {
        return false;
      }
    }
    return true;
  }

  private static String text(Path file) {
    return new String(bytes(file), StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(MAX_BYTES);
    } catch (IOException e) {
      return new byte[0];
    }
  }
}
