/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.appfiles;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of an application that means harm: each is taken, or refused as such and in time. From
 * seeds; {@code -Dmanyhands.fuzz.seeds=N} runs more.
 */
class AppFilesFuzzTest {
  private static final int SEEDS = Integer.getInteger("manyhands.fuzz.seeds", 150);
  private static final Duration BOUND = Duration.ofMinutes(3);
  private static final String HOST =
      "{\"version\": \"2.0\", \"functionTimeout\": \"00:05:00\", \"extensions\": {\"http\":"
          + " {\"routePrefix\": \"api\", \"maxOutstandingRequests\": 20}}}";
  private static final String FUNCTION =
      "{\"scriptFile\": \"index.js\", \"entryPoint\": \"run\", \"retry\": {\"strategy\":"
          + " \"fixedDelay\", \"maxRetryCount\": 4, \"delayInterval\": \"00:00:10\"},"
          + " \"bindings\": [{\"name\": \"req\", \"type\": \"httpTrigger\", \"direction\":"
          + " \"in\"}]}";
  private static final String[] PIECES = {
    "{",
    "}",
    "[",
    "]",
    "\"",
    ",",
    ":",
    "null",
    "true",
    "-1",
    "1e999",
    "99999999999999999999",
    "\"../../../etc/passwd\"",
    "\"/etc/passwd\"",
    "\u0000",
    "\ud800",
    "\\u0000",
    "//",
    "/*",
    "\"99999999:00:00\"",
    "\"\"",
    "{\"a\":",
    "\uffff",
    "NaN"
  };

  @TempDir Path directory;

  @Test
  void anyTextIsTakenOrRefusedInTime() {
    Assertions.assertTimeoutPreemptively(
        BOUND,
        () -> {
          int taken = 0;
          int refused = 0;
          for (int seed = 0; seed < SEEDS * 20; seed++) {
            Random random = new Random(seed);
            boolean host = random.nextBoolean();
            String text = mutated(host ? HOST : FUNCTION, random);
            try {
              if (host) {
                assertThat(HostJson.parse(text, "host.json")).isNotNull();
              } else {
                assertThat(FunctionJson.binding(text, "function.json")).isNotNull();
              }
              taken++;
            } catch (AppFileException e) {
              refused++;
            } catch (RuntimeException e) {
              throw new AssertionError("seed " + seed + ": " + text, e);
            }
          }
          assertThat(taken).isPositive();
          assertThat(refused).isPositive();
        });
  }

  @Test
  void anyFolderIsScannedOrItsFunctionsProblemSaid() throws Exception {
    Path outside = Files.writeString(directory.resolve("outside"), "a secret");
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      Path app = Files.createDirectories(directory.resolve("app" + seed));
      Path function = Files.createDirectories(app.resolve("f"));
      Files.writeString(app.resolve("index.js"), "");
      Files.write(
          function.resolve("function.json"),
          mutated(FUNCTION, random).getBytes(java.nio.charset.StandardCharsets.UTF_8));
      if (random.nextInt(4) == 0) {
        Files.createSymbolicLink(function.resolve("index.js"), outside);
      } else {
        Files.writeString(function.resolve("index.js"), "");
      }
      try {
        AppDirectory scanned = AppDirectory.scan(app);
        assertThat(scanned.functions().size() + scanned.problems().size())
            .as("seed %d", seed)
            .isLessThanOrEqualTo(1);
      } catch (AppFileException e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    }
  }

  @Test
  void deepAndGiantFilesAreRefused() {
    for (String text :
        new String[] {
          "[".repeat(1_000_000), "{\"a\":".repeat(200_000), "\"" + "x".repeat(30_000_000)
        }) {
      Assertions.assertThrows(AppFileException.class, () -> HostJson.parse(text, "host.json"));
    }
  }

  private static String mutated(String valid, Random random) {
    StringBuilder text = new StringBuilder(valid);
    for (int i = random.nextInt(4); i > 0; i--) {
      int at = random.nextInt(text.length() + 1);
      switch (random.nextInt(3)) {
        case 0 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
        case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(20)));
        default -> text.insert(at, text.substring(0, at));
      }
    }
    return text.toString();
  }
}
