/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of failure stories names tests that exist. */
class FailureStoriesTest {
  private static final Path ROOT = Path.of("..", "..");
  private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| .+ \\| (.+) \\|");
  private static final Pattern TEST = Pattern.compile("`([A-Za-z0-9]+)\\.([A-Za-z0-9]+)`");
  private static final int STORIES = 38;

  /** No test shows these yet; who adds one takes its story out here. */
  private static final Set<Integer> TO_COME = Set.of(35);

  @Test
  void everyStoryHasATestThatExists() throws IOException {
    Map<Integer, List<String>> missing = new HashMap<>();
    List<Integer> told = new ArrayList<>();
    Map<String, String> sources = sources();
    for (String line : Files.readAllLines(ROOT.resolve("docs/failure-stories.md"))) {
      Matcher row = ROW.matcher(line);
      if (!row.matches()) {
        continue;
      }
      int story = Integer.parseInt(row.group(1));
      told.add(story);
      Matcher test = TEST.matcher(row.group(2));
      int named = 0;
      while (test.find()) {
        named++;
        String source = sources.getOrDefault(test.group(1), "");
        if (!source.contains("void " + test.group(2) + "(")) {
          missing.computeIfAbsent(story, key -> new ArrayList<>()).add(test.group());
        }
      }
      assertThat(named).as("tests of story %s", story).isPositive();
    }

    assertThat(missing).as("tests that are named and do not exist").isEmpty();
    assertThat(told)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, STORIES).boxed().filter(n -> !TO_COME.contains(n)).toList());
  }

  /** Source of each test and contract, by the name of its class. */
  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new HashMap<>();
    try (Stream<Path> files = Files.walk(ROOT)) {
      files
          .filter(file -> file.toString().matches(".*(Test|Contract)\\.java"))
          .filter(file -> !file.toString().contains("target/"))
          .forEach(file -> sources.put(name(file), read(file)));
    }
    return sources;
  }

  private static String name(Path file) {
    return file.getFileName().toString().replace(".java", "");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
