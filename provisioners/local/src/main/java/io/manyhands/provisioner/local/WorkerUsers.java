/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.local;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.spi.PluginConfig;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Users of the operating system that workers run as, one a worker for its life: whose process it is
 * cannot read another's memory, environment or files. They need no account, and must be nobody
 * else's. A user is free again when no process of it is left. Thread-safe; blocks.
 */
final class WorkerUsers {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerUsers.class);
  private static final Pattern RANGE = Pattern.compile("(\\d{1,9})-(\\d{1,9})");
  private static final Pattern PID = Pattern.compile("\\d+");
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
  private static final int ROUNDS = 200;

  private final int first;
  private final int count;
  private final BitSet taken = new BitSet();

  private WorkerUsers(int first, int last) {
    this.first = first;
    this.count = last - first + 1;
  }

  /**
   * Of the option {@code runAs}; empty without it.
   *
   * @param directory where the private directories lie
   */
  static Optional<WorkerUsers> read(PluginConfig config, Optional<Path> directory) {
    String text = config.text("runAs", "");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Matcher range = RANGE.matcher(text);
    if (!range.matches()
        || Integer.parseInt(range.group(1)) < 1
        || Integer.parseInt(range.group(2)) < Integer.parseInt(range.group(1))) {
      throw config.invalid(
          "runAs", text, "numbers of users that are nobody else's, such as" + " 200000-200999");
    }
    if (!isRoot() || !Files.isExecutable(SETPRIV)) {
      throw config.invalid("runAs", text, "a Runtime that runs as root on Linux, and " + SETPRIV);
    }
    if (directory.isEmpty()) {
      throw config.invalid(
          "workDirectory",
          "",
          "with runAs a directory that every user may pass through, such as"
              + " /var/lib/manyhands/workers");
    }
    closed(directory.get().toAbsolutePath())
        .ifPresent(
            parent -> {
              throw config.invalid(
                  "workDirectory",
                  directory.get().toString(),
                  "with runAs a directory that every user may pass through; "
                      + parent
                      + " is closed");
            });
    return Optional.of(
        new WorkerUsers(Integer.parseInt(range.group(1)), Integer.parseInt(range.group(2))));
  }

  static boolean isRoot() {
    return owner(Path.of("/proc/self")).equals(OptionalInt.of(0));
  }

  /** One for a new worker. */
  int take() {
    synchronized (taken) {
      int next = taken.nextClearBit(0);
      if (next >= count) {
        throw new ManyhandsException(
            ErrorCode.PROVISIONING_FAILED,
            "provisioner local: all %d users of option runAs are in use".formatted(count));
      }
      taken.set(next);
      return first + next;
    }
  }

  /** One whose worker is taken over. */
  void retake(int user) {
    synchronized (taken) {
      if (user >= first && user < first + count) {
        taken.set(user - first);
      }
    }
  }

  /** Its worker has ended: whatever it left running is ended, then the user is another's. */
  void free(int user) {
    if (!kill(user)) {
      LOG.warn("processes of user {} cannot be ended: no worker will be given it again", user);
      return;
    }
    synchronized (taken) {
      taken.clear(user - first);
    }
  }

  /** Ends what an earlier Runtime's workers left running, but for users that are taken. */
  void clear() {
    for (int user : users()) {
      boolean free;
      synchronized (taken) {
        free = user >= first && user < first + count && !taken.get(user - first);
      }
      if (free && !kill(user)) {
        retake(user);
      }
    }
  }

  /** The command run as that user, without any privilege and any way to one. */
  static List<String> command(int user, List<String> command) {
    List<String> whole = new ArrayList<>();
    whole.add(SETPRIV.toString());
    whole.addAll(
        List.of(
            "--reuid=" + user,
            "--regid=" + user,
            "--clear-groups",
            "--no-new-privs",
            "--inh-caps=-all",
            "--bounding-set=-all",
            "--"));
    whole.addAll(command);
    return whole;
  }

  /** Makes a file or directory the user's. */
  static void give(Path path, int user) throws IOException {
    Files.setAttribute(path, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(path, "unix:gid", user, LinkOption.NOFOLLOW_LINKS);
  }

  /** Whose it is; empty where it is not there. */
  static OptionalInt owner(Path path) {
    try {
      return OptionalInt.of(
          (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return OptionalInt.empty();
    }
  }

  /** Until none is left: one that is ended may just have started another. */
  private static boolean kill(int user) {
    for (int round = 0; round < ROUNDS; round++) {
      List<Long> left = processes(user);
      if (left.isEmpty()) {
        return true;
      }
      left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
      Thread.onSpinWait();
    }
    return processes(user).isEmpty();
  }

  /** Those of the user that run. */
  static List<Long> processes(int user) {
    List<Long> found = new ArrayList<>();
    for (Path process : all()) {
      if (owner(process).equals(OptionalInt.of(user)) && !isDead(process)) {
        found.add(Long.parseLong(process.getFileName().toString()));
      }
    }
    return found;
  }

  private static Set<Integer> users() {
    Set<Integer> users = new java.util.TreeSet<>();
    all().forEach(process -> owner(process).ifPresent(users::add));
    return users;
  }

  /** Waits for its parent to notice, and runs nothing any more. */
  private static boolean isDead(Path process) {
    try {
      String stat = Files.readString(process.resolve("stat"));
      return stat.startsWith(" Z", stat.lastIndexOf(')') + 1);
    } catch (IOException e) {
      return true;
    }
  }

  private static List<Path> all() {
    List<Path> processes = new ArrayList<>();
    try (DirectoryStream<Path> stream =
        Files.newDirectoryStream(
            Path.of("/proc"), path -> PID.matcher(path.getFileName().toString()).matches())) {
      stream.forEach(processes::add);
    } catch (IOException e) {
      LOG.warn("/proc cannot be listed: {}", e.toString());
    }
    return processes;
  }

  /** The first part of the path that others may not pass through; those to come are ours. */
  private static Optional<Path> closed(Path directory) {
    for (Path part = directory.getParent(); part != null; part = part.getParent()) {
      try {
        if (Files.exists(part)
            && !Files.getPosixFilePermissions(part).contains(PosixFilePermission.OTHERS_EXECUTE)) {
          return Optional.of(part);
        }
      } catch (IOException e) {
        return Optional.of(part);
      }
    }
    return Optional.empty();
  }

  /** Others pass through, and cannot see what is in it. */
  static void open(Path directory) {
    try {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    } catch (IOException e) {
      throw new ManyhandsException(
          ErrorCode.RESOURCE_UNAVAILABLE,
          "provisioner local: directory %s cannot be opened: %s".formatted(directory, e),
          e);
    }
  }
}
