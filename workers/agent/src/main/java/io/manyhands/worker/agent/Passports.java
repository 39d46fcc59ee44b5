/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the workers of an agent present (P-LINK-11, P-LINK-12), as options and environment say.
 *
 * @param given the id of the command line that a provisioner gives to any worker; null without it
 * @param ids a file of ids, one a line, each with its launch token where it has one
 * @param credential a file with the launch token of the given id, else with the enrolment
 *     credential of a pool
 */
record Passports(@Nullable String given, @Nullable Path ids, @Nullable Path credential) {
  /** What whoever starts a worker hands on to it; none of it reaches the agent's workers. */
  static final String TOKEN = "MANYHANDS_CREDENTIAL";

  static final String TOKEN_FILE = "MANYHANDS_CREDENTIAL_FILE";

  /** Ids go round the places, so that each has one before any has two. */
  List<List<Passport>> of(int places, Map<String, String> environment) {
    Optional<String> token = token(environment);
    List<Passport> issued = new ArrayList<>();
    if (given != null) {
      issued.add(new Passport(given, token.orElse("")));
    }
    if (ids != null) {
      for (String line : lines("--worker-ids", ids)) {
        String[] words = line.split("\\s+", 2);
        issued.add(new Passport(words[0], words.length > 1 ? words[1] : ""));
      }
    }
    List<List<Passport>> all = new ArrayList<>();
    for (int i = 0; i < places; i++) {
      all.add(new ArrayList<>());
    }
    for (int i = 0; i < issued.size(); i++) {
      all.get(i % places).add(issued.get(i));
    }
    if (given == null && token.isPresent()) {
      all.forEach(of -> of.add(new Passport("", token.get())));
    } else if (issued.size() < places) {
      throw new IllegalArgumentException(
          "%d workers have %d ids (expected: --worker-ids with one each, or --credential-file)"
              .formatted(places, issued.size()));
    }
    return all;
  }

  private Optional<String> token(Map<String, String> environment) {
    String named = environment.getOrDefault(TOKEN_FILE, "");
    Path file = credential == null && !named.isEmpty() ? Path.of(named) : credential;
    if (file == null) {
      return Optional.of(environment.getOrDefault(TOKEN, "").strip())
          .filter(value -> !value.isEmpty());
    }
    List<String> lines = lines("--credential-file", file);
    if (lines.size() != 1) {
      throw new IllegalArgumentException(
          "option --credential-file: %s has %d lines (expected: one)"
              .formatted(file, lines.size()));
    }
    return Optional.of(lines.get(0));
  }

  private static List<String> lines(String option, Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .toList();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "option %s: file %s cannot be read (%s)".formatted(option, file, e), e);
    }
  }
}
