/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line. */
@Command(
    name = "manyhands-agent",
    description = "Runs language workers beside it for a Manyhands Runtime elsewhere.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Each option can be given as MANYHANDS_AGENT_<NAME> too (--worker-ids as"
          + " MANYHANDS_AGENT_WORKER_IDS), or as a key of the file that --config names."
    })
final class AgentCommand {
  private static final String LARGEST = "2147483647";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A properties file with options, named without the dashes.")
  @Nullable Path config;

  @Option(
      names = "--runtime",
      paramLabel = "URL",
      split = ",",
      description = "Where a Runtime listens, https://host:port; several are tried in turn.")
  List<String> runtimes = new ArrayList<>();

  @Option(
      names = "--plaintext",
      description = "Allows http:// to an address that is not this machine's own.")
  boolean plaintext;

  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      description = "Certificates to trust, PEM; by default those of the Java installation.")
  @Nullable Path authorities;

  @Option(names = "--tls-cert", paramLabel = "FILE", description = "The agent's own, PEM.")
  @Nullable Path certificate;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "Its private key, PEM.")
  @Nullable Path privateKey;

  @Option(
      names = "--workers",
      paramLabel = "DIR",
      split = ",",
      description = "Where workers are installed: <language>/worker.config.json each.")
  List<Path> directories = new ArrayList<>();

  @Option(
      names = "--worker",
      paramLabel = "LANGUAGE[:VERSION][*COUNT]",
      split = ",",
      description = "A worker to run, such as node:20*2; several run apart from each other.")
  List<String> workers = new ArrayList<>();

  @Option(
      names = "--application",
      paramLabel = "DIR",
      description = "Starts workers for the application there, not as placeholders.")
  String application = "";

  @Option(
      names = "--worker-ids",
      paramLabel = "FILE",
      description =
          "Ids that the Runtime issued, one a line, each followed by its launch token where it has"
              + " one; each is used by one worker, once. Keep the file to yourself.")
  @Nullable Path workerIds;

  @Option(
      names = "--credential-file",
      paramLabel = "FILE",
      description =
          "The enrolment credential with which workers ask the Runtime for their ids; default:"
              + " MANYHANDS_CREDENTIAL, MANYHANDS_CREDENTIAL_FILE.")
  @Nullable Path credentialFile;

  @Option(
      names = "--label",
      paramLabel = "NAME=VALUE",
      split = ",",
      description = "Told to the Runtime of each worker.")
  Map<String, String> labels = new LinkedHashMap<>();

  @Option(
      names = "--env",
      paramLabel = "NAME=VALUE",
      description = "A variable of the workers' environment, which is otherwise empty.")
  Map<String, String> environment = new LinkedHashMap<>();

  @Option(
      names = "--inherit-env",
      description = "Workers get the agent's own environment too, without MANYHANDS_*.")
  boolean inheritEnvironment;

  @Option(
      names = "--path",
      paramLabel = "DIRS",
      description = "Where executables are looked for, and the workers' PATH; default: its own.")
  @Nullable String path;

  @Option(
      names = "--work-dir",
      paramLabel = "DIR",
      description = "Holds the workers' private directories; default: in the temporary directory.")
  @Nullable Path workDirectory;

  @Option(
      names = "--restart",
      paramLabel = "WHEN",
      description =
          "never, on-failure or always: when a worker that ended is followed by another, as long"
              + " as there is an id for it. Default: ${DEFAULT-VALUE}",
      defaultValue = "always")
  String restart = "always";

  @Option(
      names = "--patience",
      paramLabel = "TIME",
      description = "How long workers are kept without a Runtime, such as 10m. Default: 10m")
  String patience = "10m";

  @Option(
      names = "--answer-timeout",
      paramLabel = "TIME",
      description =
          "How long a Runtime that was dialled may be silent before the next is. Default: 10s")
  String answerTimeout = "10s";

  @Option(
      names = "--hung-after",
      paramLabel = "TIME",
      description =
          "A worker that says nothing and answers no status request for so long is killed; longer"
              + " than any function computes at a stretch. Default: 10m")
  String hungAfter = "10m";

  @Option(
      names = "--drain",
      paramLabel = "TIME",
      description = "How long calls may go on when the agent is told to end. Default: 30s")
  String drain = "30s";

  @Option(
      names = "--kept-bytes",
      paramLabel = "BYTES",
      description =
          "Answers that each worker keeps for when its Runtime is away; beyond, it is not read."
              + " Default: 32 MiB")
  long keptBytes = 32L << 20;

  @Option(
      names = "--message-bytes",
      paramLabel = "BYTES",
      description = "The largest message, either way. Default: 32 MiB")
  int messageBytes = 32 << 20;

  // What a provisioner gives to any worker, so that an agent can be started as one.

  @Option(names = "--host", hidden = true)
  @Nullable String host;

  @Option(names = "--port", hidden = true)
  int port;

  @Option(
      names = {"--workerId", "--functions-worker-id"},
      hidden = true)
  @Nullable String workerId;

  @Option(
      names = {"--requestId", "--functions-request-id"},
      hidden = true)
  @Nullable String requestId;

  @Option(
      names = {"--grpcMaxMessageLength", "--functions-grpc-max-message-length"},
      hidden = true)
  String officialLength = LARGEST;

  @Option(names = "--functions-uri", hidden = true)
  @Nullable String functionsUri;

  /**
   * Checks everything that can be checked before a worker is started.
   *
   * @throws IllegalArgumentException naming the option, the value and what was expected
   */
  AgentOptions options(Map<String, String> own) {
    return new AgentOptions(
        addresses(),
        tls(own),
        places(own),
        required(directories, "--workers", "a directory of workers"),
        path == null ? own.getOrDefault("PATH", "") : path,
        workDirectory == null ? temporary() : workDirectory,
        restart(),
        new AgentContext.Policy(
            labels,
            time("--patience", patience),
            time("--answer-timeout", answerTimeout),
            time("--hung-after", hungAfter),
            atLeast("--kept-bytes", keptBytes, 0)),
        new AgentOptions.Limits(
            (int) atLeast("--message-bytes", messageBytes, 1 << 16), time("--drain", drain)));
  }

  private List<RuntimeAddress> addresses() {
    List<RuntimeAddress> addresses = new ArrayList<>();
    if (functionsUri != null) {
      addresses.add(RuntimeAddress.parse(functionsUri.replaceFirst("/$", "")));
    } else if (host != null) {
      addresses.add(
          RuntimeAddress.parse(
              "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port));
    }
    runtimes.stream().map(RuntimeAddress::parse).forEach(addresses::add);
    for (RuntimeAddress address : addresses) {
      if (!address.tls() && !plaintext && !address.isLoopback()) {
        throw new IllegalArgumentException(
            "option --runtime: %s is plaintext to another machine (expected: https, or --plaintext"
                    .formatted(address)
                + " where nobody else is on the way)");
      }
    }
    return required(addresses.stream().distinct().toList(), "--runtime", "https://host:port");
  }

  private RuntimeChannels.Tls tls(Map<String, String> own) {
    Path trusted = file(authorities, own, "MANYHANDS_TLS_AUTHORITIES");
    Path shown = file(certificate, own, "MANYHANDS_TLS_CERTIFICATE");
    Path key = file(privateKey, own, "MANYHANDS_TLS_PRIVATE_KEY");
    if ((shown == null) != (key == null)) {
      throw new IllegalArgumentException(
          "options --tls-cert and --tls-key: one is missing (expected: both or none)");
    }
    return new RuntimeChannels.Tls(trusted, shown, key);
  }

  private static @Nullable Path file(
      @Nullable Path option, Map<String, String> own, String variable) {
    String named = own.getOrDefault(variable, "");
    Path file = option == null && !named.isEmpty() ? Path.of(named) : option;
    if (file != null && !Files.isReadable(file)) {
      throw new IllegalArgumentException(
          "file %s cannot be read (expected: a PEM file)".formatted(file));
    }
    return file;
  }

  private List<AgentOptions.Worker> places(Map<String, String> own) {
    required(workers, "--worker", "LANGUAGE, such as node");
    List<WorkerWord> places = new ArrayList<>();
    for (String word : workers) {
      WorkerWord parsed = WorkerWord.parse(word);
      for (int i = 0; i < parsed.count(); i++) {
        places.add(parsed);
      }
    }
    List<List<Passport>> passports =
        new Passports(workerId, workerIds, credentialFile).of(places.size(), own);
    Optional<Path> directory =
        application.isEmpty() ? Optional.empty() : Optional.of(Path.of(application));
    if (directory.isPresent() && !Files.isDirectory(directory.get())) {
      throw new IllegalArgumentException(
          "option --application: %s is no directory".formatted(application));
    }
    Map<String, String> variables = new HashMap<>();
    if (inheritEnvironment) {
      own.forEach(
          (name, value) -> {
            if (!name.startsWith("MANYHANDS_")) {
              variables.put(name, value);
            }
          });
    }
    variables.putAll(environment);
    List<AgentOptions.Worker> all = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      all.add(
          new AgentOptions.Worker(
              places.get(i).language(),
              places.get(i).version(),
              directory,
              passports.get(i),
              variables));
    }
    return all;
  }

  private Place.Restart restart() {
    return switch (restart) {
      case "never" -> Place.Restart.NEVER;
      case "on-failure" -> Place.Restart.ON_FAILURE;
      case "always" -> Place.Restart.ALWAYS;
      default ->
          throw new IllegalArgumentException(
              "option --restart: \"%s\" (expected: never, on-failure or always)"
                  .formatted(restart));
    };
  }

  private static <T> List<T> required(List<T> values, String option, String expected) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException(
          "option %s is missing (expected: %s)".formatted(option, expected));
    }
    return values;
  }

  private static long atLeast(String option, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "option %s: %d (expected: at least %d)".formatted(option, value, least));
    }
    return value;
  }

  private static Duration time(String option, String text) {
    try {
      Duration time = Duration.parse("PT" + text);
      if (time.isNegative()) {
        throw new IllegalArgumentException(
            "option %s: \"%s\" (expected: not less than 0)".formatted(option, text));
      }
      return time;
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "option %s: \"%s\" (expected: a time such as 30s, 10m or 1h)".formatted(option, text), e);
    }
  }

  private static Path temporary() {
    return Path.of(System.getProperty("java.io.tmpdir"))
        .resolve("manyhands-agents-" + System.getProperty("user.name"));
  }
}
