/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command with our Java worker as a real process. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class RunCommandTest {
  private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();

  @TempDir Path temporary;
  private final RunCommand command = new RunCommand();
  private final Commands commands = new Commands(command, command::stop);

  @BeforeEach
  void layOutAnApplication() throws IOException {
    Path built = REPOSITORY.resolve("samples/apps/java/target/app");
    Path target = application();
    try (Stream<Path> files = Files.walk(built)) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(built.relativize(file).toString()));
      }
    }
  }

  @AfterEach
  void stop() throws Exception {
    commands.stop();
  }

  private Path application() {
    return temporary.resolve("My App");
  }

  private int run(String... more) {
    return commands.run(words(more));
  }

  private void start(String... more) {
    commands.start(words(more));
  }

  private String[] words(String... more) {
    List<String> words = new ArrayList<>(List.of("run"));
    if (!List.of(more).contains("--port")) {
      words.addAll(List.of("--port", "0"));
    }
    words.addAll(List.of("--state", temporary.resolve("state").toString()));
    words.addAll(
        List.of("--workers", REPOSITORY.resolve("workers/java/target/workers").toString()));
    words.addAll(List.of(more));
    return words.toArray(new String[0]);
  }

  private String get(String function) throws Exception {
    Matcher line = Pattern.compile("  " + function + ": \\S+ (\\S+)").matcher(commands.out());
    assertThat(line.find()).as(commands.out()).isTrue();
    URI uri = URI.create(line.group(1).replace("{name}", "you"));
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  @Test
  void applicationIsServedAtItsUrlsAndRestartedWhenItsFilesChange() throws Exception {
    start(application().toString());
    commands.awaitPrinted("Watching ");
    assertThat(commands.out()).contains("as application my-app on manyhands-java");
    assertThat(get("hello")).isEqualTo("Hello, you");
    Files.writeString(
        application().resolve("local.settings.json"), "{\"Values\": {\"GREETING\": \"Salut\"}}");
    commands.awaitPrinted("Application my-app restarted");
    assertThat(get("hello")).isEqualTo("Salut, you");
    assertThat(commands.stop()).isZero();
    assertThat(commands.out()).endsWith("Stopping" + System.lineSeparator());
  }

  @Test
  void brokenChangeLeavesWhatServedServing() throws Exception {
    start(application().toString());
    commands.awaitPrinted("Watching ");
    Files.writeString(application().resolve("host.json"), "{\"version\": \"1.0\"}");
    commands.awaitPrinted("Application my-app does not serve: ");
    assertThat(commands.out()).contains("host.json: version: 1.0 (expected: \"2.0\")");
    assertThat(get("hello")).isEqualTo("Hello, you");
  }

  @Test
  void directoryWithoutHostJsonIsRefused() throws IOException {
    Path empty = Files.createDirectory(temporary.resolve("empty"));
    assertThat(run(empty.toString())).isEqualTo(1);
    assertThat(commands.err())
        .startsWith("manyhands: " + empty)
        .contains("no host.json in it (expected: the root directory of a function application)");
  }

  @Test
  void missingDirectoryIsRefused() {
    assertThat(run(temporary.resolve("absent").toString())).isEqualTo(1);
    assertThat(commands.err()).contains("absent: no such directory (expected: ");
  }

  @Test
  void missingWorkerIsNamedWithWhereItWasLookedFor() {
    assertThat(run("--stack", "python:3.11", application().toString())).isEqualTo(1);
    assertThat(commands.err())
        .contains("no worker for python on this machine (here are: manyhands-java; looked in: ")
        .contains("Install Azure Functions Core Tools, or say --workers DIR");
  }

  @Test
  void missingWorkersDirectoryIsRefused() {
    assertThat(run("--workers", "/no/such", application().toString())).isEqualTo(1);
    assertThat(commands.err()).contains("--workers: /no/such: no such directory");
  }

  @Test
  void languageThatCannotBeToldIsAskedFor() throws IOException {
    Path bare = Files.createDirectory(temporary.resolve("bare"));
    Files.writeString(bare.resolve("host.json"), "{}");
    assertThat(run(bare.toString())).isEqualTo(1);
    assertThat(commands.err())
        .contains("its language cannot be told (expected: FUNCTIONS_WORKER_RUNTIME in");
  }

  @Test
  void wrongOptionsAreMisuse() {
    assertThat(run("--port", "70000", application().toString())).isEqualTo(2);
    assertThat(run("--colour")).isEqualTo(2);
    assertThat(commands.err())
        .contains("--port: 70000 (expected: 0 to 65535)")
        .contains("Unknown option: '--colour'");
  }

  @Test
  void encryptedSettingsAreRefused() throws IOException {
    Files.writeString(application().resolve("local.settings.json"), "{\"IsEncrypted\": true}");
    assertThat(run(application().toString())).isEqualTo(1);
    assertThat(commands.err()).contains("local.settings.json: IsEncrypted: true (expected: false");
  }
}
