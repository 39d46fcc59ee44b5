/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.manyhands.cli.Commands;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command with our Java worker as a real process. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ServeCommandTest {
  private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir Path temporary;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ServeCommand command = new ServeCommand();
  private final Commands commands = new Commands(command, command::stop);

  @BeforeEach
  void layOut() throws IOException {
    Files.createDirectory(temporary.resolve("applications"));
    configure(
        "{'runtime': {'stateDirectory': '%1$s/state', 'drainGrace': 'PT5S'},"
            + " 'transports': {'grpc': {}},"
            + " 'provisioners': {'local': {'workersDirectory': '%2$s'}},"
            + " 'triggers': {'http': {'port': 0}},"
            + " 'management': {'port': 0},"
            + " 'applications': '%1$s/applications'}");
  }

  private void configure(String json) throws IOException {
    Files.writeString(
        temporary.resolve("server.json"),
        json.replace('\'', '"')
            .formatted(temporary, REPOSITORY.resolve("workers/java/target/workers")));
  }

  private Path declare(String id, String greeting) throws IOException {
    return Files.writeString(
        temporary.resolve("applications").resolve(id + ".json"),
        ("{'tenant': 'acme', 'stack': 'manyhands-java', 'directory': '"
                + REPOSITORY.resolve("samples/apps/java/target/app")
                + "', 'settings': {'GREETING': '"
                + greeting
                + "'}}")
            .replace('\'', '"'));
  }

  @AfterEach
  void stop() throws Exception {
    commands.stop();
  }

  private int run() {
    return commands.run("serve", temporary.resolve("server.json").toString());
  }

  private HttpResponse<String> get(String printed, String path) throws Exception {
    Matcher port =
        Pattern.compile(printed + "\\D+(?:127\\.0\\.0\\.1:)?(\\d+)").matcher(commands.out());
    assertThat(port.find()).as(commands.out()).isTrue();
    URI uri = URI.create("http://127.0.0.1:" + port.group(1) + path);
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private void awaitStatus(String printed, String path, int status) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> get(printed, path).statusCode() == status);
  }

  @Test
  void applicationsFollowTheirFilesAndHealthAndMetricsAreServed() throws Exception {
    declare("greeter", "Hello");
    commands.start("serve", temporary.resolve("server.json").toString());
    commands.awaitPrinted("Serving");

    awaitStatus("http at", "/apps/greeter/api/hello/you", 200);
    assertThat(get("http at", "/apps/greeter/api/hello/you").body()).isEqualTo("Hello, you");
    assertThat(get("metrics on port", "/health/live").statusCode()).isEqualTo(200);
    assertThat(get("metrics on port", "/health/ready").statusCode()).isEqualTo(200);
    assertThat(get("metrics on port", "/metrics").body())
        .contains("manyhands_routing_accepted_total ")
        .contains("manyhands_jobhost_creation_seconds_count 1");

    declare("greeter", "Salut");
    await()
        .atMost(PATIENCE)
        .until(() -> get("http at", "/apps/greeter/api/hello/you").body().equals("Salut, you"));
    declare("second", "Hola");
    awaitStatus("http at", "/apps/second/api/hello/you", 200);
    Files.writeString(temporary.resolve("applications/second.json"), "{ not json");
    Files.delete(temporary.resolve("applications/greeter.json"));
    awaitStatus("http at", "/apps/greeter/api/hello/you", 404);
    assertThat(get("http at", "/apps/second/api/hello/you").statusCode()).isEqualTo(200);

    assertThat(commands.stop()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'colour': 1} | runtime.stateDirectory: null (expected: a text)",
        "{'runtime': {'stateDirectory': '/tmp/x', 'colour': 1}} | runtime.colour: unknown (expected: ",
        "{'runtime': {'stateDirectory': '/tmp/x', 'idleTimeout': '10'}} | runtime.idleTimeout: 10 (expected: a duration such as PT30S)",
        "{'runtime': {'stateDirectory': '/tmp/x', 'idleTimeout': 'PT0S'}} | runtime.idleTimeout: option idleTimeout: PT0S (expected: a positive duration)",
        "{'runtime': {'stateDirectory': '/tmp/x', 'maximumWorkers': 1.5}} | runtime.maximumWorkers: 1.5 (expected: a whole number from 1 to",
        "{'runtime': {'stateDirectory': '/tmp/x'}, 'applications': '/tmp/x'} | transports: [] (expected: at least one",
      })
  void wrongConfigurationIsNamedByItsFileAndKey(String json, String message) throws Exception {
    configure(json);
    assertThat(run()).isEqualTo(1);
    assertThat(commands.err())
        .startsWith("manyhands: " + temporary.resolve("server.json"))
        .contains(message);
  }
}
