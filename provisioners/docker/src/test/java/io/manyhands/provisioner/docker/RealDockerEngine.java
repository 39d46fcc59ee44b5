/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.docker;

import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.manyhands.testkit.contract.ProvisionerHarness;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * An engine of its own on this machine, with an image made of a static busybox and a few scripts.
 * Needs root, dockerd, docker and busybox.
 */
final class RealDockerEngine implements DockerEngine {
  private static final String IMAGE = "manyhands-test";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Map<String, String> SCRIPTS =
      Map.of(
          "idle.sh",
          "while :; do sleep 1; done",
          "dying.sh",
          "echo starting; echo '%s' >&2; exit %d"
              .formatted(ProvisionerHarness.LAST_WORDS, ProvisionerHarness.DYING_EXIT_CODE),
          "polite.sh",
          "trap 'exit %d' TERM; echo ready; while :; do sleep 0.1; done"
              .formatted(ProvisionerHarness.POLITE_EXIT_CODE),
          "greedy.sh",
          "x=x; while :; do x=$x$x; done");

  private final Path directory;
  private final Process daemon;
  private final DockerClient client;

  private RealDockerEngine(Path directory, Process daemon, DockerClient client) {
    this.directory = directory;
    this.daemon = daemon;
    this.client = client;
  }

  /** What is missing here for an engine; empty where all is there. */
  static Optional<String> missing() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return Optional.of("root");
    }
    return Stream.of("dockerd", "docker", "busybox")
        .filter(program -> find(program).isEmpty())
        .findFirst();
  }

  private static Optional<Path> find(String program) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin");
    return Stream.concat(Stream.of(path.split(":")), Stream.of("/usr/sbin", "/usr/bin", "/bin"))
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static RealDockerEngine start() throws IOException {
    Path directory = Files.createTempDirectory("manyhands-docker");
    String host = "unix://" + directory.resolve("docker.sock");
    Process daemon =
        new ProcessBuilder(
                find("dockerd").orElseThrow().toString(),
                "--iptables=false",
                "--ip6tables=false",
                "--bridge=none",
                "--ip-forward=false",
                "--data-root=" + directory.resolve("data"),
                "--exec-root=" + directory.resolve("exec"),
                "--pidfile=" + directory.resolve("pid"),
                "--host=" + host)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    DockerClientConfig config =
        DefaultDockerClientConfig.createDefaultConfigBuilder().withDockerHost(host).build();
    DockerClient client =
        DockerClientImpl.getInstance(
            config,
            new ZerodepDockerHttpClient.Builder().dockerHost(config.getDockerHost()).build());
    RealDockerEngine engine = new RealDockerEngine(directory, daemon, client);
    try {
      await("dockerd, whose output is in " + directory.resolve("log"))
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> client.pingCmd().exec() == null);
      importImage(directory.resolve("root.tar"), host);
    } catch (RuntimeException | IOException e) {
      engine.stop();
      throw e;
    }
    return engine;
  }

  private static void importImage(Path tar, String host) throws IOException {
    Files.write(tar, root());
    Process docker =
        new ProcessBuilder(
                find("docker").orElseThrow().toString(),
                "--host=" + host,
                "import",
                tar.toString(),
                IMAGE + ":1")
            .redirectErrorStream(true)
            .redirectOutput(tar.resolveSibling("import").toFile())
            .start();
    try {
      if (!docker.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || docker.exitValue() != 0) {
        docker.destroyForcibly();
        throw new IOException("import: " + Files.readString(tar.resolveSibling("import")));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] root() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      add(tar, "bin/busybox", Files.readAllBytes(find("busybox").orElseThrow().toRealPath()));
      for (String applet : new String[] {"sh", "sleep", "echo"}) {
        TarArchiveEntry link = new TarArchiveEntry("bin/" + applet, TarConstants.LF_SYMLINK);
        link.setLinkName("busybox");
        tar.putArchiveEntry(link);
        tar.closeArchiveEntry();
      }
      for (Map.Entry<String, String> script : SCRIPTS.entrySet()) {
        String text = "#!/bin/sh\n" + script.getValue() + "\n";
        add(tar, script.getKey(), text.getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  private static void add(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    entry.setMode(0755);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  DockerClient client() {
    return client;
  }

  @Override
  public String host() {
    return "unix://" + directory.resolve("docker.sock");
  }

  @Override
  public String image() {
    return IMAGE + ":1";
  }

  @Override
  public void kill(String name) {
    client.killContainerCmd(name).exec();
  }

  @Override
  public int running() {
    return client.listContainersCmd().exec().size();
  }

  @Override
  public int present() {
    return client.listContainersCmd().withShowAll(true).exec().size();
  }

  @Override
  public void awaitReady(String name) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              StringBuilder text = new StringBuilder();
              DockerOutput output = new DockerOutput(text::append, () -> {});
              client.logContainerCmd(name).withStdOut(true).exec(output);
              return output.awaitCompletion(10, TimeUnit.SECONDS)
                  && text.toString().contains("ready");
            });
  }

  /** Between tests: nothing may be left for the next one. */
  @Override
  public void close() {
    client.listContainersCmd().withShowAll(true).exec().stream()
        .map(container -> container.getId())
        .forEach(
            id -> {
              try {
                client.removeContainerCmd(id).withForce(true).exec();
              } catch (DockerException e) {
                // It went by itself.
              }
            });
  }

  /** Ends the engine and removes all that it wrote. */
  void stop() throws IOException {
    client.close();
    daemon.destroy();
    try {
      if (!daemon.waitFor(30, TimeUnit.SECONDS)) {
        daemon.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .sorted(java.util.Comparator.reverseOrder())
          .map(Path::toFile)
          .forEach(java.io.File::delete);
    }
  }
}
