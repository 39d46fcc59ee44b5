/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.manyhands.transport.grpc.protocol.FunctionRpcProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Lays the workers that this machine can run out in one directory, {@code
 * <language>/worker.config.json} each, and says why others stay out.
 */
public final class WorkersFolder {
  private static final long INSTALL_MINUTES = 5;
  private static final long PROBE_SECONDS = 30;

  private final Path repository;
  private final Path target;
  private final Map<String, String> absent = new TreeMap<>();
  private final Set<String> present = new LinkedHashSet<>();

  /**
   * @param repository where the workers stand
   * @param target where they are laid out
   */
  public WorkersFolder(Path repository, Path target) {
    this.repository = repository;
    this.target = target;
  }

  /** Where they are laid out. */
  public Path directory() {
    return target;
  }

  /** The languages that are there, once assembled. */
  public Set<String> present() {
    return present;
  }

  /** Why each stack that stayed out did. */
  public Map<String, String> absent() {
    return absent;
  }

  /** Lays them out; installs what the Node.js worker needs where it is missing. */
  public void assemble() throws IOException, InterruptedException {
    copy(
        repository.resolve("workers/java/target/workers/manyhands-java"),
        target.resolve("manyhands-java"));
    present.add("manyhands-java");
    node();
    python();
  }

  private void node() throws IOException, InterruptedException {
    Path folder = target.resolve("node");
    if (run(repository, "node", "--version") != 0 || run(repository, "npm", "--version") != 0) {
      absent.put("node", "node and npm are not both installed");
      return;
    }
    copy(repository.resolve("samples/workers/node"), folder);
    copy(
        repository.resolve("transports/grpc-protocol/src/main/protobuf"), folder.resolve("protos"));
    if (!Files.isDirectory(folder.resolve("node_modules/@grpc/grpc-js"))
        && run(folder, "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error") != 0) {
      delete(folder);
      absent.put("node", "npm ci failed (no registry within reach?)");
      return;
    }
    present.add("node");
  }

  private void python() throws IOException, InterruptedException {
    if (run(repository, "/usr/bin/python3", "-c", "import grpc, google.protobuf") != 0) {
      absent.put(
          "python",
          "/usr/bin/python3 lacks grpc or protobuf (Debian: python3-grpcio python3-protobuf)");
      return;
    }
    Path folder = target.resolve("python");
    copy(repository.resolve("samples/workers/python"), folder);
    Files.createDirectories(folder.resolve("protos"));
    Files.write(folder.resolve("protos/FunctionRpc.desc"), descriptors().toByteArray());
    present.add("python");
  }

  /** The protocol and all that it imports, what is imported first. */
  private static FileDescriptorSet descriptors() {
    Map<String, FileDescriptor> files = new LinkedHashMap<>();
    collect(FunctionRpcProto.getDescriptor(), files);
    FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
    files.values().forEach(file -> set.addFile(file.toProto()));
    return set.build();
  }

  private static void collect(FileDescriptor file, Map<String, FileDescriptor> files) {
    file.getDependencies().forEach(dependency -> collect(dependency, files));
    files.putIfAbsent(file.getFullName(), file);
  }

  /** The exit code; -1 where the program is not there, says nothing for too long, or the like. */
  private static int run(Path directory, String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(List.of(command))
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      long seconds =
          command.length > 1 && command[1].equals("ci")
              ? TimeUnit.MINUTES.toSeconds(INSTALL_MINUTES)
              : PROBE_SECONDS;
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return -1;
      }
      return process.exitValue();
    } catch (IOException e) {
      return -1;
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .sorted(java.util.Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.delete(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
